//! 开始 — which ledger lies on the desk and who sits at it; a new village, a ledger that exists, or the sample village.

use std::path::PathBuf;

use lianhu_import::{Manner, Parsed, import, read_bytes, understand};
use lianhu_ledger::dates::Date;
use lianhu_ledger::records::Village;
use lianhu_ledger::{Code, Fields, Founding, Ledger, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::json;
use ts_rs::TS;

use crate::desk::Desk;
use crate::files;
use crate::jobs::{Job, JobNo};
use crate::problem::Result;
use crate::settings::Settings;
use crate::sticks;

/// A question without particulars.
#[derive(Clone, Copy, Debug, Default, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// What every page needs to know.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Session {
    pub open: Option<OpenLedger>,
    /// The ledger that was open last and did not open now, and why.
    pub lost: Option<LostLedger>,
    pub today: Date,
    pub user: String,
    pub settings: Settings,
    /// Where papers are put.
    pub papers: String,
    pub version: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct OpenLedger {
    pub village: String,
    pub township: Option<String>,
    pub path: String,
    /// The fictional sample: everything is marked 样例.
    pub sample: bool,
    /// Why nothing can be written, when nothing can.
    #[ts(type = "Code | null")]
    pub read_only: Option<&'static str>,
    pub households: i64,
    /// Places where two computers wrote without knowing of each other.
    pub open_questions: usize,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct LostLedger {
    pub path: String,
    #[ts(type = "Code | null")]
    pub code: Option<&'static str>,
}

pub fn look(desk: &Desk, _: Nothing) -> Result<Session> {
    let settings = desk.settings();
    let open = if desk.is_open() { Some(desk.read(open_ledger)?) } else { None };
    let lost = match (&open, &settings.ledger) {
        (None, Some(path)) => {
            let path = desk.place().dir.join(path);
            let code = Ledger::open(&path, None, Box::new(desk.machine())).err().and_then(|e| e.code());
            Some(LostLedger { path: path.display().to_string(), code: code.map(Code::name) })
        }
        _ => None,
    };
    Ok(Session {
        user: if open.is_some() { desk.author()? } else { settings.user.clone().unwrap_or_default() },
        open,
        lost,
        today: desk.today(),
        papers: desk.papers().display().to_string(),
        settings,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    })
}

/// What the village of a ledger is called.
pub(crate) fn village_name(ledger: &Ledger) -> Result<String> {
    let village = ledger.view().all::<Village>()?.into_iter().next();
    Ok(village.map(|village| village.name).unwrap_or_default())
}

fn open_ledger(ledger: &Ledger) -> Result<OpenLedger> {
    let view = ledger.view();
    let village = view.all::<Village>()?.into_iter().next();
    Ok(OpenLedger {
        village: village.as_ref().map(|v| v.name.clone()).unwrap_or_default(),
        township: village.as_ref().and_then(|v| v.township.clone()),
        path: ledger.path().display().to_string(),
        sample: village.is_some_and(|v| v.sample == Some(true)),
        read_only: ledger.read_only().map(Code::name),
        households: view.count("SELECT count(*) FROM household WHERE gone IS NULL", [])?,
        open_questions: ledger.open_questions()?,
    })
}

/// A new village: its name and who keeps the ledger. Everything else can wait.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct NewVillage {
    pub village: String,
    pub user: String,
    #[serde(default)]
    #[ts(optional)]
    pub township: Option<String>,
    #[serde(default)]
    #[ts(optional)]
    pub code: Option<String>,
}

pub fn new(desk: &Desk, ask: NewVillage) -> Result<()> {
    let missing = |field| Refusal::new(Code::Missing).with("kind", "village").with("field", field);
    if ask.village.trim().is_empty() {
        return Err(missing("name").into());
    }
    if ask.user.trim().is_empty() {
        return Err(missing("clerk").into());
    }
    let founding = Founding {
        village: ask.village.trim(),
        code: ask.code.as_deref().unwrap_or_default(),
        township: ask.township.as_deref().unwrap_or_default(),
        clerk: ask.user.trim(),
    };
    let ledger = Ledger::create(&free_path(desk, ask.village.trim()), None, &founding, Box::new(desk.machine()))?;
    desk.put_on_the_desk(ledger)?;
    desk.set(|settings| settings.user = Some(ask.user.trim().to_owned())).map(|_| ())
}

fn free_path(desk: &Desk, village: &str) -> PathBuf {
    let dir = &desk.place().dir;
    dir.join(files::free_name(dir, &files::safe_name(village), "lianhu"))
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OpenPath {
    pub path: String,
}

/// Opens a ledger that exists, where it lies.
pub fn open(desk: &Desk, ask: OpenPath) -> Result<()> {
    desk.open_ledger(&PathBuf::from(ask.path))
}

/// A ledger that lies where ledgers lie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct FoundLedger {
    pub path: String,
    pub name: String,
    pub folder: String,
    /// Milliseconds since 1970.
    pub at_ms: u64,
}

const MOST_FOUND: usize = 12;

/// In the program's own folder, where tables usually lie, and on sticks; the newest first.
pub fn found(desk: &Desk, _: Nothing) -> Result<Vec<FoundLedger>> {
    let place = desk.place();
    let roots = std::iter::once(place.dir.clone()).chain(place.looks.iter().cloned()).chain(sticks::sticks());
    let files = roots.flat_map(|folder| sticks::files(&folder, &["lianhu"])).collect();
    let ledger = |file: sticks::FoundFile| FoundLedger {
        name: file.path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        folder: file.path.parent().map(|folder| folder.display().to_string()).unwrap_or_default(),
        path: file.path.display().to_string(),
        at_ms: file.at_ms,
    };
    Ok(sticks::newest(files, MOST_FOUND).into_iter().map(ledger).collect())
}

/// The seven workbooks of the sample village, as they are shipped.
const SAMPLE: [(&str, &[u8]); 7] = [
    ("农户台账.xlsx", include_bytes!("../../../assets/sample/农户台账.xlsx")),
    ("党员花名册.xlsx", include_bytes!("../../../assets/sample/党员花名册.xlsx")),
    ("结对帮扶台账.xlsx", include_bytes!("../../../assets/sample/结对帮扶台账.xlsx")),
    ("党员联系户台账.xlsx", include_bytes!("../../../assets/sample/党员联系户台账.xlsx")),
    ("走访记录.xlsx", include_bytes!("../../../assets/sample/走访记录.xlsx")),
    ("群众大会台账.xlsx", include_bytes!("../../../assets/sample/群众大会台账.xlsx")),
    ("五星文明户评定表.xlsx", include_bytes!("../../../assets/sample/五星文明户评定表.xlsx")),
];

/// 样例村: a whole village to look around in. Everything made of it is watermarked. The one that was looked at before is
/// opened again.
pub fn sample(desk: &Desk, _: Nothing) -> Result<JobNo> {
    Ok(desk.begin(|desk, job| {
        let there = desk.place().dir.join(format!("{SAMPLE_NAME}.lianhu"));
        if there.exists() && desk.open_ledger(&there).is_ok() {
            return Ok(());
        }
        found_sample(desk, job)
    }))
}

const SAMPLE_NAME: &str = "样例 禾坪村";

impl Desk {
    /// Puts the sample village on the desk, and waits for it.
    pub fn open_sample(&self) -> Result<()> {
        found_sample(self, &Job::default())
    }
}

pub(crate) fn found_sample(desk: &Desk, job: &Job) -> Result<()> {
    let steps = SAMPLE.len() as u32 + 1;
    let mut books: Vec<Parsed> = Vec::new();
    for (n, (name, bytes)) in SAMPLE.iter().enumerate() {
        job.at("reading", n as u32, steps)?;
        let book = read_bytes(name, bytes).and_then(|book| understand(&book));
        books.push(book.map_err(|_| lianhu_ledger::Fault::Asset { name: "sample", what: (*name).to_owned() })?);
    }
    job.at("writing", SAMPLE.len() as u32, steps)?;
    let founding = Founding { village: "禾坪村", code: "990101102207", township: "松河镇", clerk: "王文书" };
    let mut ledger = Ledger::create(&free_path(desk, SAMPLE_NAME), None, &founding, Box::new(desk.machine()))?;
    let id = ledger.village();
    let marked: Fields = [("sample".to_owned(), json!(true))].into();
    ledger.edit("new", founding.clerk, |draft| draft.patch("village", id, marked))?;
    import(&mut ledger, &books, founding.clerk, Manner::default())?;
    desk.put_on_the_desk(ledger)
}
