//! A hand on the real window: WebKit's own driver presses its keys, and a picture is taken of the screen it stands on.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value as Json, json};

/// A step of a loaded machine; nothing here waits that long when all is well.
const PATIENCE: Duration = Duration::from_secs(60);

/// The evening on which the clerk of every story sits down.
pub const EVENING: &str = "2026-11-20T20:00";

/// The window, open, with what was done to it counted.
pub struct Window {
    page: Client,
    driver: Child,
    /// Keys pressed and places clicked: what the month costs a clerk.
    pub keys: usize,
    pub clicks: usize,
}

impl Window {
    pub async fn open(data: &Path, args: &[&str]) -> Window {
        let port = free_port();
        let log = std::fs::File::create(data.join("driver.log")).expect("the folder is writable");
        let driver = Command::new("WebKitWebDriver")
            .args([format!("--port={port}"), "--host=127.0.0.1".to_owned()])
            .envs([("TAURI_WEBVIEW_AUTOMATION", "true"), ("WEBKIT_DISABLE_DMABUF_RENDERER", "1")])
            .env("HOME", data)
            .env_remove("XDG_CONFIG_HOME")
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("WebKitWebDriver is installed: `cargo xtask test` sees to it");
        let mut given = vec!["--data".to_owned(), data.join("data").display().to_string()];
        given.extend(["--at".to_owned(), EVENING.to_owned()]);
        given.extend(args.iter().map(|arg| (*arg).to_owned()));
        let options = json!({ "binary": program("LIANHU_DESKTOP", "lianhu-desktop"), "args": given });
        let wanted = json!({ "webkitgtk:browserOptions": options });
        let wanted = wanted.as_object().expect("an object").clone();
        let page = session(port, wanted).await;
        let mut window = Window { page, driver, keys: 0, clicks: 0 };
        window.until("document.querySelector('h1') !== null").await;
        window
    }

    pub async fn ask(&mut self, script: &str) -> Json {
        self.page.execute(script, vec![]).await.expect("the page answers")
    }

    /// A script that ends by calling the function it is given.
    pub async fn asks(&mut self, script: &str) -> Json {
        self.page.execute_async(script, vec![]).await.expect("the page answers")
    }

