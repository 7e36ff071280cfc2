//! One cycle: its steps, how the stars lie, how they moved, and a row for every household.

use std::collections::{BTreeMap, HashMap};

use chrono::Months;
use lianhu_ledger::codes;
use lianhu_ledger::dates::Date;
use lianhu_ledger::procedure::star_text;
use lianhu_ledger::records::star_cycle::{Asked, StarCriteria};
use lianhu_ledger::records::star_score::{Aspects, Stage};
use lianhu_ledger::records::step::Case;
use lianhu_ledger::records::{Group, GroupId, Household, HouseholdId, Rating, StarCheck, StarCycle, StarCycleId};
use lianhu_ledger::rules::Rules;
use lianhu_ledger::text::{Lang, say};
use lianhu_ledger::{Code, Draft, Fields, Record, Refusal, View};
use serde::{Deserialize, Serialize};
use serde_json::json;
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::{Desk, Done};
use crate::problem::Result;
use crate::step::{StepCase, StepLine, lines, put};

#[derive(Clone, Copy, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WhichCycle {
    pub id: Uuid,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct StarPage {
    pub id: Uuid,
    pub name: String,
    pub today: Date,
    pub steps: Vec<StepLine>,
    /// Which of `steps` is at hand; as many as there are when all are passed.
    pub at: usize,
    /// It came from a table, decided: it has no steps here.
    pub taken_over: bool,
    /// The notice hangs, or has hung: from now on a rating is changed by an objection or a correction.
    pub posted: bool,
    pub households: u32,
    /// Households that are rated, and how many each stage has scored: 自评、互评、评议会.
    pub rated: u32,
    pub scored: [u32; 3],
    /// By stars, 0 (未评) to 5.
    pub levels: [u32; 6],
    /// 致富、守法、美德、卫生、诚信.
    pub aspects: [u32; 5],
    /// 未评 by reason; `veto` is 一票否决.
    pub unrated: Vec<(String, u32)>,
    pub groups: Vec<GroupStars>,
    /// The cycle before, and who rose or fell since.
    pub before: Option<String>,
    pub up: u32,
    pub down: u32,
    pub objections: Vec<ObjectionLine>,
    /// 季查, the latest first.
    pub checks: Vec<StarCheckLine>,
    /// What each star asks for, and what bars from all of them.
    pub criteria: Vec<(String, Vec<String>)>,
    pub vetoes: Vec<String>,
}

/// 季度检查.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct StarCheckLine {
    pub id: Uuid,
    pub on: Date,
    pub by: Option<String>,
    pub outcome: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct GroupStars {
    pub id: Option<Uuid>,
    pub name: String,
    pub levels: [u32; 6],
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct ObjectionLine {
    pub id: Uuid,
    pub household: Option<Uuid>,
    pub head: Option<String>,
    pub on: Date,
    pub by: Option<String>,
    pub text: String,
    pub answer: Option<String>,
    pub answered_on: Option<Date>,
    pub upheld: Option<bool>,
}

/// One household in the grid.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct StarRow {
    pub household: Uuid,
    pub head: Option<String>,
    pub number: Option<u32>,
    pub group: Option<Uuid>,
    /// What it had in the cycle before, those it holds now after what was changed since.
    pub last: Option<[bool; 5]>,
    pub own: Option<[bool; 5]>,
    pub peer: Option<[bool; 5]>,
    pub panel: Option<[bool; 5]>,
    pub peer_why: Option<String>,
    pub panel_why: Option<String>,
    /// What was decided.
    pub stars: Option<u32>,
    pub granted: [bool; 5],
    pub veto: Option<String>,
    pub veto_why: Option<String>,
    pub appeal: Option<String>,
    pub unrated_reason: Option<String>,
    /// 动态管理: stars since, where they were changed.
    pub now: Option<u32>,
}

pub fn look(desk: &Desk, ask: WhichCycle) -> Result<StarPage> {
    desk.read(|ledger| page(ledger.view(), StarCycleId(ask.id)))
}

pub(super) fn standing(view: View<'_>, id: StarCycleId) -> Result<StarCycle> {
    let found = view.get::<StarCycle>(id.0)?.filter(|cycle| cycle.gone.is_none());
    found.ok_or_else(|| Refusal::new(Code::NoSuchRecord).with("kind", "star_cycle").with("id", id.0).into())
}

