//! The menu: where one can go, and the keys for it. Choosing an entry does what the key does.

use lianhu_desk::text::{Lang, say};
use tauri::menu::{Menu, MenuBuilder, MenuItem, SubmenuBuilder};
use tauri::{App, AppHandle, Manager, Wry};

/// Entries in the order of the pages' own list; the address follows the name.
const PLACES: [(&str, &str, &str); 8] = [
    ("home", "#/", "Alt+1"),
    ("households", "#/households", "Alt+2"),
    ("people", "#/people", "Alt+3"),
    ("visits", "#/visits", "Alt+4"),
    ("meetings", "#/meetings", "Alt+5"),
    ("matters", "#/matters", "Alt+6"),
    ("pairings", "#/pairings", "Alt+7"),
    ("month", "#/month", "Alt+8"),
];
const FILE: [(&str, &str, &str); 2] = [("import", "#/import", ""), ("settings", "#/settings", "")];

pub fn put_up(app: &App, lang: Lang) -> tauri::Result<()> {
    let word = |key: &str| say(lang, &format!("menu.{key}"), &[]);
    let entry = |(name, address, key): &(&str, &str, &str)| {
        let key = Some(*key).filter(|key| !key.is_empty());
        MenuItem::with_id(app, *address, word(name), true, key)
    };
    let mut file = SubmenuBuilder::new(app, word("file"));
    for place in &FILE {
        file = file.item(&entry(place)?);
    }
    let file = file.separator().item(&MenuItem::with_id(app, QUIT, word("quit"), true, Some("Ctrl+Q"))?).build()?;
    let mut go = SubmenuBuilder::new(app, word("go"));
    for place in &PLACES {
        go = go.item(&entry(place)?);
    }
    let help = SubmenuBuilder::new(app, word("help")).item(&entry(&("keys", "#/settings/keys", "F1"))?).build()?;
    let menu: Menu<Wry> = MenuBuilder::new(app).items(&[&file, &go.build()?, &help]).build()?;
    app.set_menu(menu)?;
    app.on_menu_event(|app, event| chosen(app, event.id().as_ref()));
    Ok(())
}

const QUIT: &str = "quit";

fn chosen(app: &AppHandle, entry: &str) {
    let is_address = PLACES.iter().chain(&FILE).any(|(_, address, _)| *address == entry) || entry == "#/settings/keys";
    if let Some(window) = app.get_webview_window("main") {
        match entry {
            QUIT => drop(window.close()),
            _ if is_address => drop(window.eval(format!("location.hash = '{entry}'"))),
            _ => {}
        }
    }
}