    /// Waits until a condition of the page holds.
    pub async fn until(&mut self, condition: &str) {
        let begun = Instant::now();
        loop {
            if self.ask(&format!("return Boolean({condition})")).await == json!(true) {
                return;
            }
            if begun.elapsed() > PATIENCE {
                let shown = self.ask("return location.hash + ' ' + document.body.innerText.slice(0, 1500)").await;
                panic!("waited in vain for {condition}; the page shows {shown}");
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until these words stand on the page.
    pub async fn sees(&mut self, words: &str) {
        self.until(&format!("document.body.innerText.includes({})", json!(words))).await;
    }

    pub async fn goes_to(&mut self, hash: &str) {
        self.ask(&format!("location.hash = {}", json!(hash))).await;
        self.until(&format!("location.hash === {} && document.querySelector('h1')", json!(format!("#{hash}")))).await;
    }

    /// Presses one key, with others held: `["Control", "s"]`.
    pub async fn press(&mut self, keys: &[&str]) {
        self.keys += 1;
        let (last, held) = keys.split_last().expect("a key");
        let mut actions = KeyActions::new("hand".to_owned());
        for key in held {
            actions = actions.then(KeyAction::Down { value: code(key) });
        }
        actions = actions.then(KeyAction::Down { value: code(last) }).then(KeyAction::Up { value: code(last) });
        for key in held.iter().rev() {
            actions = actions.then(KeyAction::Up { value: code(key) });
        }
        self.page.perform_actions(actions).await.expect("the key is pressed");
    }

    pub async fn presses_with(&mut self, held: &str, keys: &[&str]) {
        for key in keys {
            self.press(&[held, key]).await;
        }
    }

    pub async fn presses(&mut self, keys: &[&str]) {
        for key in keys {
            self.press(&[key]).await;
        }
    }

    /// Types into whatever has the focus. Letters count as the keys they are; a Chinese word as what an input method
    /// takes for it is not known here, so each character counts as two.
    pub async fn types(&mut self, text: &str) {
        let focused = self.page.active_element().await.expect("something has the focus");
        focused.send_keys(text).await.expect("the text is typed");
        self.keys += text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
    }

    /// Types into the field of that name, in place of what stands there.
    pub async fn fills(&mut self, name: &str, text: &str) {
        self.until(&format!("document.querySelector('[name={name}]')")).await;
        self.ask(&format!("const f = document.querySelector('[name={name}]'); f.focus(); f.select?.()")).await;
        self.types(text).await;
    }

    /// Clicks the button or link with exactly these words, a printed key left out.
    pub async fn clicks(&mut self, words: &str) {
        self.clicks += 1;
        let found = format!(
            "[...(document.querySelector('[role=dialog]') ?? document).querySelectorAll('button, a[href], label')].find((el) => \
             el.getClientRects().length > 0 && (el.querySelector('.words') ?? el).textContent.trim().startsWith({}))",
            json!(words)
        );
        self.until(&found).await;
        self.ask(&format!(
            "const el = {found}; el.setAttribute('data-hand', ''); el.scrollIntoView({{ block: 'center' }})"
        ))
        .await;
        let target = self.page.find(Locator::Css("[data-hand]")).await.expect("it was just marked");
        self.ask("document.querySelector('[data-hand]').removeAttribute('data-hand')").await;
        target.click().await.expect("it can be clicked");
    }

    /// Clicks what a selector names: a box that has no words of its own.
    pub async fn clicks_on(&mut self, selector: &str) {
        self.clicks += 1;
        let target = self.page.find(Locator::Css(selector)).await.expect("it is there");
        target.click().await.expect("it can be clicked");
    }

    /// A picture of the screen as a person at it would see it.
    pub fn picture(&self, name: &str) {
        let folder = pictures();
        std::fs::create_dir_all(&folder).expect("the folder of pictures is writable");
        let shot = Command::new("import").args(["-window", "root"]).arg(folder.join(format!("{name}.png"))).status();
        assert!(shot.expect("ImageMagick is installed: `cargo xtask test` sees to it").success());
    }

    /// What a driver's fault or an empty memory does to a page.
    pub fn kills_the_engine(&self) {
        for pid in family(self.driver.id()) {
            let name = std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
            if name.starts_with("WebKitWebProces") {
                let _ = Command::new("kill").args(["-9", &pid.to_string()]).status();
            }
        }
    }

    /// Ends it as a power cut would.
    pub fn abandon(mut self) {
        for pid in family(self.driver.id()).into_iter().rev() {
            let _ = Command::new("kill").args(["-9", &pid.to_string()]).stderr(Stdio::null()).status();
        }
        let _ = self.driver.wait();
    }

    pub async fn close(mut self) {
        let _ = self.page.clone().close().await;
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// The driver needs a moment before it listens.
async fn session(port: u16, wanted: serde_json::Map<String, Json>) -> Client {
    let begun = Instant::now();
    loop {
        let mut builder = ClientBuilder::new(HttpConnector::new());
        match builder.capabilities(wanted.clone()).connect(&format!("http://127.0.0.1:{port}")).await {
            Ok(page) => return page,
            Err(e) if begun.elapsed() > PATIENCE => panic!("the window did not open: {e}"),
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}

fn code(key: &str) -> char {
    match key {
        "Enter" => '\u{E007}',
        "Tab" => '\u{E004}',
        "Escape" => '\u{E00C}',
        "Space" => ' ',
        "Down" => '\u{E015}',
        "Up" => '\u{E013}',
        "Right" => '\u{E014}',
        "Left" => '\u{E012}',
        "Control" => '\u{E009}',
        "Alt" => '\u{E00A}',
        "Shift" => '\u{E008}',
        letter => letter.chars().next().expect("a key has a name"),
    }
}

/// A process and all that it started.
fn family(pid: u32) -> Vec<u32> {
    let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    let children: Vec<u32> = children.split_whitespace().filter_map(|pid| pid.parse().ok()).collect();
    std::iter::once(pid).chain(children.into_iter().flat_map(family)).collect()
}

pub fn first_line(out: impl std::io::Read) -> String {
    use std::io::BufRead;
    let mut line = String::new();
    let _ = std::io::BufReader::new(out).read_line(&mut line);
    line
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
    listener.local_addr().expect("it listens").port()
}

pub fn house() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie in the house").to_owned()
}

/// A built program: where the house's own command says, else where cargo puts it.
pub fn program(variable: &str, name: &str) -> PathBuf {
    let built = house().join("target/debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    std::env::var_os(variable).map_or(built, PathBuf::from)
}

pub fn pictures() -> PathBuf {
    std::env::var_os("LIANHU_PICTURES").map_or_else(|| house().join("target/pictures/window"), PathBuf::from)
}