fn page(view: View<'_>, id: StarCycleId) -> Result<StarPage> {
    let cycle = standing(view, id)?;
    let touched = !view.steps(Case::Cycle(id))?.is_empty();
    let (steps, at) = lines(view, Case::Cycle(id))?;
    let ratings = view.ratings(id)?;
    let households: Vec<Household> = view.all::<Household>()?.into_iter().filter(|h| h.stands_on(view.today)).collect();
    let rated = view.in_rating(id)?;
    let mut scored = [0; 3];
    for score in view.star_scores(id)?.iter().filter(|s| s.stars.is_some() && rated.contains(&s.household)) {
        scored[Stage::ALL.iter().position(|stage| *stage == score.stage).unwrap_or(0)] += 1;
    }
    let before = before(view, &cycle)?;
    let criteria = cycle.criteria.clone().unwrap_or_else(shipped_criteria);
    let moved = |rises: bool| {
        let was = |r: &Rating| before.as_ref().and_then(|(_, stars)| stars.get(&r.household).copied());
        let changed = ratings.iter().filter(|r| match (was(r), r.stars) {
            (Some(was), Some(now)) => {
                if rises {
                    now > was
                } else {
                    now < was
                }
            }
            _ => false,
        });
        changed.count() as u32
    };
    Ok(StarPage {
        id: id.0,
        name: cycle.name.clone(),
        today: view.today,
        at,
        taken_over: !touched && !ratings.is_empty(),
        posted: view.star_notice(id)?.is_some(),
        households: households.len() as u32,
        rated: rated.len() as u32,
        scored,
        levels: levels(ratings.iter()),
        aspects: std::array::from_fn(|i| ratings.iter().filter(|r| granted(r)[i]).count() as u32),
        unrated: unrated(&ratings),
        groups: groups(view, &households, &ratings)?,
        up: moved(true),
        down: moved(false),
        before: before.map(|(name, _)| name),
        objections: objections(view, id)?,
        checks: checks(view, id)?,
        criteria: criteria.stars.into_iter().map(|asked| (asked.star, asked.asks)).collect(),
        vetoes: criteria.vetoes,
        steps: if touched || ratings.is_empty() { steps } else { Vec::new() },
    })
}

fn checks(view: View<'_>, cycle: StarCycleId) -> Result<Vec<StarCheckLine>> {
    let mut checks = view.star_checks(cycle)?;
    checks.reverse();
    let line = |c: StarCheck| StarCheckLine { id: c.id.0, on: c.on, by: c.by, outcome: c.outcome };
    Ok(checks.into_iter().map(line).collect())
}

pub(super) fn granted(rating: &Rating) -> [bool; 5] {
    rating.aspects().map(|star| star.as_ref().is_some_and(|star| star.granted))
}

fn levels<'a>(ratings: impl Iterator<Item = &'a Rating>) -> [u32; 6] {
    let mut levels = [0; 6];
    ratings.for_each(|rating| levels[rating.stars.unwrap_or(0).min(5) as usize] += 1);
    levels
}

fn unrated(ratings: &[Rating]) -> Vec<(String, u32)> {
    let mut reasons: BTreeMap<String, u32> = BTreeMap::new();
    for rating in ratings.iter().filter(|r| r.stars.unwrap_or(0) == 0) {
        let vetoed = rating.veto.as_ref().map(|_| "veto".to_owned());
        let why = vetoed.or_else(|| rating.unrated_reason.clone()).unwrap_or_default();
        *reasons.entry(why).or_default() += 1;
    }
    reasons.into_iter().collect()
}

fn groups(view: View<'_>, households: &[Household], ratings: &[Rating]) -> Result<Vec<GroupStars>> {
    let of: HashMap<HouseholdId, Option<GroupId>> = households.iter().map(|h| (h.id, h.group)).collect();
    let mut names: Vec<Group> = view.all()?;
    names.sort_by_key(|group| (group.number.is_none(), group.number, group.name.clone()));
    let stars =
        |group: Option<GroupId>| levels(ratings.iter().filter(|r| of.get(&r.household).copied().flatten() == group));
    let mut rows: Vec<GroupStars> = names
        .into_iter()
        .map(|group| GroupStars { levels: stars(Some(group.id)), id: Some(group.id.0), name: group.name })
        .collect();
    let outside = stars(None);
    rows.extend((outside.iter().sum::<u32>() > 0).then(|| GroupStars {
        id: None,
        name: String::new(),
        levels: outside,
    }));
    Ok(rows)
}

