//! What the ledger costs, each figure beside a floor measured in the same run: absolute times say more about the machine
//! than about us. `cargo xtask bench` builds this in release and runs it.
#![expect(clippy::print_stdout, reason = "a command line speaks on its output")]

mod township;
mod window;
mod wire;

use std::path::Path;
use std::time::{Duration, Instant};

use lianhu_import::{Book, Cell, Manner, Parsed, import, read_file, understand};
use lianhu_ledger::dates::{Date, Month};
use lianhu_ledger::records::{Household, HouseholdId, Person, PersonId};
use lianhu_ledger::{Edge, FixedEdge, Founding, Ledger, search};
use lianhu_report::figures;
use lianhu_report::monthly::{self, Details};
use lianhu_report::{PdfOptions, docx, papers, pdf, xlsx};
use rusqlite::Connection;
use serde_json::json;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome {
    if township::is_server()? {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    println!("{:<58} {:>10} {:>10} {:>8} {:>8}", "", "ours", "floor", "ratio", "aim");
    // A part of it, or several, by name; otherwise all.
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let is_asked = |part: &str| asked.is_empty() || asked.iter().any(|name| name == part);
    if is_asked("township") {
        township::township(folder.path())?;
    }
    if is_asked("postgres") {
        township::on_postgres(folder.path())?;
    }
    if is_asked("wire") {
        wire::wire(folder.path())?;
    }
    if is_asked("ledger") { ledger_and_window(folder.path()) } else { Ok(()) }
}

fn ledger_and_window(folder: &Path) -> Outcome {
    saves(folder)?;
    let ledger = books(folder)?;
    let ledger = ten_years(ledger)?;
    size(&ledger)?;
    month(&ledger)?;
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench");
    std::fs::create_dir_all(&kept)?;
    let ten = kept.join("ten-years.lianhu");
    ledger.backup(&ten, None, Box::new(FixedEdge::on(day("2036-11-20"), 3)))?;
    window::window(&ten, &sample_folder().join("农户台账.xlsx"), folder)?;
    rebuilds(ledger)?;
    searches();
    Ok(())
}

fn line(name: &str, ours: f64, floor: Option<f64>, unit: &str, aim: &str) {
    let floor_text = floor.map_or_else(String::new, |f| format!("{f:.2} {unit}"));
    let ratio = floor.map_or_else(String::new, |f| format!("{:.2}", ours / f));
    println!("{name:<58} {:>10} {floor_text:>10} {ratio:>8} {aim:>8}", format!("{ours:.2} {unit}"));
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    ms(times[times.len() / 2])
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let done = work();
    (start.elapsed(), done)
}

fn day(text: &str) -> Date {
    text.parse().unwrap_or_default()
}

fn new_ledger(path: &Path) -> Outcome<Ledger> {
    let founding = Founding { village: "禾坪村", code: "990101102207", township: "松河镇", clerk: "王文书" };
    Ok(Ledger::create(path, None, &founding, Box::new(FixedEdge::on(day("2036-11-20"), 1)))?)
}

const VISIT: &str =
    "CREATE TABLE visit (id BLOB PRIMARY KEY, household BLOB, visitor BLOB, \"on\" TEXT, shared_meal INTEGER,
    self_paid INTEGER, did_chore INTEGER, opportunity_given INTEGER, opportunity TEXT, opportunity_done INTEGER,
    day_note TEXT, typed_on TEXT, as_typed TEXT, note TEXT, gone TEXT) STRICT, WITHOUT ROWID;
    CREATE INDEX visit_on ON visit (\"on\"); CREATE INDEX visit_household ON visit (household);";

/// One visit, saved durably: checks, log and all, against a bare insert of the same row under the same pragmas. The two
/// take turns, so that a slow moment of the disk falls on both.
fn saves(folder: &Path) -> Outcome {
    let mut ledger = new_ledger(&folder.join("save.lianhu"))?;
    let household = ledger.edit("put", "王", |d| d.create("household", fields(json!({"number": 1}))))?.value;
    let visitor = ledger.edit("put", "王", |d| d.create("person", fields(json!({"name": "陆永平"}))))?.value;
    let bare = Connection::open(folder.join("bare.db"))?;
    bare.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;")?;
    bare.execute_batch(VISIT)?;
    let (mut ours, mut floor) = (Vec::new(), Vec::new());
    let mut edge = FixedEdge::on(day("2036-11-20"), 9);
    for n in 0..1500u32 {
        let on = Date::from_ymd_opt(2036, 1 + n % 10, 1 + n % 28).unwrap_or_default().to_string();
        let typed = json!({"household": household, "visitor": visitor, "on": on, "shared_meal": true, "did_chore": true,
            "opportunity_given": true, "opportunity": "外出务工对接", "note": format!("第{n}次")});
        let (time, saved) = timed(|| ledger.edit("put", "王文书", |d| d.create("visit", fields(typed.clone()))));
        saved?;
        ours.push(time);
        let id = [edge.now_ms().to_be_bytes().as_slice(), &u64::from(n).to_be_bytes()].concat();
        let (time, done) = timed(|| {
            let mut insert = bare.prepare_cached(
                "INSERT INTO visit VALUES (?1, ?2, ?3, ?4, 1, NULL, 1, 1, ?5, NULL, NULL, ?6, NULL, ?7, NULL)",
            )?;
            let (house, who) = (household.as_bytes().as_slice(), visitor.as_bytes().as_slice());
            insert.execute(rusqlite::params![id, house, who, on, "外出务工对接", "2036-11-20", format!("第{n}次")])
        });
        done?;
        floor.push(time);
        edge.counter += 1;
    }
    line("one visit saved durably / a bare insert (median)", median(ours), Some(median(floor)), "ms", "1.4");
    Ok(())
}

fn fields(value: serde_json::Value) -> lianhu_ledger::Fields {
    serde_json::from_value(value).unwrap_or_default()
}

fn sample_folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/sample")
}

