//! A month of a person who has never seen the program: the ledgers come in, an evening's visits, the mass meeting, and
//! the report's files, opened by somebody else's program.

use std::path::Path;
use std::process::Command;

use crate::driver::{Window, house, pictures};

#[tokio::test]
async fn month() {
    let dir = tempfile::tempdir().expect("a folder");
    let desktop = dir.path().join("Desktop");
    std::fs::create_dir_all(&desktop).expect("a folder");
    for book in books() {
        std::fs::copy(&book, desktop.join(book.file_name().expect("a name"))).expect("a copy");
    }
    // Where the desktop lies is the system's own setting.
    std::fs::create_dir_all(dir.path().join(".config")).expect("a folder");
    std::fs::write(dir.path().join(".config/user-dirs.dirs"), "XDG_DESKTOP_DIR=\"$HOME/Desktop\"\n").expect("written");
    let mut window = Window::open(dir.path(), &[]).await;
    let first = first_start(&mut window).await;
    window.goes_to("/").await;
    window.sees("件事").await;
    window.picture("home");
    let visits = visits(&mut window).await;
    let meeting = meeting(&mut window).await;
    let report = report(&mut window, dir.path()).await;
    println!("keys: first start and seven books {first}, eight visits {visits}, meeting {meeting}, report {report}");
    window.close().await;
}

fn books() -> Vec<std::path::PathBuf> {
    let sample = std::fs::read_dir(house().join("assets/sample")).expect("the sample is here");
    let mut books: Vec<_> = sample.filter_map(|file| Some(file.ok()?.path())).collect();
    books.retain(|path| path.extension().is_some_and(|ending| ending == "xlsx"));
    books.sort();
    books
}

/// An evening's sheet: eight households of whoever looks after most of them.
async fn visits(window: &mut Window) -> usize {
    let helper =
        "const done = arguments[0]; const call = (cmd, ask) => window.__TAURI_INTERNALS__.invoke(cmd, { ask });
        call('record_list', { kind: 'pairing' }).then(async (pairings) => {
          const counts = new Map();
          for (const one of pairings) counts.set(one.helper, (counts.get(one.helper) ?? 0) + 1);
          const [most] = [...counts].sort((a, b) => b[1] - a[1])[0];
          done((await call('record_get', { kind: 'person', id: most })).name);
        })";
    let helper = window.asks(helper).await.as_str().expect("a name").to_owned();
    window.goes_to("/visits/batch").await;
    let before = window.keys;
    window.fills("visitor", &helper).await;
    window.until("document.querySelector('[role=option]')").await;
    window.press(&["Enter"]).await;
    window.until("document.querySelectorAll('[data-cell$=\"-0\"]').length >= 8").await;
    window.ask("document.querySelector('[data-cell=\"0-0\"]').focus()").await;
    for _ in 0..8 {
        window.types("18").await;
        window.presses(&["Right", "Space", "Left", "Down"]).await;
    }
    window.picture("visits-sheet");
    window.press(&["Control", "s"]).await;
    window.sees("8 次走访已保存").await;
    let keys = window.keys - before;
    window.goes_to("/visits").await;
    window.sees("本月已录 8 次").await;
    window.picture("visits");
    keys
}