/// Name of the cycle before, and the stars its households hold now.
pub(super) fn before(view: View<'_>, cycle: &StarCycle) -> Result<Option<(String, HashMap<HouseholdId, u32>)>> {
    let earlier =
        super::list::in_order(view)?.into_iter().find(|other| other.year < cycle.year && other.id != cycle.id);
    let Some(earlier) = earlier else { return Ok(None) };
    let mut stars: HashMap<HouseholdId, u32> =
        view.ratings(earlier.id)?.into_iter().filter_map(|r| Some((r.household, r.stars?))).collect();
    stars.extend(view.star_moves(earlier.id)?.into_iter().map(|change| (change.household, change.stars)));
    Ok(Some((earlier.name, stars)))
}

fn objections(view: View<'_>, id: StarCycleId) -> Result<Vec<ObjectionLine>> {
    let names = view.names()?;
    let head = |household: Option<HouseholdId>| -> Result<Option<String>> {
        let Some(household) = household else { return Ok(None) };
        let head = view.get::<Household>(household.0)?.and_then(|h| h.head);
        Ok(head.and_then(|person| names.get(&person).cloned()))
    };
    view.objections(id)?
        .into_iter()
        .map(|objection| {
            Ok(ObjectionLine {
                id: objection.id.0,
                household: objection.household.map(|h| h.0),
                head: head(objection.household)?,
                on: objection.on,
                by: objection.by,
                text: objection.text,
                answer: objection.answer,
                answered_on: objection.answered_on,
                upheld: objection.upheld,
            })
        })
        .collect()
}

pub fn rows(desk: &Desk, ask: WhichCycle) -> Result<Vec<StarRow>> {
    desk.read(|ledger| row_list(ledger.view(), StarCycleId(ask.id)))
}

fn row_list(view: View<'_>, id: StarCycleId) -> Result<Vec<StarRow>> {
    let cycle = standing(view, id)?;
    let names = view.names()?;
    let ratings: HashMap<HouseholdId, Rating> = view.ratings(id)?.into_iter().map(|r| (r.household, r)).collect();
    let mut scores: HashMap<(HouseholdId, Stage), (Option<Aspects>, Option<String>)> = HashMap::new();
    scores.extend(view.star_scores(id)?.into_iter().map(|s| ((s.household, s.stage), (s.stars, s.why))));
    let last = last_ratings(view, &cycle)?;
    let now: HashMap<HouseholdId, u32> = view.star_moves(id)?.into_iter().map(|m| (m.household, m.stars)).collect();
    let order: HashMap<GroupId, Option<u32>> = view.all::<Group>()?.into_iter().map(|g| (g.id, g.number)).collect();
    let mut households: Vec<Household> = view.all()?;
    households.retain(|h| h.stands_on(view.today) || ratings.contains_key(&h.id));
    households.sort_by_key(|h| {
        let group = h.group.and_then(|g| order.get(&g).copied().flatten());
        (group.unwrap_or(u32::MAX), h.number.unwrap_or(u32::MAX), h.id)
    });
    let row = |h: Household| {
        let rating = ratings.get(&h.id);
        let score = |stage| scores.get(&(h.id, stage)).and_then(|(stars, _)| *stars).map(Aspects::each);
        let why = |stage| scores.get(&(h.id, stage)).and_then(|(_, why)| why.clone());
        StarRow {
            household: h.id.0,
            head: h.head.and_then(|person| names.get(&person).cloned()),
            number: h.number,
            group: h.group.map(|g| g.0),
            last: last.get(&h.id).copied(),
            own: score(Stage::Own),
            peer: score(Stage::Peer),
            panel: score(Stage::Panel),
            peer_why: why(Stage::Peer),
            panel_why: why(Stage::Panel),
            stars: rating.and_then(|r| r.stars),
            granted: rating.map(granted).unwrap_or_default(),
            veto: rating.and_then(|r| r.veto.clone()),
            veto_why: rating.and_then(|r| r.veto_why.clone()),
            appeal: rating.and_then(|r| r.appeal.clone()),
            unrated_reason: rating.and_then(|r| r.unrated_reason.clone()),
            now: now.get(&h.id).copied(),
        }
    };
    Ok(households.into_iter().map(row).collect())
}

/// Which stars each household had in the cycle before.
pub(super) fn last_ratings(view: View<'_>, cycle: &StarCycle) -> Result<HashMap<HouseholdId, [bool; 5]>> {
    let earlier =
        super::list::in_order(view)?.into_iter().find(|other| other.year < cycle.year && other.id != cycle.id);
    let Some(earlier) = earlier else { return Ok(HashMap::new()) };
    let rated = view.ratings(earlier.id)?.into_iter().filter(|r| r.stars.is_some_and(|stars| stars > 0));
    Ok(rated.map(|r| (r.household, granted(&r))).collect())
}

