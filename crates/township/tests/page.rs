//! The township's page over HTTP: who comes in, what they may do, and that its numbers are the ledgers'.

#![allow(clippy::unwrap_used)]

#[path = "page/feed.rs"]
mod feed;
#[path = "page/visitor.rs"]
mod visitor;

use std::collections::BTreeSet;
use std::io::Cursor;

use calamine::{Reader, Xlsx};
use lianhu_report::figures;
use lianhu_township::web::users::{self, Role};
use lianhu_township::web::{DOORS, Who};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use feed::{Laptop, close, enrol, ledger, october, today, town};
use visitor::{Page, Visitor};

const CODES: [&str; 4] = ["990101102201", "990101102202", "990101102203", "990101102204"];

/// Four villages: one has handed its report in, one has not, one has not paired anybody, one has never enrolled.
fn three(folder: &TempDir) -> (Page, Vec<Laptop>) {
    let town = town(&folder.path().join("town"));
    for (code, name) in CODES.iter().zip(["禾坪村", "东岭村", "大塘村", "龙井村"]) {
        town.add_village(code, name).unwrap();
    }
    users::put(&town, "韦所长", Role::Admin, "lan-hua-kai-le").unwrap();
    users::put(&town, "看的人", Role::Reader, "zhi-kan-bu-gai").unwrap();
    let mut laptops = Vec::new();
    for (n, (name, sizes)) in [("禾坪村", (12, 9)), ("东岭村", (20, 5)), ("大塘村", (7, 0))].into_iter().enumerate()
    {
        let path = folder.path().join(format!("{n}.lianhu"));
        let ledger = ledger(&path, name, CODES[n], n as u64 + 1, sizes);
        laptops.push(enrol(&town, ledger, CODES[n], n as u8 + 1));
    }
    close(laptops[0].ledger(), october());
    laptops.iter_mut().for_each(|laptop| laptop.sync(&town));
    (Page::open(town), laptops)
}

fn admin(page: &Page) -> Visitor<'_> {
    page.sign_in("韦所长", "lan-hua-kai-le")
}

#[test]
fn nobody_reads_without_a_name_and_its_password() {
    let folder = TempDir::new().unwrap();
    let (page, _laptops) = three(&folder);
    let stranger = page.stranger();
    let session = stranger.get("/page/session");
    assert_eq!(
        (session.status, &session.json()["user"], &session.json()["township"]),
        (200, &Json::Null, &json!("松河镇"))
    );
    for (name, password) in [("韦所长", "wrong-password"), ("没有这个人", "lan-hua-kai-le"), ("", "")] {
        let refused = stranger.post("/page/sign-in", &json!({"name": name, "password": password}));
        assert_eq!(refused.status, 401, "{name}");
        assert_eq!(refused.header("set-cookie"), None);
    }
    let came = stranger.post("/page/sign-in", &json!({"name": "韦所长", "password": "lan-hua-kai-le"}));
    assert_eq!((came.status, &came.json()["role"]), (200, &json!("admin")));
    let cookie = came.header("set-cookie").unwrap();
    for flag in ["__Host-", "Path=/", "Secure", "HttpOnly", "SameSite=Strict"] {
        assert!(cookie.contains(flag), "{flag}: {cookie}");
    }
    let visitor = admin(&page);
    assert_eq!(visitor.get("/page/board?month=2026-10").status, 200);
    assert_eq!(visitor.post("/page/sign-out", &json!({})).status, 200);
    assert_eq!(visitor.get("/page/board?month=2026-10").status, 401, "the session has ended");
}

#[test]
fn another_password_ends_the_sessions_of_the_one_before() {
    let folder = TempDir::new().unwrap();
    let (page, _laptops) = three(&folder);
    let visitor = admin(&page);
    users::put(page.town(), "韦所长", Role::Admin, "another-password").unwrap();
    assert_eq!(visitor.get("/page/board?month=2026-10").status, 401);
    users::remove(page.town(), "看的人").unwrap();
    assert_eq!(
        page.stranger().post("/page/sign-in", &json!({"name": "看的人", "password": "zhi-kan-bu-gai"})).status,
        401
    );
}

#[test]
fn guesses_are_slowed_down_and_told_when_to_come_again() {
    let folder = TempDir::new().unwrap();
    let (page, _laptops) = three(&folder);
    let guess = || page.stranger().post("/page/sign-in", &json!({"name": "韦所长", "password": "guess-guess"}));
    let last = (0..8).map(|_| guess()).find(|answer| answer.status == 429).expect("it is slowed down");
    assert!(last.header("retry-after").unwrap().parse::<u64>().unwrap() >= 1);
    let right = page.stranger().post("/page/sign-in", &json!({"name": "韦所长", "password": "lan-hua-kai-le"}));
    assert_eq!(right.status, 429, "nor is the right one heard before");
}