fn sample() -> Outcome<Vec<Book>> {
    let mut files: Vec<_> = std::fs::read_dir(sample_folder())?.filter_map(|f| Some(f.ok()?.path())).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "xlsx"));
    files.sort();
    Ok(files.iter().map(|f| read_file(f)).collect::<Result<_, _>>()?)
}

/// The seven books, against reading their cells alone.
fn books(folder: &Path) -> Outcome<Ledger> {
    let mut ledger = new_ledger(&folder.join("village.lianhu"))?;
    let (reading, books) = timed(sample);
    let books = books?;
    let (taking, done) = timed(|| -> Outcome {
        let parsed: Vec<Parsed> = books.iter().map(understand).collect::<Result<_, _>>()?;
        import(&mut ledger, &parsed, "王文书", Manner::default())?;
        Ok(())
    });
    done?;
    line("seven books imported / their cells read", ms(reading + taking), Some(ms(reading)), "ms", "");
    Ok(ledger)
}

/// The sample's visits and meetings moved to other years: nine more years, as an old Excel ledger would hand them over.
fn moved(book: &Book, years: i32) -> Book {
    use chrono::Datelike;
    let mut book = book.clone();
    let shift = |text: &str| {
        let on: Date = text.parse().ok()?;
        Some(on.with_day(on.day().min(28))?.with_year(on.year() + years)?.to_string())
    };
    let cells = book.sheets.iter_mut().flat_map(|s| &mut s.rows).flat_map(|r| &mut r.cells);
    for (_, cell) in cells {
        if let Cell::Text(text) = cell {
            *text = shift(text).unwrap_or_else(|| text.clone());
        }
    }
    book
}

