//! From the ledger to paper: gathers what minutes, sign-in sheet, visit sheet and report print, and invents nothing.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDateTime;
use lianhu_ledger::dates::{Date, Month};
use lianhu_ledger::records::matter::Raised;
use lianhu_ledger::records::pairing::Bond;
use lianhu_ledger::records::party_member::by_number;
use lianhu_ledger::records::{
    Correction, Group, GroupId, Household, HouseholdId, Meeting, PartyMember, Person, PersonId, Village,
};
use lianhu_ledger::rules::quorum::Decision;
use lianhu_ledger::{Frozen, Result, View};

use crate::figures::Figures;
use crate::minutes::{Absent, Corrected, Item, Minutes, Opinion, Resolved, Round, Tally};
use crate::monthly::{Edition, History};
use crate::signin::SignIn;
use crate::visit_sheet::VisitSheet;
use crate::{monthly, signin, visit_sheet};

/// How many months the chart of satisfaction looks back.
const CHART_MONTHS: i32 = 12;

/// Everything the monthly report prints beside its figures.
pub fn edition(
    view: View<'_>,
    figures: &Figures,
    author: &str,
    for_township: bool,
    made_at: NaiveDateTime,
) -> Result<Edition> {
    Ok(Edition {
        for_township,
        author: author.to_owned(),
        reviewer: view.report(figures.month)?.and_then(|report| report.reviewer),
        made_at,
        opinions: opinions(view, figures.month)?,
        history: history(view, figures)?,
        receipt: None,
    })
}

fn opinions(view: View<'_>, month: Month) -> Result<Vec<monthly::Opinion>> {
    let mut list = Vec::new();
    for matter in view.matters(month.first(), month.last())?.into_iter().filter(|m| m.raised_at == Raised::Meeting) {
        let names = crate::figures::names_of(view, &matter)?;
        list.push(monthly::Opinion {
            on: matter.on,
            closed: matter.closed_on.is_some(),
            text: matter.text,
            answer: matter.answer,
            names,
        });
    }
    Ok(list)
}

/// Months before the first tally are left out; a month without one stays as a gap.
fn history(view: View<'_>, figures: &Figures) -> Result<Vec<History>> {
    let mut months = Vec::new();
    for back in (0..CHART_MONTHS).rev() {
        let month = figures.month.plus(-back);
        let rounds = match back {
            0 => figures.assembly.rounds.clone(),
            _ => rounds(view, month)?,
        };
        let rates = rounds.iter().map(|r| (r.who.clone(), r.tally.map(|t| t.satisfaction()))).collect();
        months.push(History { month: month.to_string(), rates });
    }
    let first = months.iter().position(|m| !m.rates.is_empty()).unwrap_or(months.len());
    Ok(months.split_off(first))
}

fn rounds(view: View<'_>, month: Month) -> Result<Vec<crate::figures::PairRow>> {
    let held = view.meetings(month.first(), month.last())?.iter().any(|m| m.meeting_kind.code() == "mass");
    if !held {
        return Ok(Vec::new());
    }
    crate::figures::rounds_in(view, month)
}

/// Minutes of one meeting: as they were sealed, or what has been entered so far and nothing else.
pub fn minutes(view: View<'_>, meeting: &Meeting, made_at: NaiveDateTime) -> Result<Minutes> {
    let sealed = meeting.sealed_on.and(meeting.sealed_as.as_ref()).and_then(minutes_as_sealed);
    sealed.map_or_else(|| minutes_now(view, meeting, made_at), |sealed| Ok(Minutes { made_at, ..sealed }))
}

/// A version that was sealed; `None` where a newer release wrote it.
pub fn minutes_as_sealed(kept: &Frozen) -> Option<Minutes> {
    serde_json::from_value(kept.0.clone()).ok()
}

/// What the entries and the clerk's own words make of them today.
pub fn minutes_now(view: View<'_>, meeting: &Meeting, made_at: NaiveDateTime) -> Result<Minutes> {
    let village = village(view)?;
    let rounds = view.rounds(meeting.id)?;
    let rounds: Vec<Round> = rounds
        .into_iter()
        .map(|round| Round {
            pair: round.pair,
            subject: format!("{}{}", round.who, round.said.unwrap_or_default()),
            speaker: round.speaker,
            said: round.summary,
            tally: round.tally.map(|t| Tally {
                issued: t.issued,
                returned: t.returned,
                valid: t.valid() as u32,
                best: t.best,
                good: t.good,
                fair: t.fair,
                poor: t.poor,
            }),
        })
        .collect();
    let mut agenda = Vec::new();
    agenda.extend(meeting.topic.clone().map(|heading| Item {
        heading,
        said: meeting.minutes.clone(),
        rounds: Vec::new(),
    }));
    if meeting.topic.is_none() {
        agenda.extend(meeting.minutes.clone().map(|said| Item {
            heading: "会议内容".into(),
            said: Some(said),
            rounds: Vec::new(),
        }));
    }
    if !rounds.is_empty() {
        agenda.push(Item { heading: "述评".into(), said: None, rounds });
    }
    Ok(Minutes {
        village: village.name.clone(),
        kind: meeting.meeting_kind.label().to_owned(),
        held_on: meeting.on,
        time: meeting.time.clone(),
        place: meeting.place.clone(),
        host: meeting.host.clone(),
        recorder: meeting.recorder.clone(),
        expected: meeting.expected,
        by_households: matches!(meeting.meeting_kind.code(), "mass" | "yard"),
        opinions_noted: meeting.opinions,
        present: meeting.present,
        women: meeting.present_women,
        party_members: meeting.present_members,
        agenda,
        opinions: raised_at(view, meeting)?,
        resolutions: resolved(view, meeting)?,
        absent: absent(view, meeting)?,
        grades: view.grades_of(meeting)?,
        edits: meeting.edits.clone().unwrap_or_default(),
        corrected: corrected(view, meeting)?,
        watermark: watermark(&village),
        made_at,
    })
}

