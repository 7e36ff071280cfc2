//! A village's month through the program itself: the sample's Excel ledgers in, visits and a meeting, the report out.

#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value as Json, json};
use tempfile::TempDir;

struct Village {
    folder: TempDir,
    at: String,
}

impl Village {
    fn new() -> Village {
        let village = Village { folder: TempDir::new().unwrap(), at: "2026-11-05T09:00".into() };
        village.ok(&[
            "new",
            "--village",
            "禾坪村",
            "--code",
            "990101102207",
            "--township",
            "松河镇",
            "--clerk",
            "王文书",
            "--sample",
        ]);
        village
    }

    fn sample() -> Village {
        let village = Village::new();
        village.import(&[]);
        village
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, args: &[&str]) -> Output {
        let ledger = self.path("village.lianhu");
        let mut command = Command::new(env!("CARGO_BIN_EXE_lianhu"));
        command.arg("--ledger").arg(ledger).args(["--at", &self.at]).args(args);
        command.output().unwrap()
    }

    fn ok(&self, args: &[&str]) -> String {
        let done = self.run(args);
        assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    }

    /// Exit code and the sentence on the error stream.
    fn refused(&self, args: &[&str]) -> (Option<i32>, String) {
        let done = self.run(args);
        (done.status.code(), String::from_utf8(done.stderr).unwrap().trim().to_owned())
    }

    fn json(&self, args: &[&str]) -> Json {
        serde_json::from_str(&self.ok(args)).unwrap()
    }

    fn import(&self, more: &[&str]) -> String {
        let files = books();
        let files = files.iter().map(|f| f.to_str().unwrap());
        let args: Vec<&str> = std::iter::once("import").chain(files).chain(more.iter().copied()).collect();
        self.ok(&args)
    }

    fn list(&self, kind: &str) -> Vec<Json> {
        serde_json::from_value(self.json(&["list", kind, "--json"])).unwrap()
    }

    fn put(&self, kind: &str, fields: &Json) -> String {
        self.json(&["put", kind, "--json", &fields.to_string()])["id"].as_str().unwrap().to_owned()
    }
}

fn sample_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/sample")
}

fn books() -> Vec<PathBuf> {
    let mut books: Vec<PathBuf> = std::fs::read_dir(sample_folder()).unwrap().map(|f| f.unwrap().path()).collect();
    books.retain(|path| path.extension().is_some_and(|e| e == "xlsx"));
    books.sort();
    books
}

fn truth() -> Json {
    serde_json::from_slice(&std::fs::read(sample_folder().join("truth.json")).unwrap()).unwrap()
}

fn known(figure: &Json) -> i64 {
    figure["amount"]["known"].as_i64().unwrap_or_else(|| panic!("{figure}"))
}

#[test]
fn the_seven_books_are_what_a_careful_person_reads_out_of_them() {
    let (village, truth) = (Village::sample(), truth());
    let people = village.list("person");
    let (members, helpers): (Vec<_>, Vec<_>) = people.into_iter().partition(|p| p.get("household").is_some());
    let pairings = village.list("pairing");
    let of = |bond: &str| pairings.iter().filter(|p| p["bond"] == bond).count();
    let counts = json!({
        "households": village.list("household").len(), "people": members.len(), "groups": village.list("group").len(),
        "party_members": village.list("party_member").len(), "pairings": of("aid"), "helpers": helpers.len(),
        "member_links": of("link"), "visits": village.list("visit").len(), "meetings": village.list("meeting").len(),
    });
    for (name, count) in counts.as_object().unwrap() {
        assert_eq!(*count, truth[name], "{name}");
    }
}

