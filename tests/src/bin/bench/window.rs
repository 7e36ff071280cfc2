//! The window with ten years in it, against an empty window of the same shell and against the program the clerk has now.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::{Outcome, line, ms};

const RUNS: usize = 5;
const PATIENCE: Duration = Duration::from_secs(120);
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// From the start of the process to the first page, drawn with its data; and the memory of all its processes then.
pub fn window(ledger: &Path, household_book: &Path, folder: &Path) -> Outcome {
    let Some(desktop) = std::env::var_os("LIANHU_DESKTOP").map(PathBuf::from) else {
        println!("(the window is measured by `cargo xtask bench`, which builds it)");
        return Ok(());
    };
    let empty = desktop.with_file_name("examples").join("empty");
    let (mut ours, mut floors, mut calcs) = (Vec::new(), Vec::new(), Vec::new());
    for run in 0..RUNS {
        ours.push(our_window(&desktop, ledger, &folder.join(format!("window-{run}")))?);
        floors.push(empty_window(&empty, &folder.join(format!("empty-{run}.txt")))?);
        if run < 2 {
            calcs.push(calc(household_book, &folder.join(format!("calc-{run}")))?);
        }
    }
    let [ours, floor, calc] = [ours, floors, calcs].map(middle);
    line("window: start to home with ten years / empty window", ours.0, Some(floor.0), "ms", "1.5");
    line("window: start to home / LibreOffice with the households", ours.0, Some(calc.0), "ms", "0.5");
    line("window: memory of all processes / empty window", ours.1, Some(floor.1), "MiB", "");
    line("window: memory / LibreOffice with the households", ours.1, Some(calc.1), "MiB", "");
    Ok(())
}

type Cost = (f64, f64);

fn middle(mut costs: Vec<Cost>) -> Cost {
    costs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut memory: Vec<f64> = costs.iter().map(|c| c.1).collect();
    memory.sort_by(f64::total_cmp);
    (costs[costs.len() / 2].0, memory[memory.len() / 2])
}

fn our_window(desktop: &Path, ledger: &Path, data: &Path) -> Outcome<Cost> {
    let mut command = Command::new(desktop);
    command.arg("--data").arg(data).args(["--at", "2036-11-20T20:00"]).arg(ledger);
    let log = data.join("lianhu.log");
    until_ready(&mut command, || std::fs::read_to_string(&log).is_ok_and(|log| log.contains("the first page is drawn")))
}

fn empty_window(empty: &Path, said: &Path) -> Outcome<Cost> {
    let mut command = Command::new(empty);
    command.stdout(std::fs::File::create(said)?);
    until_ready(&mut command, || std::fs::read_to_string(said).is_ok_and(|said| said.contains("ready")))
}

/// Calc is ready when its window bears the book's name.
fn calc(book: &Path, profile: &Path) -> Outcome<Cost> {
    // The first start makes a profile; the clerk's has long been made.
    calc_once(book, profile, "first")?;
    calc_once(book, profile, "second")
}

/// A copy of its own each time: Calc leaves a lock beside the book when it is killed, and would ask about it.
fn calc_once(book: &Path, profile: &Path, copy: &str) -> Outcome<Cost> {
    let folder = profile.with_extension(copy);
    std::fs::create_dir_all(&folder)?;
    let copied = folder.join(book.file_name().unwrap_or_default());
    std::fs::copy(book, &copied)?;
    let mut command = Command::new("soffice");
    command.arg(format!("-env:UserInstallation=file://{}", profile.display()));
    command.args(["--norestore", "--nologo", "--calc"]).arg(&copied);
    let name = book.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    until_ready(&mut command, || {
        let found = Command::new("xdotool").args(["search", "--onlyvisible", "--name", &name]).output();
        found.is_ok_and(|found| !found.stdout.is_empty())
    })
}

fn until_ready(command: &mut Command, ready: impl Fn() -> bool) -> Outcome<Cost> {
    let begun = Instant::now();
    let mut child = command.stderr(Stdio::null()).spawn()?;
    while !ready() {
        if begun.elapsed() > PATIENCE {
            end(&mut child);
            return Err(format!("no window of {command:?} within {} s", PATIENCE.as_secs()).into());
        }
        std::thread::sleep(LOOK_EVERY);
    }
    let took = begun.elapsed();
    let memory = family(child.id()).into_iter().map(memory_of).sum::<f64>();
    end(&mut child);
    Ok((ms(took), memory))
}

fn end(child: &mut Child) {
    for pid in family(child.id()).into_iter().rev() {
        let _ = Command::new("kill").args(["-9", &pid.to_string()]).stderr(Stdio::null()).status();
    }
    let _ = child.wait();
}

/// A process and all that it started, from whichever of its threads.
fn family(pid: u32) -> Vec<u32> {
    let threads = std::fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let children: String =
        threads.filter_map(|thread| std::fs::read_to_string(thread.path().join("children")).ok()).collect();
    let children: Vec<u32> = children.split_whitespace().filter_map(|pid| pid.parse().ok()).collect();
    std::iter::once(pid).chain(children.into_iter().flat_map(family)).collect()
}

/// Its share of memory (PSS) in MiB: what two of them share is counted once.
fn memory_of(pid: u32) -> f64 {
    let rollup = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    let kib =
        rollup.lines().find_map(|l| l.strip_prefix("Pss:")?.trim().strip_suffix(" kB")?.trim().parse::<f64>().ok());
    kib.unwrap_or(0.0) / 1024.0
}
