//! What the program says, on its output.
#![expect(clippy::print_stdout, reason = "a command line speaks on its output")]

use lianhu_ledger::text::{Lang, say};
use serde::Serialize;

#[derive(Clone, Copy)]
pub struct Output {
    pub lang: Lang,
}

impl Output {
    pub fn line(self, text: &str) {
        println!("{text}");
    }

    pub fn say(self, key: &str, details: &[(&str, &str)]) {
        println!("{}", say(self.lang, key, details));
    }

    pub fn json(self, what: &impl Serialize) {
        println!("{}", serde_json::to_string(what).expect("what is of ours can be written"));
    }
}
