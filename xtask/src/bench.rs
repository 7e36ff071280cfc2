//! `cargo xtask bench` — the measurements, in the build that is shipped.

use crate::screen::Screen;
use crate::step::{Done, cargo, program, step, target};
use crate::{need, ui};

pub fn run(args: &[String]) -> Done {
    need::install(need::For::Check)?;
    ui::build()?;
    step("build the window", cargo().args(["build", "--release", "--locked", "--package", "lianhu-window"]))?;
    let screen = Screen::open()?;
    let mut bench = cargo();
    bench.args(["run", "--release", "--package", "lianhu-tests", "--bin", "bench", "--"]).args(args);
    bench.env("LIANHU_DESKTOP", program(&target().join("release"), "lianhu-desktop"));
    screen.lend(&mut bench);
    step("bench", &mut bench)
}
