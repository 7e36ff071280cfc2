//! An empty window: what the shell costs with nothing of ours in it. `cargo xtask bench` holds our window against it.
#![expect(clippy::print_stdout, reason = "it says when its page is drawn")]

use tauri::http::Response;
use tauri::{WebviewUrl, WebviewWindowBuilder};

/// Says that it is drawn as our first page does: in the frame after the first.
const BLANK: &[u8] = b"<!doctype html><title>blank</title><script>
requestAnimationFrame(() => requestAnimationFrame(() => fetch('blank://localhost/drawn')))</script>";

fn main() {
    let served = tauri::Builder::default().register_uri_scheme_protocol("blank", |_, asked| {
        if asked.uri().path() == "/drawn" {
            println!("ready");
        }
        Response::builder().header("content-type", "text/html").body(BLANK).expect("a page")
    });
    let app = served.setup(|app| {
        let blank = "blank://localhost/".parse().expect("an address");
        WebviewWindowBuilder::new(app, "main", WebviewUrl::CustomProtocol(blank)).inner_size(1366.0, 688.0).build()?;
        Ok(())
    });
    app.build(tauri::generate_context!()).expect("the shell starts").run(|_, _| {});
}