fn resolved(view: View<'_>, meeting: &Meeting) -> Result<Vec<Resolved>> {
    let resolutions = view.resolutions(meeting.id)?.into_iter();
    let told = resolutions.map(|resolution| {
        let judged = view.judged(meeting, resolution.votes.map(Into::into))?;
        Ok(Resolved {
            key: resolution.id.0.to_string(),
            text: resolution.text,
            votes: resolution.votes.map(|v| [v.yes, v.no, v.abstained]),
            secret: resolution.secret == Some(true),
            passed: match judged.decision {
                Decision::Passed(_) => Some(true),
                Decision::Failed(_) => Some(false),
                _ => None,
            },
        })
    });
    told.collect()
}

fn absent(view: View<'_>, meeting: &Meeting) -> Result<Vec<Absent>> {
    let names = view.names()?;
    let missing = view
        .attendance(meeting.id)?
        .into_iter()
        .filter_map(|entry| Some((entry.person?, entry.absent_why?, entry.made_up_on)));
    Ok(missing
        .map(|(person, why, made_up_on)| Absent {
            name: names.get(&person).cloned().unwrap_or_default(),
            why,
            made_up_on,
        })
        .collect())
}

/// Sealed once before, it is a correction now, for the reason that was given last.
fn corrected(view: View<'_>, meeting: &Meeting) -> Result<Option<Corrected>> {
    let Some(sealed) = meeting.version.filter(|n| *n > 0) else { return Ok(None) };
    let reasons = view.select::<Correction>("of = ?1 ORDER BY id DESC LIMIT 1", [meeting.id.0.to_string()])?;
    Ok(Some(Corrected {
        version: sealed + 1,
        reason: reasons.into_iter().next().map(|c| c.reason).unwrap_or_default(),
    }))
}

fn raised_at(view: View<'_>, meeting: &Meeting) -> Result<Vec<Opinion>> {
    let matters = view.matters(meeting.on, meeting.on)?;
    let own = matters.into_iter().filter(|m| m.meeting == Some(meeting.id));
    let heads = Heads::read(view)?;
    Ok(own
        .map(|m| Opinion {
            key: m.id.0.to_string(),
            who: m.household.and_then(|h| heads.name(h)),
            said: m.text,
            answer: m.answer,
        })
        .collect())
}

/// A sign-in sheet with every household that the meeting calls, by group.
pub fn sign_in(view: View<'_>, meeting: &Meeting, made_at: NaiveDateTime) -> Result<SignIn> {
    if let Some(persons) = view.persons_called(meeting)? {
        return sign_in_of_persons(view, meeting, &persons, made_at);
    }
    let called = Called { on: meeting.on, kind: meeting.meeting_kind.label(), place: meeting.place.clone() };
    sign_in_sheet(view, called, |household| meeting.calls(household), made_at)
}

/// A branch meeting calls persons: members by 党小组, whoever is no member after them.
fn sign_in_of_persons(
    view: View<'_>,
    meeting: &Meeting,
    persons: &[PersonId],
    made_at: NaiveDateTime,
) -> Result<SignIn> {
    let village = village(view)?;
    let names = view.names()?;
    let members = view.all::<PartyMember>()?;
    let cell_of = |person: PersonId| {
        let member = members.iter().find(|m| m.person == person && m.stands_on(meeting.on));
        member.and_then(|m| m.cell.clone())
    };
    let mut groups: BTreeMap<(bool, usize, String), Vec<signin::Household>> = BTreeMap::new();
    for person in persons {
        let cell = cell_of(*person);
        let (number, name) = by_number(cell.as_deref().unwrap_or("其他"));
        let line = signin::Household { head: names.get(person).cloned().unwrap_or_default(), people: None };
        groups.entry((cell.is_none(), number, name)).or_default().push(line);
    }
    let group = |((_, _, name), households)| signin::Group { name, households };
    Ok(SignIn {
        of_persons: true,
        village: village.name.clone(),
        meeting: meeting.meeting_kind.label().to_owned(),
        held_on: Some(meeting.on),
        place: meeting.place.clone(),
        groups: groups.into_iter().map(group).collect(),
        side_by_side: true,
        watermark: watermark(&village),
        made_at,
    })
}

