//! `cargo xtask bench` — the measurements, in the build that is shipped.

use crate::screen::Screen;
use crate::step::{Done, cargo, program, root, step, target};
use crate::{need, ui};

pub fn run(args: &[String]) -> Done {
    need::install(need::For::Bench)?;
    ui::build()?;
    // All of it at once: built apart, each would have what they share built anew for its own choice of features.
    let packages = ["--package", "lianhu-window", "--package", "lianhu-tests"];
    let parts = ["--bins", "--examples"];
    step("build", cargo().args(["build", "--release", "--locked"]).args(packages).args(parts))?;
    let built = target().join("release");
    let screen = Screen::open()?;
    let mut bench = std::process::Command::new(program(&built, "bench"));
    bench.current_dir(root()).args(args).env("LIANHU_DESKTOP", program(&built, "lianhu-desktop"));
    screen.lend(&mut bench);
    step("bench", &mut bench)?;
    pages()
}

/// The pages over the ten years that the bench has left behind.
fn pages() -> Done {
    let mut pages = std::process::Command::new("node");
    pages.current_dir(ui::ui().join("tests")).arg("bench.mjs").arg(target().join("bench/ten-years.lianhu"));
    pages.env("LIANHU_HOST", program(&target().join("release"), "host"));
    step("the pages with ten years", &mut pages)
}
