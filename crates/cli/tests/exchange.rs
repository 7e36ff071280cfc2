//! Packages, status and open questions by command line.

#![allow(clippy::unwrap_used)]

#[path = "../../sync/tests/talk/shelf.rs"]
mod shelf;
#[path = "../../sync/tests/talk/town.rs"]
#[allow(dead_code)]
mod town;

use std::path::Path;
use std::process::{Command, Output};

use lianhu_ledger::text::{self, Lang};
use lianhu_ledger::{FixedEdge, Ledger};
use lianhu_sync::package::Unread;
use lianhu_sync::plan::device::Device;
use lianhu_sync::roster::entering;
use lianhu_sync::{Commit, DeviceShelf, Ed25519, Ed25519Key, Faults, LedgerShelf, May, Member, Root, Signer};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

const NOW: u64 = 1_793_840_400_000;

fn lianhu(ledger: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lianhu"));
    command.arg("--ledger").arg(ledger).args(["--at", "2026-11-05T09:00"]).args(args);
    command.output().unwrap()
}

fn done(ledger: &Path, args: &[&str]) -> String {
    let out = lianhu(ledger, args);
    assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

fn refused(ledger: &Path, args: &[&str]) -> String {
    let out = lianhu(ledger, args);
    assert_eq!(out.status.code(), Some(1), "{args:?}");
    String::from_utf8(out.stderr).unwrap()
}

fn parsed(text: &str) -> Json {
    serde_json::from_str(text).unwrap()
}

fn edge(seed: u64) -> FixedEdge {
    FixedEdge { ms: NOW, seed, counter: 0 }
}

const NEW: [&str; 9] =
    ["new", "--village", "禾坪村", "--code", "990101102207", "--township", "松河镇", "--clerk", "王文书"];

/// The first computer of a village and one that it has entered.
fn two(folder: &TempDir) -> [std::path::PathBuf; 2] {
    let [a, b] = ["a.lianhu", "b.lianhu"].map(|name| folder.path().join(name));
    done(&a, &NEW);
    let first = Ledger::open(&a, None, Box::new(edge(1))).unwrap();
    let second = Ledger::join(&b, None, first.village(), Box::new(edge(2))).unwrap();
    let keys = [1, 2].map(|n| Ed25519Key::new([n; 32]));
    let root = Root { device: first.device(), key: keys[0].public() };
    let mut first = LedgerShelf::enrol(first, &root, &[1; 32]).unwrap();
    let second = LedgerShelf::enrol(second, &root, &[2; 32]).unwrap();
    let device = Device { suite: &Ed25519, signer: &keys[0], now_ms: NOW, leap: 1, most: 9999, faults: Faults::NONE };
    let member = Member::new("陆永平", "cadre", keys[1].public(), May::Everything);
    let change = entering(second.me().device, &member, &[]);
    let commands = device.write(&first, "roster", "李书记", vec![change]).unwrap();
    first.commit(&commands).unwrap();
    [a, b]
}

#[test]
fn every_reason_not_to_read_a_package_has_its_sentence() {
    for why in Unread::ALL {
        let key = format!("package.{}", why.name());
        for lang in [Lang::ZhCn, Lang::En] {
            assert_ne!(text::say(lang, &key, &[]), key);
        }
    }
}

#[test]
fn a_ledger_that_belongs_to_nobody_else_makes_no_package_and_says_so() {
    let folder = TempDir::new().unwrap();
    let ledger = folder.path().join("a.lianhu");
    done(&ledger, &NEW);
    let file = folder.path().join("a.lhb");
    assert!(refused(&ledger, &["package", "make", file.to_str().unwrap()]).contains("还没有加入"));
    assert!(!file.exists());
    let status = parsed(&done(&ledger, &["status", "--json"]));
    assert_eq!((&status["enrolled"], &status["waiting"], &status["received"]), (&json!(false), &json!(1), &json!(0)));
}

#[test]
fn two_computers_exchange_packages_and_settle_what_both_have_changed() {
    let folder = TempDir::new().unwrap();
    let [a, b] = two(&folder);
    let file = folder.path().join("stick.lhb");
    let stick = file.to_str().unwrap();
    let made = parsed(&done(&a, &["put", "group", "--json", r#"{"name": "一组", "number": 1}"#]));
    let id = made["id"].as_str().unwrap().to_owned();
    done(&a, &["package", "make", stick]);
    assert!(done(&b, &["package", "read", stick]).contains("3 步"));
    assert!(done(&b, &["package", "read", stick]).contains("0 步"));
    assert_eq!(done(&a, &["dump"]), done(&b, &["dump"]));
    for (ledger, name) in [(&a, "河边组"), (&b, "山脚组")] {
        done(ledger, &["put", "group", "--json", &json!({"id": id, "name": name}).to_string()]);
    }
    done(&a, &["package", "make", stick]);
    done(&b, &["package", "read", stick]);
    let open = parsed(&done(&b, &["conflicts", "--json"]));
    let question = open[0]["id"].as_str().unwrap();
    let other = open[0]["other"].as_str().unwrap().to_owned();
    done(&b, &["settle", question, "theirs"]);
    assert_eq!(parsed(&done(&b, &["conflicts", "--json"])), json!([]));
    assert!(done(&b, &["dump"]).contains(&other));
    assert!(refused(&b, &["settle", question, "mine"]).contains("待核对"));
    assert_eq!(parsed(&done(&b, &["status", "--json"]))["conflicts"], json!(0));
}

#[test]
fn a_bent_package_is_refused_with_a_sentence_and_changes_nothing() {
    let folder = TempDir::new().unwrap();
    let [a, b] = two(&folder);
    let file = folder.path().join("stick.lhb");
    let stick = file.to_str().unwrap();
    done(&a, &["package", "make", stick]);
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, &bytes).unwrap();
    let before = done(&b, &["status", "--json"]);
    assert!(refused(&b, &["package", "read", stick]).contains("没有读入任何内容"));
    std::fs::write(&file, &bytes[..middle]).unwrap();
    assert!(refused(&b, &["package", "read", stick]).contains("没有读入任何内容"));
    assert_eq!(done(&b, &["status", "--json"]), before);
    assert_eq!(done(&b, &["dump"]), "");
}

/// A village whose ledger lies in the folder, and its township.
fn village(folder: &TempDir) -> (std::path::PathBuf, town::Town) {
    let ledger = folder.path().join("a.lianhu");
    done(&ledger, &NEW);
    let town = town::Town::new(Ledger::open(&ledger, None, Box::new(edge(1))).unwrap().village());
    (ledger, town)
}

fn group(ledger: &Path, name: &str) {
    done(ledger, &["put", "group", "--json", &json!({"name": name}).to_string()]);
}

fn status(ledger: &Path) -> Json {
    parsed(&done(ledger, &["status", "--json"]))
}

#[test]
fn a_month_on_two_laptops_comes_together_at_the_township() {
    let folder = TempDir::new().unwrap();
    let (a, town) = village(&folder);
    group(&a, "一组");
    assert!(refused(&a, &["sync"]).contains("还没有加入镇里"));
    assert!(done(&a, &["enrol", &town.code("secretary", false)]).contains("松河镇"));
    assert_eq!((&status(&a)["unsent"], &status(&a)["standing"]), (&json!(2), &json!("member")));
    assert!(done(&a, &["sync"]).contains("已全部上报"));
    let b = folder.path().join("b.lianhu");
    done(&b, &["join", &town.code("cadre", false), "--who", "陆永平"]);
    assert_eq!(done(&a, &["dump"]), done(&b, &["dump"]));
    group(&a, "二组");
    group(&b, "三组");
    for ledger in [&a, &b, &a] {
        done(ledger, &["sync"]);
    }
    assert_eq!(done(&a, &["dump"]), done(&b, &["dump"]));
    assert_eq!(done(&a, &["dump"]), town.at(|inside| inside.dump()));
    let after = status(&b);
    assert_eq!((&after["unsent"], &after["who"], &after["role"]), (&json!(0), &json!("陆永平"), &json!("cadre")));
    assert_eq!((&after["last"]["at"], &after["held"]), (&json!("2026-11-05T09:00:00"), &json!([])));
    assert!(refused(&b, &["put", "village", "--json", r#"{"clerk": "陆永平"}"#]).contains("驻村干部"));
}

/// What the month's report prints, as a reader of PDF finds it.
fn printed(ledger: &Path) -> String {
    let out = ledger.with_extension("papers");
    done(ledger, &["report", "2026-11", "--out", out.to_str().unwrap(), "--format", "pdf"]);
    let pdf = std::fs::read_dir(&out).unwrap().next().unwrap().unwrap().path();
    let text = Command::new("pdftotext").arg("-raw").arg(pdf).arg("-").output().unwrap();
    String::from_utf8(text.stdout).unwrap()
}

#[test]
fn the_report_carries_the_townships_newest_word_about_the_log() {
    let folder = TempDir::new().unwrap();
    let (a, town) = village(&folder);
    group(&a, "一组");
    assert!(!printed(&a).contains("镇里回执"), "nobody has said anything yet");
    done(&a, &["enrol", &town.code("secretary", false)]);
    assert!(!printed(&a).contains("镇里回执"));
    done(&a, &["sync"]);
    let head = |ledger: &Path| {
        let ledger = Ledger::open(ledger, None, Box::new(edge(9))).unwrap();
        lianhu_sync::signed_head(&ledger).unwrap().unwrap()
    };
    let first = head(&a);
    let foot = format!("镇里回执：第 {} 号 · 校验 {}", first.no, first.check());
    let text = printed(&a);
    assert!(text.contains(&foot), "{foot}: {text}");
    // Every further step moves it on, on every computer alike.
    group(&a, "二组");
    assert_eq!(head(&a), first, "what is not received is not signed for");
    done(&a, &["sync"]);
    let second = head(&a);
    assert!(second.no > first.no && second.hash != first.hash);
    let b = folder.path().join("b.lianhu");
    done(&b, &["join", &town.code("cadre", false), "--who", "陆永平"]);
    done(&a, &["sync"]);
    assert_eq!(head(&b), head(&a));
}

#[test]
fn who_waits_is_shown_the_digits_and_goes_on_with_either_command() {
    let folder = TempDir::new().unwrap();
    let (a, town) = village(&folder);
    done(&a, &["enrol", &town.code("secretary", false)]);
    done(&a, &["sync"]);
    let b = folder.path().join("b.lianhu");
    let code = town.code("cadre", true);
    let said = refused(&b, &["join", &code]);
    assert!(said.contains("核对码"), "{said}");
    assert_eq!(refused(&b, &["sync"]), said);
    assert!(!b.exists());
    town.at(|inside| inside.approve());
    done(&b, &["sync"]);
    assert_eq!(done(&a, &["dump"]), done(&b, &["dump"]));
}

#[test]
fn a_computer_that_was_struck_off_says_so_and_stays_readable() {
    let folder = TempDir::new().unwrap();
    let (a, town) = village(&folder);
    done(&a, &["enrol", &town.code("secretary", false)]);
    done(&a, &["sync"]);
    let device = status(&a)["device"].as_str().unwrap().parse().unwrap();
    town.at(|inside| inside.revoke(device));
    assert!(refused(&a, &["sync"]).contains("已经停用这台电脑"));
    assert_eq!(status(&a)["standing"], json!("revoked"));
    assert!(refused(&a, &["put", "group", "--json", r#"{"name": "一组"}"#]).contains("只能查看"));
    assert!(done(&a, &["dump"]).contains("禾坪村"));
}

#[test]
fn what_is_left_is_said_and_the_exit_code_says_it_too() {
    let folder = TempDir::new().unwrap();
    let (a, town) = village(&folder);
    done(&a, &["enrol", &town.code("secretary", false)]);
    done(&a, &["sync"]);
    town.at(|inside| inside.mood = town::Mood::Says(200, "", "<html>请先登录</html>"));
    group(&a, "一组");
    assert!(refused(&a, &["sync"]).contains("不是本镇的服务器"));
    assert_eq!((&status(&a)["unsent"], &status(&a)["last"]["trouble"]), (&json!(1), &json!("not_our_township")));
}

#[test]
fn a_further_computer_of_a_village_without_township_comes_in_by_stick() {
    let folder = TempDir::new().unwrap();
    let [a, b] = ["a.lianhu", "b.lianhu"].map(|name| folder.path().join(name));
    let [asks, answer, stick] = ["asks.lhb", "answer.lhb", "stick.lhb"].map(|name| folder.path().join(name));
    let [asks, answer, stick] = [&asks, &answer, &stick].map(|path| path.to_str().unwrap());
    done(&a, &NEW);
    group(&a, "一组");
    done(&b, &["package", "request", asks, "--who", "陆永平"]);
    let said = done(&a, &["package", "admit", asks, answer, "--role", "cadre"]);
    let digits: String = said.chars().filter(char::is_ascii_digit).take(6).collect();
    let wrong = if digits == "123456" { "654321" } else { "123456" };
    assert!(refused(&b, &["package", "join", answer, "--digits", wrong]).contains("核对码"));
    assert!(!b.exists());
    done(&b, &["package", "join", answer, "--digits", &digits]);
    assert_eq!(done(&a, &["dump"]), done(&b, &["dump"]));
    group(&b, "二组");
    assert_eq!(status(&b)["outbox"]["here"], json!(1));
    done(&b, &["package", "make", stick]);
    assert_eq!(status(&b)["outbox"]["packed"], json!(1));
    done(&a, &["package", "read", stick]);
    assert_eq!(done(&a, &["dump"]), done(&b, &["dump"]));
    done(&a, &["package", "make", stick]);
    done(&b, &["package", "read", stick]);
    assert_eq!(status(&b)["outbox"]["delivered"], json!(1));
    assert!(refused(&b, &["put", "village", "--json", r#"{"clerk": "陆永平"}"#]).contains("驻村干部"));
}

#[test]
fn two_computers_in_one_room_find_each_other_and_exchange() {
    use std::io::BufRead;
    let folder = TempDir::new().unwrap();
    let [a, b] = two(&folder);
    let stick = folder.path().join("stick.lhb");
    done(&a, &["package", "make", stick.to_str().unwrap()]);
    done(&b, &["package", "read", stick.to_str().unwrap()]);
    group(&a, "一组");
    group(&b, "二组");
    let mut serve = Command::new(env!("CARGO_BIN_EXE_lianhu"));
    serve.arg("--ledger").arg(&a).args(["--at", "2026-11-05T09:00", "lan", "serve", "--guests", "1"]);
    serve.args(["--listen", "127.0.0.1:0", "--ears", "127.0.0.1:0"]).stdout(std::process::Stdio::piped());
    let mut serve = serve.spawn().unwrap();
    let mut first = String::new();
    std::io::BufReader::new(serve.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let ears = first.trim().split(' ').nth(1).unwrap();
    let found = parsed(&done(&b, &["lan", "find", "--to", ears, "--calls", "2", "--json"]));
    assert_eq!(found["found"].as_array().unwrap().len(), 1);
    serve.wait().unwrap();
    assert_eq!(done(&a, &["dump"]), done(&b, &["dump"]));
    assert!(done(&a, &["dump"]).contains("二组") && done(&b, &["dump"]).contains("一组"));
    assert!(refused(&b, &["lan", "find", "--to", ears, "--calls", "1"]).contains("没有找到"));
    assert!(!printed(&a).contains("镇里回执"), "there is no township to have signed anything");
}
