//! The house in order: who may lean on whom, who may touch SQLite, and what no file of ours may hold.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value as Json;

/// Every edge that may be between crates of ours; what is not here yet may come as it stands here.
const MAY_LEAN_ON: &[(&str, &[&str])] = &[
    ("lianhu-ledger", &[]),
    ("lianhu-import", &["lianhu-ledger"]),
    ("lianhu-report", &["lianhu-ledger"]),
    ("lianhu-sync", &["lianhu-ledger"]),
    ("lianhu-township", &["lianhu-ledger", "lianhu-sync", "lianhu-report"]),
    ("lianhu-desk", &["lianhu-ledger", "lianhu-import", "lianhu-sync", "lianhu-report"]),
    ("lianhu-cli", &["lianhu-ledger", "lianhu-import", "lianhu-sync", "lianhu-report", "lianhu-desk"]),
    ("lianhu-window", &["lianhu-desk"]),
    (
        "lianhu-tests",
        &[
            "lianhu-ledger",
            "lianhu-import",
            "lianhu-sync",
            "lianhu-report",
            "lianhu-township",
            "lianhu-desk",
            "lianhu-cli",
            "lianhu-simulator",
        ],
    ),
    ("lianhu-simulator", &["lianhu-ledger", "lianhu-sync"]),
    ("xtask", &[]),
];

/// Who may name rusqlite: the ledger, the township's own store, and tests that bend tables by hand.
const MAY_NAME_SQLITE: &[&str] = &["lianhu-ledger", "lianhu-township", "lianhu-tests"];

/// Who may ask the machine for time and chance: the edge of a program, and (the names tell) tests that measure.
const EDGES: &[&str] = &["crates/desk/src/machine.rs", "crates/township/src/machine.rs", "/measure.rs", "/tests.rs"];

/// Files over the limit. This list only shrinks.
const TOO_LONG: &[&str] = &[];
const LONGEST: usize = 500;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie in the house").to_owned()
}

fn metadata() -> Json {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(root()).args(["metadata", "--format-version", "1", "--locked", "--offline"]);
    // Only what the machines of this run need is sure to be on the disk.
    let here = if cfg!(windows) { "x86_64-pc-windows-msvc" } else { "x86_64-unknown-linux-gnu" };
    let out = cargo.args(["--filter-platform", here]).output().expect("cargo runs");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).expect("cargo prints JSON")
}

fn list<'a>(json: &'a Json, name: &str) -> &'a [Json] {
    json[name].as_array().map_or(&[], Vec::as_slice)
}

fn text<'a>(json: &'a Json, name: &str) -> &'a str {
    json[name].as_str().unwrap_or_default()
}

/// Our crates, and what each names in its manifest, for whatever purpose.
fn ours(metadata: &Json) -> BTreeMap<&str, BTreeSet<&str>> {
    let members: BTreeSet<&str> = list(metadata, "workspace_members").iter().filter_map(Json::as_str).collect();
    let packages = list(metadata, "packages").iter().filter(|p| members.contains(text(p, "id")));
    packages.map(|p| (text(p, "name"), list(p, "dependencies").iter().map(|d| text(d, "name")).collect())).collect()
}