/// An address of each door, of a village that is there.
fn address(path: &str) -> String {
    let query = "code=990101102201&month=2026-10&figure=aid.visits&measure=aid.visited";
    format!("{}?{query}", path.replace("{*path}", "nothing.js"))
}

#[test]
fn every_door_lets_in_whom_the_table_says_and_nobody_else() {
    let folder = TempDir::new().unwrap();
    let (page, _laptops) = three(&folder);
    let (stranger, reader, admin) = (page.stranger(), page.sign_in("看的人", "zhi-kan-bu-gai"), admin(&page));
    for door in DOORS.iter().filter(|door| !door.path.contains("sign-")) {
        let ask = |visitor: &Visitor<'_>| visitor.ask(door.method, &address(door.path), &[], b"{}").status;
        let name = format!("{} {}", door.method, door.path);
        match door.who {
            Who::Anyone => assert!(![401, 403].contains(&ask(&stranger)), "{name}"),
            Who::Reader => {
                assert_eq!(ask(&stranger), 401, "{name}");
                assert!(![401, 403].contains(&ask(&reader)), "{name}");
            }
            Who::Admin => {
                assert_eq!((ask(&stranger), ask(&reader)), (401, 403), "{name}");
                assert!(![401, 403].contains(&ask(&admin)), "{name}");
            }
        }
    }
}

#[test]
fn a_write_that_another_page_sent_is_not_heard() {
    let folder = TempDir::new().unwrap();
    let (page, _laptops) = three(&folder);
    let visitor = admin(&page);
    for door in DOORS.iter().filter(|door| door.method == "POST" && door.who != Who::Anyone) {
        let bare = visitor.without_word().ask("POST", &address(door.path), &[], b"{}");
        assert_eq!(bare.status, 403, "{} without its word", door.path);
        let other = visitor.ask("POST", &address(door.path), &[("sec-fetch-site", "cross-site")], b"{}");
        assert_eq!(other.status, 403, "{} from another site", door.path);
    }
    let form = visitor.ask("POST", "/page/sign-in", &[("content-type", "application/x-www-form-urlencoded")], b"{}");
    assert_eq!(form.status, 403, "no form signs anybody in");
}

#[test]
fn what_is_not_there_is_answered_as_what_does_not_exist() {
    let folder = TempDir::new().unwrap();
    let (page, _laptops) = three(&folder);
    let visitor = admin(&page);
    let nothing = visitor.get("/nothing/of/the/kind");
    assert_eq!(nothing.status, 404);
    for path in [
        "/page/village?code=110101001001&month=2026-10",
        "/page/village?code=990101102204&month=2026-10",
        "/page/village?code=990101102201&month=20x6-10",
        "/page/village?code=..%2F&month=2026-10",
        "/page/records?code=990101102201&month=2026-10&figure=no.such",
        "/page/records?code=110101001001&month=2026-10&figure=aid.visits",
        "/page/line?measure=roll.people&month=2026-10",
        "/page/line?measure=aid.visited&month=2026-10&code=110101001001",
        "/page/computers?code=110101001001",
        "/assets/no-such.js",
        "/page/nothing",
    ] {
        let answer = visitor.get(path);
        assert_eq!((answer.status, &answer.headers, &answer.body), (404, &nothing.headers, &nothing.body), "{path}");
    }
}

#[test]
fn no_answer_is_kept_and_every_answer_is_guarded() {
    let folder = TempDir::new().unwrap();
    let (page, _laptops) = three(&folder);
    let visitor = admin(&page);
    for door in DOORS.iter().filter(|door| door.method == "GET" && !door.path.contains("{*path}")) {
        let answer = visitor.get(&address(door.path));
        if answer.status == 404 {
            continue;
        }
        let policy = answer.header("content-security-policy").unwrap_or_else(|| panic!("{}", door.path));
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{}", door.path);
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{}", door.path);
    }
}

