//! 四述四评 — a mass meeting on several rows, one per pair of the four: who reports, what is judged, how the ballots fell.

use super::line::{AsTyped, Line};
use super::ties::each;
use crate::clean::folded;
use crate::finding::{Did, Finding, Remark, What};
use crate::layout::{Field, Table};

#[derive(Debug, Clone, PartialEq, Default)]
pub struct MeetingRow {
    pub row: u32,
    pub on: String,
    pub place: Option<String>,
    pub host: Option<String>,
    pub expected: Option<i64>,
    pub present: Option<i64>,
    pub opinions: Option<i64>,
    pub as_typed: AsTyped,
    pub rounds: Vec<RoundRow>,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct RoundRow {
    pub row: u32,
    /// 1 to 4 in the order of the four.
    pub pair: u8,
    pub who: String,
    pub said: Option<String>,
    pub what: Option<String>,
    pub tally: Option<Tally>,
}

/// Ballots by grade. A count that was not filled in is unknown, not nought: then there is no tally yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    pub issued: Option<i64>,
    pub best: i64,
    pub good: i64,
    pub fair: i64,
    pub poor: i64,
}

pub fn read(table: &Table, findings: &mut Vec<Finding>) -> Vec<MeetingRow> {
    let rows = each(table, findings, meeting);
    let mut meetings: Vec<MeetingRow> = Vec::new();
    for row in rows {
        match meetings.iter_mut().find(|m| m.on == row.on && m.place == row.place) {
            Some(meeting) => join(table, meeting, row, findings),
            None => meetings.push(row),
        }
    }
    meetings
}

fn meeting(line: &mut Line<'_>) -> Option<MeetingRow> {
    let blank = line.cell(Field::On).is_blank();
    let Some(on) = line.day(Field::On) else {
        if blank {
            line.set_aside(Field::On, What::RowIncomplete);
        }
        return None;
    };
    let mut meeting = MeetingRow {
        row: line.number(),
        on: on.to_string(),
        place: line.text(Field::Place),
        host: line.name(Field::Host),
        expected: line.count(Field::Expected),
        present: line.count(Field::Present),
        opinions: line.count(Field::Opinions),
        as_typed: AsTyped::new(),
        rounds: Vec::new(),
    };
    meeting.as_typed = line.as_typed();
    meeting.rounds.extend(round(line));
    Some(meeting)
}

fn round(line: &mut Line<'_>) -> Option<RoundRow> {
    let who = line.text(Field::Who)?;
    let Some(pair) = pair(&who) else {
        line.remark(Some(Field::Who), Remark::doubt(What::RoundUnknown, Did::NoRound));
        return None;
    };
    let tally = tally(line);
    Some(RoundRow { row: line.number(), pair, who, said: line.text(Field::Said), what: line.text(Field::What), tally })
}

fn tally(line: &mut Line<'_>) -> Option<Tally> {
    let issued = line.count(Field::Issued);
    let grades = [Field::Best, Field::Good, Field::Fair, Field::Poor].map(|f| line.count(f));
    let [Some(best), Some(good), Some(fair), Some(poor)] = grades else {
        if issued.is_some() || grades.iter().any(Option::is_some) {
            line.remark(Some(Field::Best), Remark::doubt(What::TallyPart, Did::NoTally));
        }
        return None;
    };
    if issued.is_some_and(|issued| best + good + fair + poor > issued) {
        line.remark(Some(Field::Issued), Remark::kept(What::TallySum));
    }
    Some(Tally { issued, best, good, fair, poor })
}

/// The four who report, in their fixed order, by the word that tells them apart.
fn pair(who: &str) -> Option<u8> {
    let who = folded(who);
    let marks: [&[&str]; 4] =
        [&["驻村", "工作队", "第一书记"], &["两委"], &["帮扶", "结对"], &["脱贫户", "建档立卡", "农户代表"]];
    let bare = who.replace(['“', '”', '"'], "");
    let at = marks.iter().position(|words| words.iter().any(|w| bare.contains(w)))?;
    u8::try_from(at + 1).ok()
}

/// The meeting's own columns may stand on any of its rows; the first filled one counts.
fn join(table: &Table, meeting: &mut MeetingRow, row: MeetingRow, findings: &mut Vec<Finding>) {
    meeting.host = meeting.host.take().or(row.host);
    meeting.expected = meeting.expected.or(row.expected);
    meeting.present = meeting.present.or(row.present);
    meeting.opinions = meeting.opinions.or(row.opinions);
    meeting.as_typed.extend(row.as_typed);
    for round in row.rounds {
        if meeting.rounds.iter().any(|r| r.pair == round.pair) {
            let column = table.column(Field::Who);
            let remark = Remark::doubt(What::RoundTwice, Did::FirstRow);
            findings.push(super::place(&table.file, &table.sheet, round.row, column, &round.who, remark));
        } else {
            meeting.rounds.push(round);
        }
    }
}
