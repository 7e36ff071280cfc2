//! 年度记实 — one member's year, computed from what is already there: meetings, study, dues, pledges, linked households, the
//! appraisal, what changed. Nothing of it is typed for its own sake.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use lianhu_ledger::codes;
use lianhu_ledger::dates::PartialDate;
use lianhu_ledger::records::pairing::Bond;
use lianhu_ledger::records::{
    Appraisal, Attendance, Meeting, Office, Pairing, PartyMember, PartyMemberId, Person, Pledge, Trained, Training,
    Visit,
};
use lianhu_ledger::rules::Rules;
use lianhu_ledger::text::Lang;
use lianhu_ledger::{Result, View};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::days_of;

/// Meetings that a member's year lists, in this order.
const KINDS: [&str; 7] = ["members", "committee", "cell", "lecture", "theme_day", "life", "appraisal"];
/// Whose members study the longer hours.
const LEADING: &str = "branch_committee";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct MemberYear {
    pub year: i32,
    pub name: String,
    pub cell: Option<String>,
    pub probationary: bool,
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub joined_on: Option<PartialDate>,
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub full_on: Option<PartialDate>,
    /// 职务 held in that year.
    pub offices: Vec<String>,
    pub meetings: Vec<MeetingsOfKind>,
    pub study: StudyHours,
    pub pledges: Vec<PledgeLine>,
    /// 联系户: households now or at the year's end, of them visited in the year, and how often.
    pub households: u32,
    pub visited: u32,
    pub visits: u32,
    /// 民主评议等次.
    pub grade: Option<String>,
    /// 谈心谈话.
    pub talks: u32,
    /// 党费: months that had to be paid for up to the day, and those paid. Sums are on no such paper.
    pub dues_due: u32,
    pub dues_paid: u32,
    /// It is not known what this member pays.
    pub dues_unknown: bool,
}

/// 岗位和承诺.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PledgeLine {
    pub id: Uuid,
    pub position: Option<String>,
    pub text: String,
    pub on: NaiveDate,
    pub due: Option<NaiveDate>,
    pub done_on: Option<NaiveDate>,
    pub outcome: Option<String>,
}

impl From<Pledge> for PledgeLine {
    fn from(p: Pledge) -> PledgeLine {
        PledgeLine {
            id: p.id.0,
            position: p.position,
            text: p.text,
            on: p.on,
            due: p.due,
            done_on: p.done_on,
            outcome: p.outcome,
        }
    }
}

/// 应到、实到 of one kind; a meeting at which nobody was called by name says nothing about this member.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct MeetingsOfKind {
    pub kind: String,
    /// At which this member was called and it is known who came.
    pub called: u32,
    pub came: u32,
    pub absent: Vec<Absence>,
    /// Held, but nobody noted who came.
    pub unnoted: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Absence {
    pub meeting: Uuid,
    pub on: NaiveDate,
    pub why: String,
    pub made_up_on: Option<NaiveDate>,
}

/// 学时 against what the rule table asks of a member, or of 书记 and 班子成员.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct StudyHours {
    pub from_meetings: u32,
    pub from_training: u32,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub needed: i64,
    /// 集中培训: taken part in, and needed (of those who lead).
    pub central: u32,
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub central_needed: i64,
}

impl StudyHours {
    pub fn total(self) -> u32 {
        self.from_meetings + self.from_training
    }
}

/// All members' years read at once: the year's meetings and courses are fetched one time.
pub struct YearBook<'a> {
    view: View<'a>,
    year: i32,
    /// The day whose roll counts: the year's end, or today.
    as_of: NaiveDate,
    meetings: Vec<(Meeting, Vec<Attendance>)>,
    courses: Vec<(Training, Vec<Trained>)>,
    offices: Vec<Office>,
    links: Vec<Pairing>,
    visits: Vec<Visit>,
    dues: HashMap<PartyMemberId, [u32; 3]>,
    rules: Rules,
}

