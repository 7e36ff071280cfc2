//! 组织生活 — the year at a glance: what was due and what was held, who missed a meeting and has not made up for it, the
//! appraisal (民主评议), talks (谈心谈话) and courses (培训).

mod appraisal;
mod study;
#[cfg(test)]
mod tests;

pub use appraisal::{AppraisalPage, GradeLine, GradeMember, SaveGrades, look as appraisal, save as save_grades};
pub use study::{CoursePage, SaveCourse, TalkLine, TrainingLine, courses, save_course, talks};

use lianhu_ledger::View;
use lianhu_ledger::dates::Date;
use lianhu_ledger::records::Attendance;
use lianhu_report::year::{Board, board};
use serde::Serialize;
use ts_rs::TS;
use uuid::Uuid;

use crate::desk::Desk;
use crate::member::WhichYear;
use crate::problem::Result;

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct BranchYear {
    pub today: Date,
    pub board: Board,
    /// 缺席未补课, the latest meeting first.
    pub missed: Vec<MissedMeeting>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct MissedMeeting {
    pub meeting: Uuid,
    pub kind: String,
    pub on: Date,
    pub person: Uuid,
    pub name: String,
    pub why: String,
}

pub fn look(desk: &Desk, ask: WhichYear) -> Result<BranchYear> {
    desk.read(|ledger| {
        let view = ledger.view();
        let year = ask.or_this(view.today);
        Ok(BranchYear { today: view.today, board: board(view, year, view.today)?, missed: missed(view, year)? })
    })
}

fn missed(view: View<'_>, year: i32) -> Result<Vec<MissedMeeting>> {
    let days = |month, day| Date::from_ymd_opt(year, month, day).unwrap_or(view.today);
    let names = view.names()?;
    let mut missed = Vec::new();
    for meeting in view.meetings(days(1, 1), days(12, 31))?.into_iter().rev() {
        let open = |a: &Attendance| a.household.is_none() && a.absent_why.is_some() && a.made_up_on.is_none();
        for entry in view.attendance(meeting.id)?.into_iter().filter(open) {
            let Some((person, why)) = entry.person.zip(entry.absent_why) else { continue };
            missed.push(MissedMeeting {
                meeting: meeting.id.0,
                kind: meeting.meeting_kind.code().to_owned(),
                on: meeting.on,
                person: person.0,
                name: names.get(&person).cloned().unwrap_or_default(),
                why,
            });
        }
    }
    Ok(missed)
}
