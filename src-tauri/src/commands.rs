//! The desk's commands as the shell knows them, one line each, and the two things only a window can do.

use std::path::PathBuf;

use lianhu_desk::{Desk, Problem};
use serde_json::Value as Json;
use tauri::{AppHandle, Builder, State, Wry};
use tauri_plugin_dialog::DialogExt;

macro_rules! adapters {
    ($($name:ident,)*) => {
        $(#[tauri::command(async)]
        fn $name(desk: State<'_, Desk>, ask: Json) -> Result<Json, Problem> {
            desk.call(stringify!($name), ask)
        })*

        pub fn handle(builder: Builder<Wry>) -> Builder<Wry> {
            builder.invoke_handler(tauri::generate_handler![$($name,)* host_pick, host_show, crate::watch::host_beat])
        }
    };
}
lianhu_desk::each_command!(adapters);

/// What a person may choose, and the endings of such files.
fn endings(what: &str) -> Option<&'static [&'static str]> {
    Some(match what {
        "workbooks" => &["xlsx", "xls", "et", "csv"],
        "ledger" => &["lianhu"],
        "backup" => &["lianhu-backup", "lianhu"],
        "package" => &["lhb"],
        "pictures" => &["jpg", "jpeg", "png"],
        _ => return None,
    })
}

/// The system's own dialog; the paths that were chosen, or none.
#[tauri::command(async)]
fn host_pick(app: AppHandle, what: &str) -> Vec<String> {
    let dialog = app.dialog().file();
    let chosen = match (what, endings(what)) {
        ("folder", _) => dialog.blocking_pick_folder().into_iter().collect(),
        ("workbooks" | "pictures", Some(endings)) => {
            dialog.add_filter(endings.join(" "), endings).blocking_pick_files().unwrap_or_default()
        }
        (_, Some(endings)) => dialog.add_filter(endings.join(" "), endings).blocking_pick_file().into_iter().collect(),
        (_, None) => Vec::new(),
    };
    chosen.into_iter().filter_map(|path| path.into_path().ok()).map(|path| path.display().to_string()).collect()
}

/// Shows a paper where it lies, in the system's file manager or the program that opens it.
#[tauri::command(async)]
fn host_show(desk: State<'_, Desk>, path: PathBuf) -> Result<(), Problem> {
    let ours = path.exists() && (path.starts_with(desk.papers()) || path.starts_with(&desk.place().dir));
    if !ours {
        return Err(lianhu_desk::not_shown(&path));
    }
    opener::open(&path).map_err(|_| lianhu_desk::not_shown(&path))
}