pub fn member_year(view: View<'_>, member: &PartyMember, year: i32, today: NaiveDate) -> Result<MemberYear> {
    YearBook::read(view, year, today)?.of(member)
}

impl<'a> YearBook<'a> {
    pub fn read(view: View<'a>, year: i32, today: NaiveDate) -> Result<Self> {
        let (first, last) = days_of(year);
        let of_branch = |m: &Meeting| KINDS.iter().any(|kind| m.counts_as(kind));
        let mut meetings = Vec::new();
        for meeting in view.meetings(first, last)?.into_iter().filter(of_branch) {
            let named = view.attendance(meeting.id)?.into_iter().filter(|a| a.household.is_none()).collect();
            meetings.push((meeting, named));
        }
        let mut courses = Vec::new();
        for course in view.all::<Training>()?.into_iter().filter(|t| (first..=last).contains(&t.on)) {
            let trained = view.trained(course.id)?;
            courses.push((course, trained));
        }
        let in_year = |o: &Office| o.from.is_none_or(|d| d <= last) && o.until.is_none_or(|d| d >= first);
        Ok(YearBook {
            meetings,
            courses,
            offices: view.all::<Office>()?.into_iter().filter(in_year).collect(),
            links: view.all::<Pairing>()?.into_iter().filter(|p| p.bond == Bond::Link).collect(),
            visits: view.visits(first, last)?,
            dues: dues(view, year, last.min(today))?,
            rules: Rules::shipped(),
            as_of: last.min(today),
            view,
            year,
        })
    }

    pub fn of(&self, member: &PartyMember) -> Result<MemberYear> {
        let person = self.view.get::<Person>(member.person.0)?;
        let (first, last) = days_of(self.year);
        let mine = |pledge: &Pledge| pledge.on <= last && pledge.done_on.is_none_or(|done| done >= first);
        let (households, visited, visits) = self.linked(member);
        let [dues_due, dues_paid, dues_unknown] = self.dues.get(&member.id).copied().unwrap_or_default();
        Ok(MemberYear {
            year: self.year,
            name: person.map(|p| p.name).unwrap_or_default(),
            cell: member.cell.clone(),
            probationary: member.is_probationary_on(self.as_of),
            joined_on: member.joined_on.clone(),
            full_on: member.full_on.clone(),
            offices: self.offices_of(member),
            meetings: KINDS.iter().map(|kind| self.kind(member, kind)).filter(MeetingsOfKind::is_any).collect(),
            study: self.study(member)?,
            pledges: self.view.pledges_of(member.id)?.into_iter().filter(mine).map(PledgeLine::from).collect(),
            grade: self.grade(member)?,
            talks: self.view.talks(first, last)?.iter().filter(|t| t.member == member.id).count() as u32,
            households,
            visited,
            visits,
            dues_due,
            dues_paid,
            dues_unknown: dues_unknown > 0 && dues_unknown == dues_due,
        })
    }

    fn offices_of(&self, member: &PartyMember) -> Vec<String> {
        let mine = self.offices.iter().filter(|o| o.person == member.person);
        mine.map(|o| format!("{}{}", codes::label("office_body", o.organ.code(), Lang::ZhCn), o.position)).collect()
    }

    fn kind(&self, member: &PartyMember, kind: &str) -> MeetingsOfKind {
        let mut of = MeetingsOfKind { kind: kind.to_owned(), ..MeetingsOfKind::default() };
        for (meeting, named) in self.meetings.iter().filter(|(m, _)| m.counts_as(kind)) {
            let entry = named.iter().find(|a| a.person == Some(member.person));
            match entry {
                Some(entry) => of.add(meeting, entry),
                None if named.is_empty() && self.may_be_called(member, meeting) => of.unnoted += 1,
                None => {}
            }
        }
        of
    }