fn ten_years(mut ledger: Ledger) -> Outcome<Ledger> {
    let books = sample()?;
    let facts: Vec<&Book> = books.iter().filter(|b| b.name.contains("走访") || b.name.contains("群众大会")).collect();
    let mut parsed = Vec::new();
    for years in 1..10 {
        parsed.extend(facts.iter().map(|b| understand(&moved(b, years))).collect::<Result<Vec<_>, _>>()?);
    }
    let (time, imported) = timed(|| import(&mut ledger, &parsed, "王文书", Manner::default()));
    let rows = imported?.plan.patches.len();
    line(&format!("nine more years imported ({rows} records)"), ms(time), None, "ms", "");
    typed(&mut ledger)?;
    Ok(ledger)
}

/// A tenth of the visits typed in evening by evening, eight at a time, and some of them mended later.
fn typed(ledger: &mut Ledger) -> Outcome {
    let households: Vec<HouseholdId> = ledger.view().all::<Household>()?.iter().map(|h| h.id).collect();
    let visitors: Vec<PersonId> =
        ledger.view().select::<Person>("unit IS NOT NULL", [])?.iter().map(|p| p.id).collect();
    for evening in 0..160usize {
        let made = ledger.edit("put", "王文书", |draft| {
            let mut made = Vec::new();
            for n in 0..8usize {
                let household = households[(evening * 8 + n) % households.len()].0;
                let visitor = visitors[evening % visitors.len()].0;
                let on = format!("2036-{:02}-{:02}", 1 + evening % 11, 1 + n);
                made.push(draft.create(
                    "visit",
                    fields(json!({"household": household, "visitor": visitor, "on": on,
                    "shared_meal": true, "opportunity_given": true, "opportunity": "发展林下养鸡"})),
                )?);
            }
            Ok(made)
        })?;
        ledger.edit("put", "王文书", |d| d.patch("visit", made.value[0], fields(json!({"did_chore": true}))))?;
    }
    Ok(())
}

/// The file against the same tables and indexes without log, clocks and what is kept for the exchange. Only the tables of
/// the records have their names in quotes.
fn size(ledger: &Ledger) -> Outcome {
    let plain = ledger.path().with_extension("plain");
    let copy = Connection::open(ledger.path())?;
    copy.execute("ATTACH ?1 AS plain", [plain.to_str().unwrap_or_default()])?;
    let mut statement = copy.prepare(
        "SELECT name, sql FROM main.sqlite_schema WHERE sql LIKE 'CREATE TABLE \"%' OR sql LIKE 'CREATE INDEX \"%'
        ORDER BY type DESC",
    )?;
    let objects: Vec<(String, String)> =
        statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_, _>>()?;
    for (name, sql) in &objects {
        let sql = sql.replace(",\n    clocks BLOB NOT NULL", "");
        let sql = sql.replacen("CREATE TABLE \"", "CREATE TABLE plain.\"", 1).replacen(
            "CREATE INDEX \"",
            "CREATE INDEX plain.\"",
            1,
        );
        copy.execute_batch(&sql)?;
        if sql.starts_with("CREATE TABLE") {
            let mut info = copy.prepare(&format!(
                "SELECT group_concat('\"' || name || '\"') FROM pragma_table_info('{name}', 'plain')"
            ))?;
            let columns: String = info.query_row([], |r| r.get(0))?;
            copy.execute_batch(&format!(
                "INSERT INTO plain.\"{name}\" ({columns}) SELECT {columns} FROM main.\"{name}\" ORDER BY id"
            ))?;
        }
    }
    copy.execute_batch("VACUUM plain")?;
    let packed = ledger.path().with_extension("packed");
    copy.execute("VACUUM main INTO ?1", [packed.to_str().unwrap_or_default()])?;
    let mib = |path: &Path| std::fs::metadata(path).map(|m| m.len() as f64 / 1048576.0);
    line("file of ten years / its plain tables", mib(&packed)?, Some(mib(&plain)?), "MiB", "2");
    line("  as it lies on disk", mib(ledger.path())?, Some(mib(&plain)?), "MiB", "");
    Ok(())
}

