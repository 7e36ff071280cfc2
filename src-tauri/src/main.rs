//! 联户 — the window. It shows the pages, hands their questions to the desk, and lends them what only a window has:
//! choosing a file, showing a folder, a menu with the keys. What the village keeps is the desk's business.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod args;
mod commands;
mod logs;
mod menu;
mod watch;
mod window;

use std::process::ExitCode;

use clap::Parser;

use args::Args;

/// A workbook is read in a child of ours that may use this much memory and no more; elsewhere there is no limit.
#[global_allocator]
static MEMORY: cap::Cap<std::alloc::System> = cap::Cap::new(std::alloc::System, usize::MAX);

fn main() -> ExitCode {
    if lianhu_desk::read_workbook(std::env::args_os(), |bytes| MEMORY.set_limit(bytes).is_ok()) {
        return ExitCode::SUCCESS;
    }
    let args = Args::parse();
    match window::run(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}