#[test]
fn the_board_shows_the_worst_first_and_what_nobody_said_as_unknown() {
    let folder = TempDir::new().unwrap();
    let (page, _laptops) = three(&folder);
    let board = admin(&page).get("/page/board?month=2026-10").json();
    let names: Vec<&str> = board["rows"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["大塘村", "东岭村", "禾坪村", "龙井村"]);
    let row = |n: usize| &board["rows"][n];
    assert_eq!(row(0)["measures"][0], json!({"state": {"is": "unknown"}, "rate": null}));
    assert_eq!(row(1)["measures"][0]["rate"], json!({"num": 5, "den": 20}));
    assert_eq!((&row(1)["lamp"], &row(1)["why"][0]), (&json!("late"), &json!("report_late")));
    assert_eq!((&row(2)["report"]["is"], &row(2)["why"]), (&json!("waiting"), &json!(["unanswered"])));
    assert_eq!((&row(3)["lamp"], &row(3)["why"]), (&json!("none"), &json!(["not_enrolled"])));
    let line = admin(&page).get("/page/line?measure=aid.visited&month=2026-11").json();
    let october = &line["points"][10];
    assert_eq!(
        (&october["rate"], &october["villages"], &october["of"]),
        (&json!({"num": 14, "den": 32}), &json!(2), &json!(3))
    );
    assert_eq!(line["points"][9]["rate"], Json::Null, "a month nobody told is a gap");
}

#[test]
fn a_village_s_month_is_its_own_ledger_s_with_every_record() {
    let folder = TempDir::new().unwrap();
    let (page, mut laptops) = three(&folder);
    let visitor = admin(&page);
    let month = visitor.get("/page/village?code=990101102202&month=2026-10").json();
    let own = figures::figures(laptops[1].ledger().view(), october(), today()).unwrap();
    let rows = lianhu_report::lines::rows(laptops[1].ledger().view(), &own).unwrap();
    assert_eq!(month["rows"], serde_json::to_value(&rows).unwrap());
    for row in rows {
        let path = format!("/page/records?code=990101102202&month=2026-10&figure={}", row.figure);
        let told = visitor.get(&path).json();
        let own = lianhu_report::behind::behind(laptops[1].ledger().view(), &own, &row.figure).unwrap().unwrap();
        assert_eq!(told, serde_json::to_value(&own).unwrap(), "{}", row.figure);
    }
}

#[test]
fn a_roll_up_is_the_sum_of_the_ledgers_counts_and_names_who_is_missing() {
    let folder = TempDir::new().unwrap();
    let (page, mut laptops) = three(&folder);
    let visitor = admin(&page);
    let at = |rollup: &Json, name: &str| {
        let columns = rollup["columns"].as_array().unwrap();
        let at = columns.iter().position(|column| column == name).unwrap();
        rollup["sums"][at].clone()
    };
    let of_reports = visitor.get("/page/rollup?month=2026-10").json();
    assert_eq!(of_reports["missing"], json!(["东岭村", "大塘村", "龙井村"]));
    assert_eq!(at(&of_reports, "aid.visited"), json!({"n": 9, "of": 12, "without": ["东岭村", "大塘村", "龙井村"]}));
    let now = visitor.get("/page/rollup?month=2026-10&basis=now").json();
    let own: Vec<figures::Figures> =
        laptops.iter_mut().map(|l| figures::figures(l.ledger().view(), october(), today()).unwrap()).collect();
    let households: i64 = own.iter().filter_map(|f| f.roll.households.known()).sum();
    assert_eq!(at(&now, "roll.households")["n"], json!(households));
    let visited: i64 = own.iter().filter_map(|f| f.aid.visited.known()).sum();
    assert_eq!(at(&now, "aid.visited"), json!({"n": visited, "of": 32, "without": ["大塘村", "龙井村"]}));
}

#[test]
fn the_roll_up_s_files_say_what_the_page_says() {
    let folder = TempDir::new().unwrap();
    let (page, _laptops) = three(&folder);
    let visitor = admin(&page);
    let file = visitor.get("/page/rollup.xlsx?month=2026-10&basis=now");
    assert_eq!(file.status, 200);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file.body)).unwrap();
    let mut said = BTreeSet::new();
    for name in book.sheet_names() {
        for row in book.worksheet_range(&name).unwrap().rows() {
            said.extend(row.iter().map(ToString::to_string).filter(|cell| !cell.is_empty()));
        }
    }
    for wanted in ["禾坪村", "东岭村", "龙井村", "合计", "14/32", "未上报"] {
        assert!(said.iter().any(|cell| cell.contains(wanted)), "{wanted}: {said:?}");
    }
    let file = visitor.get("/page/rollup.docx?month=2026-10&basis=now");
    let mut zip = zip::ZipArchive::new(Cursor::new(file.body)).unwrap();
    let document = std::io::read_to_string(zip.by_name("word/document.xml").unwrap()).unwrap().replace("&#x2f;", "/");
    for wanted in
        ["松河镇2026年10月村级工作汇总表", "43.8%（14/32）", "没有上报月报的村（3 个）：东岭村、大塘村、龙井村"]
    {
        assert!(document.contains(wanted), "{wanted}");
    }
}

