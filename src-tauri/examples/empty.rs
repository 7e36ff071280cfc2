//! An empty window: what the shell costs with nothing of ours in it. `cargo xtask bench` holds our window against it.
#![expect(clippy::print_stdout, reason = "it says when its page has come")]

use tauri::webview::PageLoadEvent;
use tauri::{WebviewUrl, WebviewWindowBuilder};

fn main() {
    let app = tauri::Builder::default().setup(|app| {
        let blank = "about:blank".parse().expect("an address");
        WebviewWindowBuilder::new(app, "main", WebviewUrl::External(blank))
            .inner_size(1366.0, 688.0)
            .on_page_load(|_, load| {
                if load.event() == PageLoadEvent::Finished {
                    println!("ready");
                }
            })
            .build()?;
        Ok(())
    });
    app.build(tauri::generate_context!()).expect("the shell starts").run(|_, _| {});
}