#[test]
fn our_crates_lean_on_each_other_only_as_the_house_is_drawn() {
    let metadata = metadata();
    let ours = ours(&metadata);
    let mut wrong = Vec::new();
    for (name, leans_on) in &ours {
        let drawn = MAY_LEAN_ON.iter().find(|(who, _)| who == name);
        let (_, may) = drawn.unwrap_or_else(|| panic!("{name} is not on the plan of the house: put it there first"));
        let edges = leans_on.iter().filter(|on| ours.contains_key(*on) && !may.contains(on));
        wrong.extend(edges.map(|on| format!("{name} → {on}")));
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn only_the_ledger_names_sqlite_and_there_is_one_of_it() {
    let metadata = metadata();
    let naming = ours(&metadata).into_iter().filter(|(_, names)| names.contains("rusqlite")).map(|(who, _)| who);
    let strangers: Vec<&str> = naming.filter(|who| !MAY_NAME_SQLITE.contains(who)).collect();
    assert_eq!(strangers, Vec::<&str>::new());
    let linked = list(&metadata, "packages").iter().filter(|p| text(p, "links") == "sqlite3");
    let linked: Vec<&str> = linked.map(|p| text(p, "name")).collect();
    assert_eq!(linked, ["libsqlite3-sys"]);
}

#[test]
fn everything_from_outside_comes_from_the_public_register_of_crates() {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).expect("Cargo.lock is read");
    let sources: BTreeSet<&str> = lock.lines().filter_map(|line| line.strip_prefix("source = ")).collect();
    assert!(sources.len() == 1 && sources.iter().all(|source| source.starts_with("\"registry+")), "{sources:?}");
}

/// Text files of the house, by their path from its root. What is built or fetched lies elsewhere.
fn files() -> Vec<(String, String)> {
    const OTHERS: &[&str] =
        &["target", ".git", "node_modules", "corpus", "artifacts", "coverage", "dist", "dist-township"];
    let root = root();
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder is read") {
            let path = entry.expect("a folder is read").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if OTHERS.contains(&name.as_str()) || path.is_symlink() {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(content) = std::fs::read_to_string(&path) {
                let from_root = path.strip_prefix(&root).expect("found below it").to_string_lossy().replace('\\', "/");
                found.push((from_root, content));
            }
        }
    }
    found.sort();
    assert!(found.len() > 50, "the house is not found at {}", root.display());
    found
}

fn rust_files() -> Vec<(String, String)> {
    files().into_iter().filter(|(path, _)| path.ends_with(".rs")).collect()
}

/// Lines of these files in which one of the words stands alone.
fn lines_with(files: &[(String, String)], words: &[&str]) -> Vec<String> {
    let alone = |line: &str, word: &str| {
        let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
        line.match_indices(word)
            .any(|(at, _)| !letter(line[..at].chars().next_back()) && !letter(line[at + word.len()..].chars().next()))
    };
    let mut found = Vec::new();
    for (path, content) in files {
        for (n, line) in content.lines().enumerate() {
            let hit = words.iter().find(|word| alone(line, word));
            found.extend(hit.map(|word| format!("{path}:{}: {word}", n + 1)));
        }
    }
    found
}

#[test]
fn clock_and_chance_are_asked_only_at_the_edge_of_a_program() {
    let mut crates = rust_files();
    let is_edge = |path: &str| EDGES.iter().any(|edge| path.ends_with(edge));
    crates.retain(|(path, _)| path.starts_with("crates/") && path.contains("/src/") && !is_edge(path));
    let asking = ["SystemTime::now", "Instant::now", "Utc::now", "Local::now", "rand", "getrandom", "new_v4", "now_v7"];
    assert_eq!(lines_with(&crates, &asking), Vec::<String>::new());
}

#[test]
fn no_file_is_longer_than_a_person_reads_at_once() {
    let rust = rust_files();
    let long = rust.iter().filter(|(_, content)| content.lines().count() > LONGEST).map(|(path, _)| path.as_str());
    assert_eq!(long.collect::<Vec<_>>(), TOO_LONG, "the list of exemptions only shrinks");
}

#[test]
fn every_rust_file_says_first_what_it_is() {
    // Tests beside their code speak of what the file of that name says.
    let own_name = |path: &str| !path.ends_with("/tests.rs");
    let silent = rust_files().into_iter().filter(|(path, content)| own_name(path) && !content.starts_with("//! "));
    assert_eq!(silent.map(|(path, _)| path).collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn nothing_is_left_for_later() {
    let later = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X"), concat!("unimple", "mented!")];
    let mut own = files();
    own.retain(|(path, _)| !path.ends_with(".lock") && !path.starts_with("assets/fonts/"));
    assert_eq!(lines_with(&own, &later), Vec::<String>::new());
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    let places = [
        concat!("/wo", "rk/"),
        concat!("/tm", "p/"),
        concat!("/ro", "ot/"),
        concat!("/ho", "me/"),
        concat!("C:\\", "Users"),
        concat!("replace", "-with"),
        concat!("index", "-url"),
        concat!("[sour", "ce."),
        concat!("[regis", "tries"),
    ];
    let mut known = Vec::new();
    for (path, content) in files() {
        for (n, line) in content.lines().enumerate() {
            let place = places.iter().find(|place| line.contains(**place));
            known.extend(place.map(|place| format!("{path}:{}: {place}", n + 1)));
        }
    }
    assert_eq!(known, Vec::<String>::new());
}