fn answer(visitor: &Visitor<'_>, check_code: &str, reason: Option<&str>) -> visitor::Answer {
    let word = json!({"code": CODES[0], "month": "2026-10", "check_code": check_code, "reason": reason});
    visitor.post("/page/answer", &word)
}

#[test]
fn a_returned_report_reaches_its_village_and_the_mended_one_comes_back() {
    let folder = TempDir::new().unwrap();
    let (page, mut laptops) = three(&folder);
    let visitor = admin(&page);
    let month = || visitor.get("/page/village?code=990101102201&month=2026-10").json();
    let check_code = month()["report"]["check_code"].as_str().unwrap().to_owned();
    assert_eq!(answer(&visitor, &check_code, Some("  ")).json()["code"], json!("refusal.reason_missing"));
    assert_eq!(answer(&visitor, "00000000", Some("缺章")).json()["code"], json!("township.report_moved"));
    assert_eq!(answer(&visitor, &check_code, Some("走访少记一户")).status, 200);
    assert_eq!(month()["report"]["is"], json!("returned"));
    let rollup = visitor.get("/page/rollup?month=2026-10").json();
    assert_eq!(rollup["returned"], json!(["禾坪村"]));

    let laptop = &mut laptops[0];
    laptop.sync(page.town());
    let returned = laptop.ledger().view().returned_reports().unwrap();
    assert_eq!(returned[0].reason.as_deref(), Some("走访少记一户"));
    laptop.ledger().reopen(october(), "王文书").unwrap();
    laptop.sync(page.town());
    assert_eq!(month()["report"]["is"], json!("mending"));
    let household = laptop.ledger().view().list("household").unwrap()[10]["id"].clone();
    let cadre = laptop.ledger().view().list("visit").unwrap()[0]["visitor"].clone();
    feed::put(laptop.ledger(), "visit", json!({"household": household, "visitor": cadre, "on": "2026-10-30"}));
    close(laptop.ledger(), october());
    laptop.sync(page.town());
    assert_eq!(month()["report"]["is"], json!("waiting"));
    let mended = month()["report"]["check_code"].as_str().unwrap().to_owned();
    assert_ne!(mended, check_code);
    assert_eq!(
        answer(&visitor, &check_code, None).json()["code"],
        json!("township.report_moved"),
        "the old one is gone"
    );
    assert_eq!(answer(&visitor, &mended, None).status, 200);
    laptop.sync(page.town());
    let report = laptop.ledger().view().report(october()).unwrap().unwrap();
    assert!(laptop.ledger().view().answer_to(&report).unwrap().unwrap().accepted);
    assert_eq!(laptop.ledger().view().returned_reports().unwrap(), []);
    assert_eq!(laptop.ledger().overtaken().unwrap().len(), 0);
}

#[test]
fn what_was_read_is_the_same_from_an_empty_folder() {
    let folder = TempDir::new().unwrap();
    let (page, mut laptops) = three(&folder);
    let visitor = admin(&page);
    let look = || visitor.get("/page/village?code=990101102202&month=2026-10").json();
    let first = look();
    std::fs::remove_dir_all(folder.path().join("town/reading")).unwrap();
    assert_eq!(look(), first, "the folder may be thrown away");
    let household = laptops[1].ledger().view().list("household").unwrap()[9]["id"].clone();
    let cadre = laptops[1].ledger().view().list("visit").unwrap()[0]["visitor"].clone();
    feed::put(laptops[1].ledger(), "visit", json!({"household": household, "visitor": cadre, "on": "2026-10-30"}));
    laptops[1].sync(page.town());
    assert_ne!(look(), first, "what came since is in it");
}

#[test]
fn a_computer_is_let_in_and_shut_out_only_in_the_village_that_was_looked_at() {
    let folder = TempDir::new().unwrap();
    let (page, laptops) = three(&folder);
    let visitor = admin(&page);
    let device = laptops[1].shelf.ledger().device();
    let other = visitor.post("/page/revoke", &json!({"code": CODES[0], "device": device}));
    assert_eq!(other.status, 404);
    let last = visitor.post("/page/revoke", &json!({"code": CODES[1], "device": device}));
    assert_eq!((last.status, &last.json()["code"]), (422, &json!("township.last_secretary")));
    let offer = visitor.post("/page/enrol", &json!({"code": CODES[1], "role": "cadre"})).json();
    assert!(offer["svg"].as_str().unwrap().contains("<svg"));
    let code = lianhu_sync::enrolment::Code::read(offer["code"].as_str().unwrap()).expect("it can be read");
    assert_eq!(code.pin, page.town().pin());
    let computers = visitor.get(&format!("/page/computers?code={}", CODES[1])).json();
    assert_eq!((&computers[0]["state"], &computers[0]["who"]), (&json!("member"), &json!("王文书")));
}
