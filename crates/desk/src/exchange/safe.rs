//! S10 上报与同步 — is my work safe? Where everything stands in one look: what has its receipt, what waits and why, when it was
//! all there last, and what has to be done by somebody.

use lianhu_ledger::{Code, Edge, Ledger, Refusal, Sent, Waiting};
use lianhu_sync::client::{Belonging, belonging, set_pictures};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::Desk;
use crate::naming::Namer;
use crate::problem::Result;
use crate::session::{Nothing, village_name};

/// As many waiting steps as a page lists; the others are counted.
const LISTED: usize = 100;
/// A clock that is off by less bothers nobody.
const CLOCK_MINUTES: i64 = 5;

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct ExchangePage {
    pub village: String,
    /// None where this ledger has joined nothing.
    pub township: Option<TownshipOf>,
    /// Records, by how far they have come.
    pub here: u32,
    pub packed: u32,
    pub delivered: u32,
    pub returned: u32,
    /// Steps of this computer that have their receipt.
    pub received: u32,
    /// Returned steps first, then what is kept over there, then the oldest.
    pub items: Vec<WaitingItem>,
    /// Waiting steps that are not listed.
    pub more: u32,
    /// When everything was there last, in milliseconds since 1970.
    pub last_ms: Option<u64>,
    pub trouble: Option<LastTroubleTold>,
    /// Minutes by which this computer's clock is ahead of the township's; behind when less than nothing.
    pub clock_minutes: Option<i64>,
    pub talking: bool,
    /// Places that two computers changed.
    pub questions: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TownshipOf {
    /// As it calls itself, else as the village's ledger has it.
    pub name: Option<String>,
    /// A village without a township exchanges by stick alone.
    pub by_line: bool,
    /// In such a village: this is its first computer, which lets further ones in.
    pub first: bool,
    pub role: String,
    pub who: String,
    /// Somebody must say yes first, and sees the same six digits.
    pub waits: bool,
    pub short: String,
    pub revoked: bool,
    /// 照片也传.
    pub pictures: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct LastTroubleTold {
    /// A word of the catalogue (`trouble.…`), or `left`.
    pub name: String,
    pub at_ms: u64,
}

/// 本机已存 · 已打包 · 已送达 · 镇里已收到 · 被退回.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SentState {
    Here,
    Packed,
    Delivered,
    Received,
    Returned,
}

impl SentState {
    pub(super) fn of(sent: &Sent) -> SentState {
        match sent {
            Sent::Here => SentState::Here,
            Sent::Packed => SentState::Packed,
            Sent::Delivered => SentState::Delivered,
            Sent::Received { .. } => SentState::Received,
            Sent::Returned { .. } => SentState::Returned,
        }
    }
}

/// One step that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct WaitingItem {
    pub batch: String,
    /// What it did, as a word of the catalogue (`op.…`).
    pub op: String,
    pub author: String,
    pub at_ms: u64,
    pub state: SentState,
    /// Why it was returned or is kept over there, as a word of the catalogue (`held.…`).
    pub why: Option<String>,
    /// The record it is about: the first of them.
    pub record: Option<ItemRecord>,
    /// How many it touched.
    pub records: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ItemRecord {
    #[ts(type = "Kind")]
    pub kind: String,
    pub id: Uuid,
    pub name: String,
    /// The household whose page shows it.
    pub household: Option<Uuid>,
}

pub fn look(desk: &Desk, _: Nothing) -> Result<ExchangePage> {
    let talking = desk.exchange().is_talking();
    let now_ms = desk.machine().now_ms();
    desk.read(|ledger| page(ledger, talking, now_ms))
}

fn page(ledger: &Ledger, talking: bool, now_ms: u64) -> Result<ExchangePage> {
    let about = belonging(ledger)?;
    let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let mut page = ExchangePage {
        village: village_name(ledger)?,
        township: None,
        here: 0,
        packed: 0,
        delivered: 0,
        returned: 0,
        received: 0,
        items: Vec::new(),
        more: 0,
        last_ms: about.as_ref().and_then(|about| about.last_success_ms),
        trouble: None,
        clock_minutes: ledger.clock_ahead_ms(now_ms)?.map(|ms| ms / 60_000).filter(|m| m.abs() >= CLOCK_MINUTES),
        talking,
        questions: small(ledger.open_questions()?),
    };
    let Some(about) = about else { return Ok(page) };
    let outbox = ledger.outbox()?;
    (page.here, page.packed) = (small(outbox.here), small(outbox.packed));
    (page.delivered, page.returned) = (small(outbox.delivered), small(outbox.returned));
    page.received = u32::try_from(outbox.received).unwrap_or(u32::MAX);
    let told = about.last_trouble.clone();
    page.trouble = told.map(|trouble| LastTroubleTold { name: trouble.name, at_ms: trouble.at_ms });
    let mut waiting = ledger.waiting()?;
    let is_held = |step: &Waiting| about.held.iter().any(|held| held.at().to_string() == step.batch);
    waiting.sort_by_cached_key(|step| (!matches!(step.sent, Sent::Returned { .. }), !is_held(step)));
    page.more = small(waiting.len().saturating_sub(LISTED));
    waiting.truncate(LISTED);
    page.items = items(ledger, &about, waiting)?;
    page.township = Some(township(ledger, about)?);
    Ok(page)
}

fn township(ledger: &Ledger, about: Belonging) -> Result<TownshipOf> {
    let village = ledger.view().all::<lianhu_ledger::records::Village>()?.into_iter().next();
    let told = Some(about.township.clone()).filter(|name| !name.is_empty());
    Ok(TownshipOf {
        name: told.or(village.and_then(|village| village.township)),
        by_line: about.has_township(),
        first: !about.has_township() && about.root.device == ledger.device(),
        role: about.role,
        who: about.who,
        waits: about.waits,
        short: about.short,
        revoked: about.revoked,
        pictures: about.pictures,
    })
}

fn items(ledger: &Ledger, about: &Belonging, waiting: Vec<Waiting>) -> Result<Vec<WaitingItem>> {
    let mut namer = Namer::new(ledger.view());
    let item = |step: Waiting| {
        let kept = about.held.iter().find(|held| held.at().to_string() == step.batch).map(|held| held.why.clone());
        let why = match &step.sent {
            Sent::Returned { why } => Some(why.clone()),
            _ => kept,
        };
        let first = step.records.first().cloned();
        Ok(WaitingItem {
            record: first.map(|(kind, id)| record(ledger, &mut namer, kind, id)).transpose()?,
            state: SentState::of(&step.sent),
            why,
            records: u32::try_from(step.records.len()).unwrap_or(u32::MAX),
            batch: step.batch,
            op: step.op,
            author: step.author,
            at_ms: step.at_ms,
        })
    };
    waiting.into_iter().map(item).collect()
}

fn record(ledger: &Ledger, namer: &mut Namer<'_>, kind: String, id: Uuid) -> Result<ItemRecord> {
    // A kind that this release does not know has neither name nor page.
    let fields = ledger.view().record(&kind, id).ok().flatten().unwrap_or_default();
    let of = fields.get("household").and_then(|id| id.as_str()?.parse().ok());
    let household = if kind == "household" { Some(id) } else { of };
    Ok(ItemRecord { name: namer.of(&kind, &fields)?, kind, id, household })
}

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SendPictures {
    pub yes: bool,
}

/// 照片也传.
pub fn send_pictures(desk: &Desk, ask: SendPictures) -> Result<()> {
    let set = desk.shelf(|shelf| set_pictures(shelf.ledger_mut(), ask.yes))?;
    set.ok_or_else(|| Refusal::new(Code::NothingToDo))?;
    desk.exchange().heard(&lianhu_ledger::Touched::default());
    desk.exchange().wake();
    Ok(())
}

/// For the header, on every page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct ExchangeBrief {
    /// This ledger has joined a township, and speaks with it.
    pub enrolled: bool,
    /// It speaks over a line; a village without township exchanges by stick and in one room.
    pub by_line: bool,
    /// Records that wait for their receipt.
    pub waiting: u32,
    pub returned: u32,
    pub last_ms: Option<u64>,
    pub trouble: Option<String>,
    pub revoked: bool,
    pub waits: bool,
}

/// More steps than this are counted as steps: an old ledger that has just joined is not read for a number in the header.
const COUNTED: u64 = 1_000;

pub fn brief(desk: &Desk, _: Nothing) -> Result<ExchangeBrief> {
    if !desk.is_open() {
        return Ok(ExchangeBrief::default());
    }
    desk.read(|ledger| {
        let Some(about) = belonging(ledger)? else { return Ok(ExchangeBrief::default()) };
        let steps = ledger.steps_without_receipt()?;
        let outbox = if steps > COUNTED { None } else { Some(ledger.outbox()?) };
        let waits = |o: &lianhu_ledger::Outbox| (o.here + o.packed + o.delivered) as u64;
        Ok(ExchangeBrief {
            enrolled: true,
            by_line: about.has_township(),
            waiting: u32::try_from(outbox.as_ref().map_or(steps, waits)).unwrap_or(u32::MAX),
            returned: outbox.map_or(0, |outbox| outbox.returned as u32),
            last_ms: about.last_success_ms,
            trouble: about.last_trouble.map(|trouble| trouble.name),
            revoked: about.revoked,
            waits: about.waits,
        })
    })
}