/// 到会、四述、四评、问题、纪要.
async fn meeting(window: &mut Window) -> usize {
    window.goes_to("/meetings").await;
    let before = window.keys;
    window.press(&["Alt", "n"]).await;
    window.until("document.activeElement?.name === 'kind'").await;
    window.press(&["Control", "s"]).await;
    window.until("document.activeElement?.name === 'family'").await;
    for _ in 0..4 {
        window.press(&["Shift", "Tab"]).await;
    }
    window.until("document.activeElement?.name === 'present'").await;
    window.types("46").await;
    window.press(&["Alt", "Right"]).await;
    window.until("document.activeElement?.name === 'speaker1'").await;
    window.press(&["Alt", "Right"]).await;
    for (row, numbers) in [&[41, 4, 1][..], &[40, 6], &[42, 4], &[38, 5, 3]].iter().enumerate() {
        ballots(window, row + 1, numbers).await;
    }
    window
        .until("[...document.querySelectorAll('.lamp')].filter((l) => l.textContent.includes('已核对')).length === 4")
        .await;
    window.picture("meeting-tallies");
    window.press(&["Alt", "Right"]).await;
    window.until("document.activeElement?.name === 'text'").await;
    window.types("路灯不亮").await;
    window.press(&["Control", "Enter"]).await;
    window.sees("已存：路灯不亮").await;
    window.presses_with("Alt", &["Right", "Right"]).await;
    window.sees("打印纪要").await;
    window.picture("meeting-minutes");
    window.keys - before
}

async fn ballots(window: &mut Window, row: usize, numbers: &[u32]) {
    for (at, n) in numbers.iter().enumerate() {
        window.until(&format!("document.activeElement?.name === 'grade{row}-{at}'")).await;
        window.types(&n.to_string()).await;
        window.press(&["Enter"]).await;
    }
    for _ in numbers.len()..5 {
        window.press(&["Enter"]).await;
    }
}

/// The files of the month's report, opened by LibreOffice.
async fn report(window: &mut Window, dir: &Path) -> usize {
    window.goes_to("/month?month=2026-11").await;
    window.until("document.querySelector('.preview img')").await;
    window.picture("month");
    let before = window.keys;
    window.press(&["Control", "e"]).await;
    window.until("document.querySelector('[role=dialog]')").await;
    window.clicks("导出").await;
    window.sees("已导出 3 个文件").await;
    let keys = window.keys - before + window.clicks;
    window.picture("month-exported");
    let papers = dir.join("data/联户文件");
    for ending in ["docx", "xlsx", "pdf"] {
        let found = files(&papers).into_iter().find(|path| path.extension().is_some_and(|e| e == ending));
        let found = found.unwrap_or_else(|| panic!("no .{ending} in {}", papers.display()));
        std::fs::create_dir_all(pictures()).expect("a folder");
        std::fs::copy(&found, pictures().join(found.file_name().expect("a name"))).expect("a copy");
        if ending != "pdf" {
            opened_elsewhere(&found, dir);
        }
    }
    keys
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    entries.filter_map(|entry| Some(entry.ok()?.path())).collect()
}

fn opened_elsewhere(paper: &Path, dir: &Path) {
    let out = dir.join("opened");
    let profile = format!("-env:UserInstallation=file://{}", dir.join("office").display());
    let done = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", "pdf", "--outdir"])
        .arg(&out)
        .arg(paper)
        .output()
        .expect("LibreOffice is installed: `cargo xtask test` sees to it");
    let stem = paper.file_stem().expect("a name").to_string_lossy().into_owned();
    assert!(out.join(format!("{stem}.pdf")).exists(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// A village, its clerk, and the seven books found on the desktop.
async fn first_start(window: &mut Window) -> usize {
    window.picture("start");
    let before = window.keys + window.clicks;
    window.clicks("从 Excel 表格开始").await;
    window.until("document.activeElement?.name === 'village'").await;
    window.types("禾坪村").await;
    window.press(&["Enter"]).await;
    window.until("document.activeElement?.name === 'user'").await;
    window.types("王文书").await;
    window.clicks("新建，去选表格").await;
    window.sees("农户台账.xlsx").await;
    window.clicks_on("thead input[type=checkbox]").await;
    window.picture("import-files");
    window.press(&["Alt", "Right"]).await;
    window.sees("栏都对上了").await;
    window.press(&["Alt", "Right"]).await;
    window.sees("处已自动整理").await;
    window.picture("import-check");
    window.press(&["Alt", "Right"]).await;
    window.sees("开始导入").await;
    window.picture("import-write");
    window.press(&["Alt", "Right"]).await;
    window.sees("看家庭户").await;
    window.keys + window.clicks - before
}
