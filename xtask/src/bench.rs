//! `cargo xtask bench` — the measurements, in the build that is shipped.

use crate::screen::Screen;
use crate::step::{Done, cargo, program, step, target};
use crate::{need, ui};

pub fn run(args: &[String]) -> Done {
    need::install(need::For::Check)?;
    ui::build()?;
    step(
        "build the window",
        cargo().args(["build", "--release", "--locked", "--package", "lianhu-window", "--bins", "--examples"]),
    )?;
    let screen = Screen::open()?;
    let mut bench = cargo();
    bench.args(["run", "--release", "--package", "lianhu-tests", "--bin", "bench", "--"]).args(args);
    bench.env("LIANHU_DESKTOP", program(&target().join("release"), "lianhu-desktop"));
    screen.lend(&mut bench);
    step("bench", &mut bench)?;
    pages()
}

/// The pages over the ten years that the bench has left behind.
fn pages() -> Done {
    step("build the host", cargo().args(["build", "--release", "--package", "lianhu-tests", "--bin", "host"]))?;
    let mut pages = std::process::Command::new("node");
    pages.current_dir(ui::ui().join("tests")).arg("bench.mjs").arg(target().join("bench/ten-years.lianhu"));
    pages.env("LIANHU_HOST", program(&target().join("release"), "host"));
    step("the pages with ten years", &mut pages)
}
