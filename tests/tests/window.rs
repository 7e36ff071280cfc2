//! The real window, by keyboard: a clerk's evening and what lies on the disk afterwards. Run by `cargo xtask test`, which
//! builds the window and gives it a screen.

#[path = "window/driver.rs"]
mod driver;
#[path = "window/exchange.rs"]
mod exchange;
#[path = "window/month.rs"]
mod month;
#[path = "window/stars.rs"]
mod stars;

use std::process::Command;
use std::time::{Duration, Instant};

use driver::Window;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

#[tokio::test]
async fn a_page_whose_engine_dies_comes_back_with_what_was_typed() {
    let dir = folder();
    let mut window = Window::open(dir.path(), &["--sample"]).await;
    window.goes_to("/visits").await;
    window.fills("note", "同去的有李会计").await;
    window.sees("草稿已自动存在这台电脑").await;
    let log = dir.path().join("data/lianhu.log");
    let drawn = || std::fs::read_to_string(&log).unwrap_or_default().matches("the first page is drawn").count();
    let before = drawn();
    window.kills_the_engine();
    // The driver loses its page with the engine; the window's own log says that it stands again.
    let begun = Instant::now();
    while drawn() == before {
        assert!(begun.elapsed() < Duration::from_secs(120), "the page did not come back");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    window.abandon();
    let mut window = Window::open(dir.path(), &[]).await;
    window.goes_to("/visits").await;
    window.sees("接着上次没写完的").await;
    window.until("document.querySelector('[name=note]').value === '同去的有李会计'").await;
    window.close().await;
}

#[tokio::test]
async fn the_page_may_do_nothing_but_ask_our_commands() {
    let dir = folder();
    let mut window = Window::open(dir.path(), &["--sample"]).await;
    // What the isolation frame holds back is never answered; what it lets pass is refused.
    let refused = "const done = arguments[0]; const never = () => new Promise((give) => setTimeout(() => give(''), 2000));
        const ask = (cmd) => Promise.race([never(), window.__TAURI_INTERNALS__.invoke(cmd, {}).then(() => cmd, () => '')]);
        Promise.all([ask('plugin:window|title'), ask('plugin:dialog|open'), ask('plugin:shell|open'),
        ask('no_such_command')]).then((answers) => done(answers.join('')))";
    assert_eq!(window.asks(refused).await, serde_json::json!(""));
    let elsewhere =
        "const done = arguments[0]; fetch('http://127.0.0.1:1/').then(() => done('went'), () => done('held back'))";
    assert_eq!(window.asks(elsewhere).await, serde_json::json!("held back"));
    let evaluated = "try { return new Function('return 1')() } catch (e) { return e.name }";
    assert_eq!(window.ask(evaluated).await, serde_json::json!("EvalError"));
    window.close().await;
}

#[tokio::test]
async fn two_windows_do_not_work_in_one_folder() {
    let dir = folder();
    let window = Window::open(dir.path(), &["--sample"]).await;
    let mut second = Command::new(driver::program("LIANHU_DESKTOP", "lianhu-desktop"))
        .arg("--data")
        .arg(dir.path().join("data"))
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the window is built");
    let said = driver::first_line(second.stderr.take().expect("it may speak"));
    assert!(said.contains("另一个窗口"), "{said}");
    let _ = second.kill();
    let _ = second.wait();
    window.close().await;
}