fn month(ledger: &Ledger) -> Outcome {
    let (view, today) = (ledger.view(), day("2036-11-20"));
    let month: Month = "2034-10".parse()?;
    let mut times = Vec::new();
    for _ in 0..15 {
        times.push(timed(|| figures::live(view, month, today)).0);
    }
    let people = median((0..15).map(|_| timed(|| view.all::<Person>()).0).collect());
    line("figures of a month in ten years / reading 3,574 people", median(times), Some(people), "ms", "50 ms");
    let figures = figures::live(view, month, today)?;
    let made_at = today.and_hms_opt(9, 0, 0).unwrap_or_default();
    let (mut ours, mut all) = (Vec::new(), Vec::new());
    for _ in 0..7 {
        let (own, done) = timed(|| -> Outcome<_> {
            let paper = monthly::document(&figures, &papers::edition(view, &figures, "王文书", true, made_at)?);
            docx(&paper)?;
            xlsx(&paper, &monthly::details(view, &figures, Details::Masked)?)?;
            Ok(paper)
        });
        let paper = done?;
        let (setting, pages) = timed(|| pdf(&paper, &PdfOptions::default()));
        pages?;
        ours.push(own);
        all.push(own + setting);
    }
    line("report: words, docx and xlsx (no typesetting)", median(ours), None, "ms", "100 ms");
    line("report: all three files, warm", median(all), None, "ms", "1500 ms");
    Ok(())
}

fn rebuilds(mut ledger: Ledger) -> Outcome {
    let (ten, records) = timed(|| ledger.rebuild());
    let records = records?;
    let (bare, rows) = timed(|| ledger.batches().map(|b| b.len()));
    line(&format!("rebuild of ten years ({records} records) / reading its log"), ms(ten), Some(ms(bare)), "ms", "");
    rows?;
    double(&mut ledger)?;
    let (twenty, records) = timed(|| ledger.rebuild());
    line(&format!("rebuild of twenty years ({} records)", records?), ms(twenty), None, "ms", "seconds");
    let (time, found) = timed(|| ledger.verify());
    line(&format!("verify of twenty years ({} problems)", found?.problems.len()), ms(time), None, "ms", "");
    Ok(())
}

/// Ten years more of visits and meetings.
fn double(ledger: &mut Ledger) -> Outcome {
    let books = sample()?;
    let facts: Vec<&Book> = books.iter().filter(|b| b.name.contains("走访") || b.name.contains("群众大会")).collect();
    let mut parsed = Vec::new();
    for years in -10..0 {
        parsed.extend(facts.iter().map(|b| understand(&moved(b, years))).collect::<Result<Vec<_>, _>>()?);
    }
    import(ledger, &parsed, "王文书", Manner::default())?;
    Ok(())
}

/// A village and a county.
fn searches() {
    let surnames: Vec<char> = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高".chars().collect();
    let given: Vec<char> = "建国明华文德福贵兴永志强军平光成学忠伟勇秀英兰花".chars().collect();
    for (people, aim) in [(3_500usize, "5 ms"), (1_000_000, "100 ms")] {
        let name = |n: usize| [surnames[n % 20], given[n / 20 % 24], given[n / 480 % 24]].iter().collect::<String>();
        let names: Vec<String> = (0..people).map(name).collect();
        let index = search::Index::build(names.iter().enumerate().map(|(n, name)| search::Entry {
            handle: n as u32,
            name,
            group: (n % 8) as u16,
            phone: "",
            id: "",
            head: n % 4 == 0,
            weight: 0,
        }));
        let queries = ["zjg", "zhangjg", "张建国", "3组张", "zhangjianguo", "jg", "w"];
        let slowest =
            queries.iter().map(|q| median((0..9).map(|_| timed(|| index.find(q, 20)).0).collect())).fold(0.0, f64::max);
        let scan = median((0..9).map(|_| timed(|| names.iter().filter(|n| n.contains("建国")).count()).0).collect());
        line(
            &format!("search among {people}, slowest of {} / contains()", queries.len()),
            slowest,
            Some(scan),
            "ms",
            aim,
        );
    }
}
