//! `cargo xtask month` — a month of the branch's work from the seven workbooks to the sealed report, at the command
//! line: no window, nothing but `lianhu`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::need;
use crate::step::{Done, cargo, program, root, said, step, target};

const MONTH: &str = "2026-10";

/// The evening on which the sample's clerk sits down: the same bytes of work on any day.
const EVENING: &str = "2026-11-20T20:00";

/// One call of the program, in plain words.
struct Call<'a> {
    does: String,
    args: Vec<&'a str>,
}

pub fn run(args: &[String]) -> Done {
    if let Some(unknown) = args.iter().find(|arg| arg.starts_with('-')) {
        return Err(format!("month does not know {unknown}"));
    }
    need::install(need::For::Build)?;
    step("build the program", cargo().args(["build", "--quiet", "--package", "lianhu-cli"]))?;
    match args.first() {
        Some(ledger) => given(Path::new(ledger)),
        None => sample(),
    }
}

/// The month of a ledger that exists; nothing is written to it.
fn given(ledger: &Path) -> Done {
    let out = folder()?;
    let reports = out.to_string_lossy();
    follow(ledger, &papers(&reports))?;
    println!("\n✓ The papers of {MONTH} lie in {reports}");
    Ok(())
}

/// The sample village, from nothing to a closed month.
fn sample() -> Done {
    let folder = folder()?;
    let ledger = folder.join("禾坪村.lianhu");
    let reports = folder.join("月报");
    let (reports, workbooks) = (reports.to_string_lossy(), workbooks()?);
    let founding = "new --village 禾坪村 --code 990101102207 --township 松河镇 --clerk 王文书 --sample";
    let begin = vec![
        call("make an empty ledger", founding),
        Call { does: "import the seven workbooks".into(), args: import(&workbooks) },
    ];
    follow(&ledger, &begin)?;
    let typed = evening(&ledger)?;
    let mut calls: Vec<Call<'_>> = typed
        .iter()
        .map(|(does, kind, record)| Call { does: (*does).into(), args: vec!["put", kind, "--json", record] })
        .collect();
    calls.extend(papers(&reports));
    calls.push(call("show November so far", "month 2026-11"));
    calls.push(Call { does: "write November's report".into(), args: vec!["report", "2026-11", "--out", &reports] });
    calls.push(call("close October", "close 2026-10"));
    calls.push(call("check the ledger against its log", "verify"));
    follow(&ledger, &calls)?;
    println!("\n✓ The ledger is {}\n✓ The reports and papers lie in {reports}", ledger.display());
    Ok(())
}