#[test]
fn classes_and_stars_lie_as_in_the_books() {
    let (village, truth) = (Village::sample(), truth());
    let mut kinds = std::collections::BTreeMap::<String, u64>::new();
    let codes: Json = serde_json::from_str(include_str!("../../../assets/codes.json")).unwrap();
    let classes = codes["sets"].as_array().unwrap().iter().find(|s| s["id"] == "household_class").unwrap();
    for class in village.list("household_class") {
        let code = classes["codes"].as_array().unwrap().iter().find(|c| c["code"] == class["class"]).unwrap();
        *kinds.entry(code["zh"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    assert_eq!(json!(kinds), truth["kinds"]);
    let ratings = village.list("rating");
    let stars = (0..=5)
        .map(|n| (n.to_string(), json!(ratings.iter().filter(|r| r["stars"].as_i64().unwrap_or(0) == n).count())));
    assert_eq!(Json::Object(stars.collect()), truth["stars"]);
    let aspects =
        [("致富星", "wealth"), ("守法星", "law"), ("美德星", "virtue"), ("卫生星", "clean"), ("诚信星", "honest")];
    for (label, field) in aspects {
        let granted = ratings.iter().filter(|r| r[field]["granted"] == true).count();
        assert_eq!(json!(granted), truth["aspects"][label], "{label}");
    }
}

#[test]
fn october_is_counted_as_the_truth_has_it() {
    let (village, truth) = (Village::sample(), truth());
    let (month, october) = (village.json(&["month", "2026-10", "--json"]), &truth["october"]);
    let aid = &month["aid"];
    let pairs = [
        ("visits", "visits"),
        ("visited", "households_visited"),
        ("meals", "meals"),
        ("chores", "chores"),
        ("ways", "paths"),
        ("needs", "needs"),
    ];
    for (ours, theirs) in pairs {
        assert_eq!(json!(known(&aid[ours])), october[theirs], "{ours}");
        assert_eq!(known(&aid[ours]), aid[ours]["records"].as_array().unwrap().len() as i64, "{ours}");
    }
    let mut unvisited: Vec<&str> =
        aid["unvisited_names"].as_array().unwrap().iter().map(|row| row["head"].as_str().unwrap()).collect();
    unvisited.sort_unstable();
    assert_eq!(json!(unvisited), october["unvisited"]);
    assert_eq!(json!(known(&month["assembly"]["attended"])), october["meeting"]["present"]);
    assert_eq!(json!(known(&month["assembly"]["opinions"])), october["meeting"]["opinions"]);
    for (row, round) in
        month["assembly"]["rounds"].as_array().unwrap().iter().zip(october["meeting"]["rounds"].as_array().unwrap())
    {
        assert_eq!((&row["who"], &row["issued"]), (&round["who"], &round["ballots"]));
        for grade in ["best", "good", "fair", "poor"] {
            assert_eq!(row["tally"][grade], round[grade]);
        }
    }
}

#[test]
fn the_same_books_again_change_nothing_and_one_undo_takes_an_import_back() {
    let village = Village::new();
    let empty = village.ok(&["dump"]);
    let preview: Json = serde_json::from_str(&village.import(&["--dry-run", "--json"])).unwrap();
    assert_eq!(village.ok(&["dump"]), empty);
    assert_eq!(preview["summary"]["household"]["new"], 826);
    let first: Json = serde_json::from_str(&village.import(&["--json"])).unwrap();
    let full = village.ok(&["dump"]);
    let again: Json = serde_json::from_str(&village.import(&["--json"])).unwrap();
    assert_eq!(again["batch"], Json::Null);
    for (kind, counts) in again["summary"].as_object().unwrap() {
        assert_eq!((&counts["new"], &counts["changed"]), (&json!(0), &json!(0)), "{kind}");
    }
    assert_eq!(village.ok(&["dump"]), full);
    village.ok(&["undo", first["batch"].as_str().unwrap()]);
    assert_eq!(village.ok(&["dump"]), empty);
    village.ok(&["verify"]);
}

#[test]
fn doubts_come_back_as_a_list_and_as_marked_books() {
    let village = Village::new();
    let folder = village.path("疑问");
    let told: Json = serde_json::from_str(&village.import(&["--json", "--doubts", folder.to_str().unwrap()])).unwrap();
    let written: Json = serde_json::from_slice(&std::fs::read(folder.join("疑问.json")).unwrap()).unwrap();
    let all = ["doubts", "repairs", "notices"].iter().map(|k| told[*k].as_array().unwrap().len()).sum::<usize>();
    assert_eq!(written.as_array().unwrap().len(), all);
    let dirty = truth()["dirty_cells"].as_array().unwrap().len();
    let own = |list: &str| told[list].as_array().unwrap().iter().filter(|f| f["file"] == "农户台账.xlsx").count();
    assert_eq!(own("doubts") + own("repairs"), dirty);
    let marked = folder.join("农户台账（标疑）.xlsx");
    let again: Json = serde_json::from_str(&village.ok(&["import", marked.to_str().unwrap(), "--json"])).unwrap();
    assert_eq!(again["batch"], Json::Null);
}

#[test]
fn a_visit_dated_tomorrow_is_told_and_the_rest_of_the_book_goes_in() {
    let village = Village::sample();
    let head = "走访日期,走访人,工作单位,户主姓名,身份证号,村民组,同吃一餐饭\n";
    let row = |on: &str| format!("{on},陆永平,松河镇人民政府,区永贵,990101195503019955,一组,√\n");
    let path = village.path("走访.csv");
    std::fs::write(&path, format!("{head}{}{}", row("2026-11-04"), row("2026-11-06"))).unwrap();
    let told: Json = serde_json::from_str(&village.ok(&["import", path.to_str().unwrap(), "--json"])).unwrap();
    assert_eq!(told["summary"]["visit"]["new"], 1);
    let doubt = &told["doubts"][0];
    assert_eq!((&doubt["what"], &doubt["row"], &doubt["column"]), (&json!("date_future"), &json!(3), &json!("A")));
}

#[test]
fn a_word_only_this_township_uses_is_kept_as_typed_and_told() {
    let village = Village::sample();
    let path = village.path("结对.csv");
    let book = "帮扶责任人,工作单位,类别,联系电话,帮扶户户主,户主身份证号,村民组,结对时间\n\
        周新民,县档案馆,乡村振兴特派员,10011112222,张文,990101199102116656,一组,2026年3月\n";
    std::fs::write(&path, book).unwrap();
    let told: Json = serde_json::from_str(&village.ok(&["import", path.to_str().unwrap(), "--json"])).unwrap();
    assert_eq!(told["summary"]["pairing"]["new"], 1);
    assert!(told["doubts"].as_array().unwrap().iter().any(|d| d["as_typed"] == "乡村振兴特派员"), "{told}");
    assert!(village.ok(&["dump"]).contains("乡村振兴特派员"));
}

#[test]
fn a_hostile_file_is_refused_and_the_ledger_is_as_it_was() {
    let village = Village::new();
    let before = village.ok(&["dump"]);
    let file = |name: &str, bytes: &[u8]| {
        let path = village.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let folder = village.path("一个文件夹");
    std::fs::create_dir(&folder).unwrap();
    let whole = std::fs::read(&books()[0]).unwrap();
    let wide = format!("{}\n", ",".repeat(1_000_000));
    let hostile = [
        folder,
        village.path("没有.xlsx"),
        file("空.xlsx", b""),
        file("图片.xlsx", &[0x89; 4096]),
        file("网页.xls", "<html><table><tr><td>户主</td></tr></table></html>".as_bytes()),
        file("截断.xlsx", &whole[..whole.len() / 2]),
        file("很宽.csv", wide.as_bytes()),
        file("别的表.csv", "甲,乙,丙\n1,2,3\n".as_bytes()),
    ];
    for path in hostile {
        let (code, sentence) = village.refused(&["import", path.to_str().unwrap()]);
        assert_eq!(code, Some(1), "{}: {sentence}", path.display());
        assert!(sentence.starts_with('《') && sentence.lines().count() == 1, "{sentence}");
    }
    assert_eq!(village.ok(&["dump"]), before);
}

#[test]
fn a_clerks_month_ends_in_three_files_that_office_programs_open() {
    let village = Village::sample();
    // The watermark of a Word file is a drawing, which is no text to a reader.
    village.put("village", &json!({"sample": false}));
    let out = village.path("月报");
    let written = village.json(&["report", "2026-10", "--out", out.to_str().unwrap(), "--details", "masked", "--json"]);
    assert_eq!(written.as_array().unwrap().len(), 3);
    for name in ["minutes", "signin", "visits"] {
        village.ok(&["print", name, "--out", out.to_str().unwrap()]);
    }
    let files: Vec<PathBuf> = std::fs::read_dir(&out).unwrap().map(|f| f.unwrap().path()).collect();
    assert_eq!(files.len(), 6);
    let stem = out.join("禾坪村2026年10月工作月报");
    let [word, sheet] = ["docx", "xlsx"].map(|e| opened(&stem.with_extension(e)));
    let ours = text_of(&stem.with_extension("pdf"));
    assert_eq!(letters(&word), letters(&ours));
    for text in [&word, &sheet, &ours] {
        assert!(!text.contains("990101199102116656"), "a resident ID in full");
    }
    assert!(ours.contains("8/8个组"));
}

/// LibreOffice opens the file; what it prints is read back.
fn opened(file: &Path) -> String {
    let lock = std::env::temp_dir().join("lianhu-office.lock");
    let lock = std::fs::File::options().create(true).truncate(false).write(true).open(lock).unwrap();
    lock.lock().unwrap();
    let folder = TempDir::new().unwrap();
    let profile = format!("-env:UserInstallation=file://{}", folder.path().join("profile").display());
    let done = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", "pdf", "--outdir"])
        .args([folder.path(), file])
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    text_of(&folder.path().join(file.with_extension("pdf").file_name().unwrap()))
}

fn text_of(pdf: &Path) -> String {
    let done = Command::new("pdftotext").arg("-raw").arg(pdf).arg("-").output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

/// Without page numbers and blanks, in no order: the two programs break pages and draw grouped headings differently.
fn letters(text: &str) -> String {
    let is_number = |line: &str| line.starts_with('—') && line.ends_with('—');
    let repeated = ["表", "序号"];
    let lines = text
        .split(['\n', '\u{c}'])
        .map(str::trim)
        .filter(|l| !is_number(l) && !repeated.iter().any(|r| l.starts_with(r)));
    let mut letters: Vec<char> = lines.flat_map(str::chars).filter(|c| !c.is_whitespace()).collect();
    letters.sort_unstable();
    letters.dedup();
    letters.into_iter().collect()
}

#[test]
fn a_closed_month_keeps_its_figures_and_the_next_report_tells_the_corrections() {
    let mut village = Village::sample();
    let before = village.json(&["month", "2026-10", "--json"]);
    village.ok(&["close", "2026-10"]);
    let (code, sentence) = village.refused(&["close", "2026-10"]);
    assert_eq!((code, sentence.contains("已经月结")), (Some(1), true), "{sentence}");
    let visit = before["aid"]["visits"]["records"][0].as_str().unwrap();
    let patch = json!({"id": visit, "self_paid": true}).to_string();
    let (code, sentence) = village.refused(&["put", "visit", "--json", &patch]);
    assert_eq!((code, sentence.contains("更正")), (Some(1), true), "{sentence}");
    village.at = "2026-11-20T09:00".into();
    village.ok(&["put", "visit", "--json", &patch, "--correct", "当晚漏记"]);
    let after = village.json(&["month", "2026-10", "--json"]);
    assert_eq!(after["aid"], before["aid"]);
    let november = village.json(&["month", "2026-11", "--json"]);
    assert_eq!(known(&november["entry"]["corrected"]), 1);
    let changes = village.json(&["history", visit, "--json"]);
    assert_eq!(changes.as_array().unwrap().len(), 2);
}

#[test]
fn a_late_visit_lands_in_its_own_month_and_is_marked() {
    let village = Village::sample();
    let pairing = village.list("pairing").into_iter().find(|p| p["bond"] == "aid").unwrap();
    let visit = json!({"household": pairing["household"], "visitor": pairing["helper"], "on": "2026-10-02"});
    let before = known(&village.json(&["month", "2026-10", "--json"])["aid"]["visits"]);
    village.put("visit", &visit);
    let month = village.json(&["month", "2026-10", "--json"]);
    assert_eq!(known(&month["aid"]["visits"]), before + 1);
    assert_eq!(known(&month["entry"]["late"]), 1);
}

#[test]
fn people_are_found_by_pinyin_group_and_number() {
    let village = Village::sample();
    let first = |text: &str| village.json(&["find", text, "--json"])[0]["name"].as_str().unwrap_or_default().to_owned();
    assert!(first("yuchigy").starts_with("尉迟"));
    assert_eq!(first("尉迟国永"), "尉迟国永");
    assert_eq!(first("何贵永"), "何贵永");
    assert_eq!(first("6656"), "张文");
    let group = village.json(&["find", "3组张", "--json"]);
    assert!(
        group.as_array().unwrap().iter().all(|p| p["group"] == "三组" && p["name"].as_str().unwrap().starts_with('张'))
    );
}

#[test]
fn usage_refusal_and_fault_have_codes_of_their_own() {
    let village = Village::new();
    assert_eq!(village.refused(&["put", "visit", "--json", "{"]).0, Some(2));
    assert_eq!(village.refused(&["no-such-command"]).0, Some(2));
    assert_eq!(village.refused(&["get", "visit", "00000000-0000-0000-0000-000000000000"]).0, Some(1));
    let english = village.refused(&["--lang", "en", "list", "people"]).1;
    assert!(english.starts_with("There is no kind"), "{english}");
    let missing =
        Command::new(env!("CARGO_BIN_EXE_lianhu")).args(["--ledger", "/no/such/file", "dump"]).output().unwrap();
    assert_eq!(missing.status.code(), Some(1));
}

/// What a month says, word for word. Set `LIANHU_BLESS` to write the files anew, then read the diff.
fn golden(village: &Village, month: &str, name: &str) {
    let said = village.ok(&["month", month]);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("LIANHU_BLESS").is_some() {
        std::fs::write(&file, &said).unwrap();
    }
    let wanted = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(said.replace('\r', ""), wanted.replace('\r', ""), "{name}");
}

#[test]
fn the_first_month_of_an_empty_village() {
    golden(&Village::new(), "2026-11", "first-month.txt");
}

#[test]
fn a_month_without_a_meeting_says_why() {
    let village = Village::sample();
    assert_eq!(village.refused(&["close", "2026-11"]).0, Some(1));
    village.put("not_held", &json!({"month": "2026-11", "duty": "mass", "reason": "连续强降雨，院坝积水"}));
    golden(&village, "2026-11", "no-meeting.txt");
    village.ok(&["close", "2026-11"]);
}

#[test]
fn december_looks_back_to_november_and_forward_to_january() {
    let mut village = Village::sample();
    village.at = "2026-12-31T20:00".into();
    let household = village.list("household")[4]["id"].clone();
    let pairing = village.list("pairing").into_iter().find(|p| p["bond"] == "aid").unwrap();
    village.put("visit", &json!({"household": pairing["household"], "visitor": pairing["helper"], "on": "2026-12-30",
        "shared_meal": true, "self_paid": true, "did_chore": true, "opportunity_given": true, "opportunity": "种植红薯三亩"}));
    let meeting = village.put(
        "meeting",
        &json!({"meeting_kind": "群众大会", "on": "2026-12-24", "place": "村委会院坝",
        "host": "村党支部书记", "expected": 826, "present": 139}),
    );
    village.put(
        "round",
        &json!({"meeting": meeting, "pair": 2, "who": "村“两委”干部", "said": "述履职情况", "what": "工作成效",
        "tally": {"issued": 120, "returned": 118, "best": 70, "good": 30, "fair": 12, "poor": 6}}),
    );
    village.put("matter", &json!({"text": "垃圾清运不及时，电话10012345678", "on": "2026-12-24", "raised_at": "meeting", "meeting": meeting,
        "household": household, "owner": "村委会", "due": "2027-01-20"}));
    village.put(
        "matter",
        &json!({"text": "公开垃圾清运时间表", "on": "2026-12-24", "raised_at": "mend", "meeting": meeting,
        "owner": "村委会", "due": "2027-01-24"}),
    );
    village.put("month_plan", &json!({"month": "2026-12", "items": ["组织冬季防火巡查", "完成走访未到户补访"]}));
    golden(&village, "2026-12", "december.txt");
    let raised = village.list("matter").into_iter().find(|m| m["text"].as_str().unwrap().starts_with("垃圾")).unwrap();
    let head = village.json(&["get", "household", household.as_str().unwrap()])["head"].clone();
    let name = village.json(&["get", "person", head.as_str().unwrap()])["name"].as_str().unwrap().to_owned();
    let text = format!("{name}家门前积水");
    village.put("matter", &json!({"id": raised["id"], "text": text}));
    assert!(!village.ok(&["month", "2026-12"]).contains(&text), "a household is named outside annex 3");
}