/// A sign-in sheet for a mass meeting that nobody has entered yet: the whole village is called.
pub fn sign_in_for(view: View<'_>, on: Date, place: Option<String>, made_at: NaiveDateTime) -> Result<SignIn> {
    let kind = lianhu_ledger::codes::label("meeting_kind", "mass", lianhu_ledger::text::Lang::ZhCn);
    let called = Called { on, kind, place };
    sign_in_sheet(view, called, |household| household.stands_on(on) && household.vacant != Some(true), made_at)
}

/// The meeting that a sign-in sheet is for.
struct Called<'a> {
    on: Date,
    kind: &'a str,
    place: Option<String>,
}

fn sign_in_sheet(
    view: View<'_>,
    called: Called<'_>,
    calls: impl Fn(&Household) -> bool,
    made_at: NaiveDateTime,
) -> Result<SignIn> {
    let village = village(view)?;
    let heads = Heads::read(view)?;
    let roll = view.roll(called.on)?;
    let mut people: HashMap<HouseholdId, u32> = HashMap::new();
    roll.iter().for_each(|p| *people.entry(p.household).or_default() += 1);
    let groups = heads.by_group(calls);
    let groups = groups.into_iter().map(|(name, households)| signin::Group {
        name,
        households: households
            .into_iter()
            .map(|h| signin::Household { head: heads.name(h).unwrap_or_default(), people: people.get(&h).copied() })
            .collect(),
    });
    Ok(SignIn {
        of_persons: false,
        village: village.name.clone(),
        meeting: called.kind.to_owned(),
        held_on: Some(called.on),
        place: called.place,
        groups: groups.collect(),
        side_by_side: true,
        watermark: watermark(&village),
        made_at,
    })
}

/// A blank visit sheet: of one visitor's paired households, or of all paired ones.
pub fn visit_sheet(
    view: View<'_>,
    month: Month,
    visitor: Option<PersonId>,
    made_at: NaiveDateTime,
) -> Result<VisitSheet> {
    let village = village(view)?;
    let heads = Heads::read(view)?;
    let pairings = view.pairings(Bond::Aid, month.last())?;
    let wanted: Vec<HouseholdId> =
        pairings.iter().filter(|p| visitor.is_none_or(|v| v == p.helper)).map(|p| p.household).collect();
    let groups = heads.by_group(|h| wanted.contains(&h.id));
    let households = groups
        .into_iter()
        .flat_map(|(group, households)| households.into_iter().map(move |h| (group.clone(), h)).collect::<Vec<_>>());
    Ok(VisitSheet {
        village: village.name.clone(),
        period: format!("{}年{}月", month.year(), month.number()),
        visitor: visitor.map(|v| view.get::<Person>(v.0)).transpose()?.flatten().map(|p| p.name),
        households: households
            .map(|(group, h)| visit_sheet::Household { head: heads.name(h).unwrap_or_default(), group })
            .collect(),
        spare_rows: 2,
        watermark: watermark(&village),
        made_at,
    })
}

struct Heads {
    households: Vec<Household>,
    names: HashMap<HouseholdId, String>,
    groups: HashMap<GroupId, (Option<u32>, String)>,
}

impl Heads {
    fn read(view: View<'_>) -> Result<Heads> {
        let people: HashMap<PersonId, String> = view.all::<Person>()?.into_iter().map(|p| (p.id, p.name)).collect();
        let households = view.all::<Household>()?;
        let name = |h: &Household| Some((h.id, people.get(&h.head?)?.clone()));
        Ok(Heads {
            names: households.iter().filter_map(name).collect(),
            groups: view.all::<Group>()?.into_iter().map(|g| (g.id, (g.number, g.name))).collect(),
            households,
        })
    }

    fn name(&self, household: HouseholdId) -> Option<String> {
        self.names.get(&household).cloned()
    }

    /// Groups in the village's order, households in the order of their numbers.
    fn by_group(&self, wanted: impl Fn(&Household) -> bool) -> Vec<(String, Vec<HouseholdId>)> {
        let mut rows: Vec<_> = self
            .households
            .iter()
            .filter(|h| wanted(h))
            .map(|h| {
                let group = h.group.and_then(|g| self.groups.get(&g)).cloned();
                let (order, name) = group.unwrap_or((None, "未分组".to_owned()));
                (order.is_none(), order, name, h.number, h.id)
            })
            .collect();
        rows.sort();
        let grouped = rows.chunk_by(|a, b| a.2 == b.2);
        grouped.map(|rows| (rows[0].2.clone(), rows.iter().map(|r| r.4).collect())).collect()
    }
}

fn village(view: View<'_>) -> Result<Village> {
    let found = view.all::<Village>()?.into_iter().next();
    found.ok_or_else(|| {
        lianhu_ledger::Refusal::new(lianhu_ledger::Code::NoSuchRecord).with("kind", "village").with("id", "—").into()
    })
}

/// 样例数据 across every page of the sample village.
pub fn watermark_of(view: View<'_>) -> Result<Option<String>> {
    Ok(watermark(&village(view)?))
}

fn watermark(village: &Village) -> Option<String> {
    (village.sample == Some(true)).then(|| "样例数据".to_owned())
}
