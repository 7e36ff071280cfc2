//! One window on one desk.

use std::path::PathBuf;

use lianhu_desk::exchange::Room;
use lianhu_desk::{Desk, Machine, Place, text};
use tauri::{App, AppHandle, Manager, WebviewUrl, WebviewWindow, WebviewWindowBuilder};
use tauri_plugin_dialog::{DialogExt, MessageDialogKind};

use crate::args::Args;
use crate::{commands, logs, menu, watch};

/// Small laptops have 1366 by 768, less the task bar and the title.
const SIZE: (f64, f64) = (1366.0, 688.0);
const SMALLEST: (f64, f64) = (800.0, 500.0);
const NAME: &str = "main";

pub fn run(args: Args) -> Result<(), String> {
    let mut builder = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_window_state::Builder::default().build());
    if args.data.is_none() {
        // A second start shows the window that is there. Folders named by hand may each have a window of their own.
        builder = builder.plugin(tauri_plugin_single_instance::init(|app, _, _| show(app)));
    }
    let builder = commands::handle(builder).setup(move |app| set_up(app, &args).map_err(Into::into));
    let app = builder.build(tauri::generate_context!()).map_err(|e| e.to_string())?;
    app.run(|_, _| {});
    Ok(())
}

fn set_up(app: &mut App, args: &Args) -> Result<(), String> {
    let place = place(app, args)?;
    logs::start(&place.dir);
    let desk = match desk(place, args) {
        Ok(desk) => desk,
        Err(sentence) => {
            say_and_end(app.handle(), &sentence);
            return Ok(());
        }
    };
    let language = desk.settings().language.lang();
    begin_early(&desk);
    lianhu_desk::exchange::begin(&desk);
    app.manage(desk);
    app.manage(watch::Heard::now());
    menu::put_up(app, language).map_err(|e| e.to_string())?;
    open(app, &text::say(language, "window.title", &[])).map_err(|e| e.to_string())?;
    watch::watch(app.handle().clone());
    Ok(())
}

/// The web view takes longest to start. Meanwhile the first page is worked out: it is told at once when it is asked for.
fn begin_early(desk: &Desk) {
    let desk = desk.clone();
    std::thread::spawn(move || desk.call("home_look", serde_json::json!({})));
}

fn place(app: &App, args: &Args) -> Result<Place, String> {
    let machine = match &args.at {
        Some(at) => Machine::at(at).ok_or_else(|| format!("--at {at:?}: 2026-11-05T09:00"))?,
        None => Machine::default(),
    };
    let program = std::env::current_exe().map_err(|e| e.to_string())?;
    let folders = [app.path().desktop_dir(), app.path().download_dir(), app.path().document_dir()];
    let looks = folders.into_iter().filter_map(Result::ok).collect();
    if let Some(dir) = args.data.clone() {
        let dir = std::path::absolute(dir).map_err(|e| e.to_string())?;
        return Ok(Place { papers: dir.join(PAPERS), dir, machine, program, looks, room: Room::default() });
    }
    let dir = app.path().app_data_dir().map_err(|e| e.to_string())?;
    let papers = app.path().document_dir().map_or_else(|_| dir.join(PAPERS), |documents| documents.join(PAPERS));
    Ok(Place { dir, papers, machine, program, looks, room: Room::default() })
}

/// The folder in which a clerk looks for what was exported.
const PAPERS: &str = "联户文件";

fn desk(place: Place, args: &Args) -> Result<Desk, String> {
    let desk = Desk::open(place).map_err(|e| e.to_string())?;
    if let Some(ledger) = &args.ledger {
        let ledger: PathBuf = std::path::absolute(ledger).map_err(|e| e.to_string())?;
        desk.open_ledger(&ledger).map_err(|e| e.to_string())?;
    }
    if args.sample && !desk.is_open() {
        desk.open_sample().map_err(|e| e.to_string())?;
    }
    Ok(desk)
}

fn open(app: &App, title: &str) -> tauri::Result<WebviewWindow> {
    WebviewWindowBuilder::new(app, NAME, WebviewUrl::App("index.html".into()))
        .title(title)
        .inner_size(SIZE.0, SIZE.1)
        .min_inner_size(SMALLEST.0, SMALLEST.1)
        // The pages take dropped files themselves, by their own button; nothing else is to happen with one.
        .disable_drag_drop_handler()
        .build()
}

fn show(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(NAME) {
        let _ = window.unminimize();
        let _ = window.set_focus();
    }
}

/// Nothing can be done without a desk: the person is told why, and the program ends.
fn say_and_end(app: &AppHandle, sentence: &str) {
    eprintln!("{sentence}");
    let end = app.clone();
    app.dialog().message(sentence).kind(MessageDialogKind::Error).show(move |_| end.exit(1));
}