/// What the clerk types in that evening: two visits and the mass meeting with its four rounds.
fn evening(ledger: &Path) -> Done<Vec<(&'static str, &'static str, String)>> {
    let pairings = answer(ledger, &["list", "pairing", "--json"])?;
    let aid = pairings.split_once(r#""bond": "aid""#).map_or("", |(_, rest)| rest);
    let (household, helper) = (field(aid, "household")?, field(aid, "helper")?);
    let visit = |rest: &str| format!(r#"{{"household":"{household}","visitor":"{helper}",{rest}}}"#);
    let meeting = "01a10000-0000-7000-8000-000000000001";
    let round = |n: u32, who: &str, said: &str, what: &str, tally: &str| {
        format!(
            r#"{{"meeting":"{meeting}","pair":{n},"who":"{who}","said":"{said}","what":"{what}","tally":{{{tally}}}}}"#
        )
    };
    let held = format!(
        r#"{{"id":"{meeting}","meeting_kind":"群众大会","on":"2026-11-18","place":"村委会院坝","host":"村党支部书记","expected":826,"present":151}}"#
    );
    let first = r#""issued":122,"returned":120,"best":80,"good":31,"fair":7,"poor":2"#;
    let second = r#""issued":122,"returned":121,"best":77,"good":35,"fair":8,"poor":1"#;
    let third = r#""issued":122,"returned":119,"best":74,"good":38,"fair":6,"poor":1"#;
    let fourth = r#""issued":122,"returned":118,"best":70,"good":33,"fair":13,"poor":2"#;
    let opinion = format!(
        r#"{{"meeting":"{meeting}","raised_at":"meeting","on":"2026-11-18","household":"{household}","text":"通组路灯不亮，夜里出行不便","owner":"村委会","due":"2026-12-10"}}"#
    );
    Ok(vec![
        (
            "the visit of 3 November",
            "visit",
            visit(r#""on":"2026-11-03","shared_meal":true,"self_paid":true,"did_chore":true"#),
        ),
        (
            "the visit of 19 November",
            "visit",
            visit(r#""on":"2026-11-19","opportunity_given":true,"opportunity":"联系县城务工""#),
        ),
        ("the mass meeting of 18 November", "meeting", held),
        ("its first round", "round", round(1, "驻村干部", "述帮扶措施", "帮扶成效", first)),
        ("its second round", "round", round(2, "村“两委”干部", "述履职情况", "工作成效", second)),
        ("its third round", "round", round(3, "帮扶干部", "述“三到家”工作", "结对帮扶成效", third)),
        ("its fourth round", "round", round(4, "脱贫户代表", "述脱贫情况", "内生动力", fourth)),
        ("what a villager raised", "matter", opinion),
    ])
}

fn answer(ledger: &Path, args: &[&str]) -> Done<String> {
    let mut command = Command::new(program(&target().join("debug"), "lianhu"));
    let done =
        command.arg("--ledger").arg(ledger).args(args).output().map_err(|e| format!("{}: {e}", said(&command)))?;
    String::from_utf8(done.stdout).map_err(|e| e.to_string())
}

/// The first value of that name in the program's JSON; reading it whole would need a library.
fn field(json: &str, name: &str) -> Done<String> {
    let value = json.split_once(&format!("\"{name}\": \"")).and_then(|(_, rest)| rest.split_once('"'));
    value.map(|(value, _)| value.to_owned()).ok_or_else(|| format!("the program gave no {name}"))
}

fn papers(reports: &str) -> Vec<Call<'_>> {
    let print = |what: &'static str| vec!["print", what, "--out", reports];
    vec![
        call("show the month's figures", "month 2026-10"),
        Call { does: "write the monthly report".into(), args: vec!["report", MONTH, "--out", reports] },
        Call { does: "print the minutes of the last mass meeting".into(), args: print("minutes") },
        Call { does: "print its sign-in sheet".into(), args: print("signin") },
        Call { does: "print a blank visit sheet".into(), args: print("visits") },
    ]
}

fn call<'a>(does: &str, args: &'a str) -> Call<'a> {
    Call { does: does.to_owned(), args: args.split(' ').collect() }
}

fn import(workbooks: &[String]) -> Vec<&str> {
    std::iter::once("import").chain(workbooks.iter().map(String::as_str)).collect()
}

fn follow(ledger: &Path, calls: &[Call<'_>]) -> Done {
    let program = program(&target().join("debug"), "lianhu");
    for (n, call) in calls.iter().enumerate() {
        let mut command = Command::new(&program);
        command.arg("--ledger").arg(ledger).args(["--at", EVENING]).args(&call.args);
        println!("\n$ {}", said(&command));
        step(&format!("{} of {}: {}", n + 1, calls.len(), call.does), &mut command)?;
    }
    Ok(())
}

/// A new folder for this run; it is left there, for the papers are to be looked at.
fn folder() -> Done<PathBuf> {
    let folder = std::env::temp_dir().join(format!("lianhu-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("月报")).map_err(|e| format!("{}: {e}", folder.display()))?;
    Ok(folder)
}

fn workbooks() -> Done<Vec<String>> {
    let sample = root().join("assets/sample");
    let files = std::fs::read_dir(&sample).map_err(|e| format!("{}: {e}", sample.display()))?;
    let files = files.filter_map(|file| Some(file.ok()?.path()));
    let mut books: Vec<String> = files
        .filter(|path| path.extension().is_some_and(|e| e == "xlsx"))
        .map(|path| path.to_string_lossy().into_owned())
        .collect();
    books.sort();
    Ok(books)
}
