//! The secretary's evening with the township, in the real window: the code typed in, everything reported by itself, the
//! line cut and mended, and a phone number that somebody else changed too.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value as Json;

use crate::driver::{Window, program};

const VILLAGE: &str = "990101102207";

/// The real server on a port of this computer.
struct Township {
    data: PathBuf,
    port: u16,
    serving: Option<Child>,
}

impl Township {
    fn found(dir: &Path) -> Township {
        let mut township = Township { data: dir.join("township"), port: 0, serving: None };
        township.run(&["init", "--name", "松河镇", "--address", "127.0.0.1:0"]);
        township.run(&["village", "add", VILLAGE, "禾坪村"]);
        township.serve();
        township
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(program("LIANHU_TOWNSHIP", "lianhu-township"));
        command.arg("--data").arg(&self.data).args(args);
        command
    }

    fn run(&self, args: &[&str]) -> String {
        let out = self.command(args).output().expect("the township's program is built");
        assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8_lossy(&out.stdout).into_owned()
    }

    fn serve(&mut self) {
        let listen = format!("127.0.0.1:{}", self.port);
        let mut serving =
            self.command(&["serve", "--listen", &listen]).stdout(Stdio::piped()).spawn().expect("it starts");
        let mut line = String::new();
        BufReader::new(serving.stdout.take().expect("it speaks")).read_line(&mut line).expect("it says where");
        let port = line.trim().rsplit(':').next().and_then(|port| port.parse().ok());
        self.port = port.unwrap_or_else(|| panic!("no port in {line:?}"));
        self.serving = Some(serving);
    }

    fn stop(&mut self) {
        if let Some(mut serving) = self.serving.take() {
            let _ = serving.kill();
            let _ = serving.wait();
        }
    }

    fn code(&self) -> String {
        let address = format!("127.0.0.1:{}", self.port);
        let said = self.run(&["enrol", VILLAGE, "--role", "secretary", "--address", &address, "--json"]);
        let said: Json = serde_json::from_str(&said).expect("it is JSON");
        said["code"].as_str().expect("a code").to_owned()
    }
}

impl Drop for Township {
    fn drop(&mut self) {
        self.stop();
    }
}

/// What the page's own command says, as the page would ask it.
async fn call(window: &mut Window, name: &str, ask: &str) -> Json {
    let script = format!(
        "const done = arguments[0]; window.__TAURI_INTERNALS__.invoke('{name}', {{ ask: {ask} }}).then(done, (e) => done({{ refused: JSON.stringify(e) }}))"
    );
    window.asks(&script).await
}

#[tokio::test]
async fn exchange() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut township = Township::found(dir.path());
    let mut window = Window::open(dir.path(), &["--sample"]).await;

    window.goes_to("/exchange").await;
    window.sees("这个村还没有加入镇里的上报").await;
    window.picture("exchange-alone");
    window.fills("code", &township.code()).await;
    window.sees("接入码完整").await;
    window.press(&["Control", "Enter"]).await;
    window.sees("都已上报，镇里都收到了").await;
    window.picture("exchange-all");

    // The door for computers in the same room is opened from the window, stands while other pages are shown, and is shut.
    let door = call(&mut window, "room_open", "{}").await;
    assert_eq!(door["open"], Json::Bool(true), "{door}");
    window.goes_to("/").await;
    window.goes_to("/exchange").await;
    window.sees("正在等别的电脑来").await;
    window.picture("exchange-room");
    let door = call(&mut window, "room_shut", "{}").await;
    assert_eq!(door["open"], Json::Bool(false), "{door}");

    // The line is cut: the save is kept, counted, and goes out by itself when the township is there again.
    township.stop();
    let household =
        call(&mut window, "record_list", "{ kind: 'household' }").await[0]["id"].as_str().expect("an id").to_owned();
    window.goes_to(&format!("/households/{household}")).await;
    let saved = format!("{{ kind: 'household', id: '{household}', fields: {{ address: '寨头新屋' }} }}");
    let saved = call(&mut window, "record_save", &saved).await;
    assert!(saved.get("refused").is_none(), "{saved}");
    window.goes_to("/exchange").await;
    window.sees("1 条等联网后上报").await;
    window.press(&["Alt", "t"]).await;
    window.sees("联系不上镇里").await;
    window.picture("exchange-cut");
    township.serve();
    window.press(&["Alt", "t"]).await;
    window.sees("都已上报，镇里都收到了").await;
    window.goes_to(&format!("/households/{household}")).await;
    window.sees("镇里已收到").await;
    window.picture("exchange-received");
    window.close().await;
    township.stop();
}
