//! Whatever a clerk hands over: a book or one clear refusal, and a book is understood or refused, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use lianhu_import::{read_bytes, understand};

fuzz_target!(|bytes: &[u8]| {
    let Ok(book) = read_bytes("台账.xlsx", bytes) else { return };
    let _ = understand(&book);
});
