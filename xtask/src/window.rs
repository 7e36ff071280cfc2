//! `cargo xtask run` — the window, on the sample village or on a ledger of yours. Where there is no screen, the month
//! is done in it by a driver, and the pictures and files of it are left to be looked at.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::screen::{self, Screen};
use crate::step::{Done, cargo, program, said, step, target, works};
use crate::{need, ui};

/// The programs that the checks of the window need, built together and once.
pub struct Programs {
    /// The window itself.
    pub desktop: PathBuf,
    /// The same commands for a browser: the second host, of the tests.
    pub host: PathBuf,
    /// The township's server, and the command line that speaks to it.
    pub township: PathBuf,
    pub lianhu: PathBuf,
}

impl Programs {
    /// Builds whatever the tests will use, in the one choice of features in which they use it.
    pub fn build(tests: &[&str]) -> Done<Programs> {
        ui::build()?;
        step("build", cargo().args(["build", "--quiet", "--workspace", "--bins"]).args(tests))?;
        let folder = target().join("debug");
        Ok(Programs {
            desktop: program(&folder, "lianhu-desktop"),
            host: program(&folder, "host"),
            township: program(&folder, "lianhu-township"),
            lianhu: program(&folder, "lianhu"),
        })
    }

    /// The tests find them, and where to leave pictures, through their environment.
    pub fn lend(&self, command: &mut Command, pictures: &Path) {
        command.env("LIANHU_DESKTOP", &self.desktop).env("LIANHU_HOST", &self.host).env("LIANHU_PICTURES", pictures);
        command.env("LIANHU_TOWNSHIP", &self.township).env("LIANHU_CLI", &self.lianhu);
    }
}

pub fn run(args: &[String]) -> Done {
    if let Some(unknown) = args.iter().find(|arg| arg.starts_with('-') && *arg != "--headless") {
        return Err(format!("run does not know {unknown}"));
    }
    let ledger = args.iter().find(|arg| !arg.starts_with('-'));
    let headless = args.iter().any(|arg| arg == "--headless") || !screen::is_here();
    match (headless, ledger) {
        (false, _) => open(ledger),
        (true, None) => month(),
        (true, Some(ledger)) => Err(format!(
            "there is no screen to show {ledger} on; `cargo xtask month {ledger}` prints its month without a window"
        )),
    }
}

/// Opens the window and waits until it is closed.
fn open(ledger: Option<&String>) -> Done {
    need::install(need::For::Run)?;
    let programs = Programs::build(&["--test", "window"])?;
    let data = target().join("village");
    let mut window = Command::new(programs.desktop);
    window.arg("--data").arg(&data);
    match ledger {
        Some(ledger) => window.arg(ledger),
        None => window.arg("--sample"),
    };
    println!("\n$ {}\n── What is done in it stays in {}", said(&window), data.display());
    step("the window", &mut window)
}

/// The clerk's month in the real window, on a screen nobody sees.
fn month() -> Done {
    need::install(need::For::Check)?;
    let programs = Programs::build(&["--test", "window"])?;
    let pictures = pictures("month")?;
    let screen = Screen::open()?;
    let mut driver = tests(&["--test", "window", "month"]);
    programs.lend(&mut driver, &pictures);
    screen.lend(&mut driver);
    step("a month in the window, by driver", &mut driver)?;
    println!("\n✓ {} lie in {}", counted(&pictures)?, pictures.display());
    Ok(())
}

/// One process a test where cargo-nextest is on the machine, cargo's own runner where it is not.
pub fn tests(which: &[&str]) -> Command {
    let mut run = cargo();
    match works(cargo().args(["nextest", "--version"])) {
        true => run.args(["nextest", "run", "--workspace", "--no-fail-fast", "--status-level", "slow"]),
        false => run.args(["test", "--workspace", "--no-fail-fast"]),
    };
    run.args(which);
    run
}

/// An empty folder for what a run shows; the next run of the same kind empties it again.
pub fn pictures(of: &str) -> Done<PathBuf> {
    let folder = target().join("pictures").join(of);
    let emptied = if folder.exists() { std::fs::remove_dir_all(&folder) } else { Ok(()) };
    emptied.and_then(|()| std::fs::create_dir_all(&folder)).map_err(|e| format!("{}: {e}", folder.display()))?;
    Ok(folder)
}

/// How many pictures and other files lie there.
pub fn counted(folder: &Path) -> Done<String> {
    let (mut pictures, mut others, mut folders) = (0, 0, vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        let inside = std::fs::read_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        for path in inside.filter_map(|entry| Some(entry.ok()?.path())) {
            match path.extension() {
                _ if path.is_dir() => folders.push(path),
                Some(kind) if kind == "png" => pictures += 1,
                _ => others += 1,
            }
        }
    }
    Ok(format!("{pictures} pictures and {others} other files"))
}
