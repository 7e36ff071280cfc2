//! Packages, status and open questions by command line.

#![allow(clippy::unwrap_used)]

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

fn edge(seed: u64) -> Box<FixedEdge> {
    Box::new(FixedEdge { ms: NOW, seed, counter: 0 })
}

/// The first computer of a village and one that it has entered.
fn two(folder: &TempDir) -> [std::path::PathBuf; 2] {
    let [a, b] = ["a.lianhu", "b.lianhu"].map(|name| folder.path().join(name));
    done(&a, &["new", "--village", "禾坪村", "--code", "990101102207", "--township", "松河镇", "--clerk", "王文书"]);
    let first = Ledger::open(&a, None, edge(1)).unwrap();
    let second = Ledger::join(&b, None, first.village(), edge(2)).unwrap();
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
    done(
        &ledger,
        &["new", "--village", "禾坪村", "--code", "990101102207", "--township", "松河镇", "--clerk", "王文书"],
    );
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