    fn may_be_called(&self, member: &PartyMember, meeting: &Meeting) -> bool {
        let called = match meeting.meeting_kind.code() {
            "cell" => meeting.cell.is_some() && meeting.cell == member.cell,
            "committee" => self
                .offices
                .iter()
                .any(|o| o.person == member.person && o.organ.code() == LEADING && o.stands_on(meeting.on)),
            _ => true,
        };
        called && member.stands_on(meeting.on)
    }

    fn study(&self, member: &PartyMember) -> Result<StudyHours> {
        let came = |named: &[Attendance]| {
            named.iter().any(|a| a.person == Some(member.person) && (a.absent_why.is_none() || a.made_up_on.is_some()))
        };
        let from_meetings =
            self.meetings.iter().filter(|(_, named)| came(named)).map(|(m, _)| m.hours.unwrap_or(0)).sum();
        let mine = self
            .courses
            .iter()
            .filter_map(|(course, trained)| Some((course, trained.iter().find(|t| t.member == member.id)?)));
        let (mut from_training, mut central) = (0, 0);
        for (course, entry) in mine {
            from_training += entry.hours.unwrap_or(course.hours);
            central += u32::from(course.central == Some(true));
        }
        let leads = self.offices.iter().any(|o| o.person == member.person && o.organ.code() == LEADING);
        let needed = if leads { "study_hours_secretary" } else { "study_hours_member" };
        Ok(StudyHours {
            from_meetings,
            from_training,
            needed: self.rules.int(needed, self.as_of)?,
            central,
            central_needed: if leads {
                i64::from(self.rules.cadence("secretary_trainings", self.as_of)?.times)
            } else {
                0
            },
        })
    }

    /// Linked households on the day, how many of them were visited in the year, and how often.
    fn linked(&self, member: &PartyMember) -> (u32, u32, u32) {
        let mine = self.links.iter().filter(|p| p.helper == member.person && p.holds_on(self.as_of));
        let households: HashSet<_> = mine.map(|p| p.household).collect();
        let visits: Vec<&Visit> =
            self.visits.iter().filter(|v| v.visitor == member.person && households.contains(&v.household)).collect();
        let visited: HashSet<_> = visits.iter().map(|v| v.household).collect();
        (households.len() as u32, visited.len() as u32, visits.len() as u32)
    }

    fn grade(&self, member: &PartyMember) -> Result<Option<String>> {
        let year = u32::try_from(self.year).unwrap_or_default();
        let Some(appraisal) = self.view.all::<Appraisal>()?.into_iter().find(|a| a.year == year) else {
            return Ok(None);
        };
        let grades = self.view.appraised(appraisal.id)?;
        Ok(grades.into_iter().find(|g| g.member == member.id).map(|g| g.grade.code().to_owned()))
    }
}

/// Months due, paid and unknown of each member, up to a day.
fn dues(view: View<'_>, year: i32, until: NaiveDate) -> Result<HashMap<PartyMemberId, [u32; 3]>> {
    let mut of = HashMap::new();
    for member in view.dues_year(year)? {
        let asked = member.months.iter().filter(|m| m.month.first() <= until && m.due.is_asked());
        let count = asked.fold([0, 0, 0], |[due, paid, unknown], month| {
            let is_unknown = month.due.fen().is_none() && month.paid.is_none();
            [due + 1, paid + u32::from(month.is_paid()), unknown + u32::from(is_unknown)]
        });
        of.insert(member.member.id, count);
    }
    Ok(of)
}

impl MeetingsOfKind {
    fn add(&mut self, meeting: &Meeting, entry: &Attendance) {
        self.called += 1;
        match &entry.absent_why {
            None => self.came += 1,
            Some(why) => self.absent.push(Absence {
                meeting: meeting.id.0,
                on: meeting.on,
                why: why.clone(),
                made_up_on: entry.made_up_on,
            }),
        }
    }

    fn is_any(&self) -> bool {
        self.called > 0 || self.unnoted > 0
    }
}