pub(super) fn shipped_criteria() -> StarCriteria {
    let text = star_text();
    StarCriteria {
        stars: text.criteria.iter().map(|c| Asked { star: c.star.clone(), asks: c.asks.clone() }).collect(),
        vetoes: text.vetoes.clone(),
    }
}

/// 开始本期.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct NewCycle {
    pub name: String,
    pub year: u32,
    /// Who decided the plan, and on which day.
    #[serde(default)]
    pub by: String,
    pub on: Date,
}

/// A new cycle begins with its plan (方案), the criteria kept in it. Households that the cycle before left out for a
/// lasting reason (空挂, 外出) are left out here too, and can be taken in.
pub fn new(desk: &Desk, ask: NewCycle) -> Result<Done<Uuid>> {
    desk.edit("star_cycle", |draft| {
        let view = draft.view();
        let earlier = super::list::in_order(view)?.into_iter().next();
        let kept = earlier.as_ref().and_then(|cycle| cycle.criteria.clone());
        let criteria = kept.unwrap_or_else(shipped_criteria);
        let fields = [("name", json!(ask.name)), ("year", json!(ask.year)), ("criteria", json!(criteria))];
        let fields: Fields = fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
        if let Some(same) = view.all::<StarCycle>()?.iter().find(|cycle| cycle.name == ask.name.trim()) {
            let refusal = Refusal::new(Code::Duplicate).with("kind", StarCycle::KIND);
            return Err(refusal.with("what", &same.name).with("id", same.id.0).into());
        }
        let id = draft.create(StarCycle::KIND, fields)?;
        let plan = [("by", json!(ask.by)), ("on", json!(ask.on))];
        put(draft, StepCase::Cycle(id), "plan", plan.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())?;
        if let Some(earlier) = earlier {
            leave_out(draft, StarCycleId(id), earlier.id)?;
        }
        Ok(id)
    })
}

/// 评星标准: what each star asks for and what bars from all, in this cycle and those after it.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveCriteria {
    pub cycle: Uuid,
    pub criteria: Vec<(String, Vec<String>)>,
    pub vetoes: Vec<String>,
}

pub fn save_criteria(desk: &Desk, ask: SaveCriteria) -> Result<Done<()>> {
    desk.edit("star_criteria", |draft| {
        let tidy = |lines: Vec<String>| -> Vec<String> {
            lines.into_iter().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
        };
        standing(draft.view(), StarCycleId(ask.cycle))?;
        let stars = ask.criteria.into_iter().map(|(star, asks)| Asked { star, asks: tidy(asks) }).collect();
        let criteria = StarCriteria { stars, vetoes: tidy(ask.vetoes) };
        draft.patch(StarCycle::KIND, ask.cycle, [("criteria".to_owned(), json!(criteria))].into())
    })
}

/// 空挂、外出 last from cycle to cycle until somebody says otherwise; a plaque that was withdrawn keeps a household out
/// for as long as the rules say.
fn leave_out(draft: &mut Draft<'_>, cycle: StarCycleId, earlier: StarCycleId) -> Result<()> {
    let view = draft.view();
    let months = Rules::shipped().months("star_barred_months", view.today).map_err(lianhu_ledger::Error::from)?;
    let barred_since = view.today.checked_sub_months(Months::new(months)).unwrap_or(view.today);
    let withdrawn = view.star_moves(earlier)?.into_iter().filter(|m| m.stars == 0 && m.on > barred_since);
    let mut out: BTreeMap<HouseholdId, String> =
        withdrawn.map(|change| (change.household, say(Lang::ZhCn, "star.barred", &[]))).collect();
    for rating in view.ratings(earlier)? {
        // A veto holds for its own cycle.
        let vetoed = |reason: &str| codes::find("unrated", reason).is_some_and(|code| code.code == "veto");
        let Some(reason) = rating.unrated_reason.filter(|why| rating.veto.is_none() && !vetoed(why)) else { continue };
        out.entry(rating.household).or_insert(reason);
    }
    for (household, reason) in out {
        if !view.get::<Household>(household.0)?.is_some_and(|h| h.stands_on(view.today)) {
            continue;
        }
        let fields = [
            ("cycle", json!(cycle.0)),
            ("household", json!(household.0)),
            ("stars", json!(0)),
            ("unrated_reason", json!(reason)),
        ];
        draft.create(Rating::KIND, fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())?;
    }
    Ok(())
}
