//! A duty: what it is, when it is due, where it is done. Facts and codes; the page words them.

use lianhu_ledger::dates::{Date, Month};
use serde::Serialize;
use ts_rs::TS;
use uuid::Uuid;

/// So many days before its day a duty is called near.
pub(super) const SOON_DAYS: i64 = 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Lamp {
    Late,
    Soon,
    None,
}

impl Lamp {
    pub(crate) fn of(due: Option<Date>, today: Date) -> Lamp {
        match due.map(|due| (due - today).num_days()) {
            Some(left) if left < 0 => Lamp::Late,
            Some(left) if left <= SOON_DAYS => Lamp::Soon,
            _ => Lamp::None,
        }
    }
}

/// What is to be done, with the numbers and names its sentence needs.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum What {
    /// 群众大会 of the month (or quarter): so many of so many held.
    Mass {
        held: usize,
        times: u32,
    },
    /// 三到家: paired households nobody has visited this month.
    Visits {
        left: usize,
        paired: usize,
    },
    /// Paired households nobody has visited for several months, and the longest of them.
    Unvisited {
        households: usize,
        months: u32,
        head: String,
        days: Option<i64>,
    },
    Matter {
        text: String,
        head: Option<String>,
        owner: Option<String>,
    },
    /// More matters than a page lists one by one.
    Matters {
        n: usize,
    },
    /// Matters that were answered this month.
    Answered {
        n: usize,
    },
    /// 复评: a tally stayed below the threshold.
    Retest {
        who: String,
        satisfied: u64,
        valid: u64,
        on: Date,
    },
    /// 月报, and how many of its figures nobody has filled in.
    Report {
        missing: Option<usize>,
    },
    /// 被退回: the township returned a month's report, and why; `reopened` once it is being mended.
    Returned {
        reason: String,
        reopened: bool,
    },
    /// 五星评定公示, and objections not yet answered.
    Notice {
        cycle: String,
        objections: u32,
    },
    /// The step at hand of a 村级事项 or of an applicant, whose day is near or past.
    Step {
        title: String,
        step: String,
    },
    /// 三会一课 that the month still asks for, by kind; `late` meetings of months that are over were never held.
    Branch {
        kinds: Vec<String>,
        late: u32,
    },
    /// 换届.
    Term {
        organ: String,
    },
    /// 星级季查.
    StarCheck {
        cycle: String,
    },
    /// 预备期满.
    Probation {
        name: String,
    },
    /// 两台电脑改了同一处.
    Questions {
        n: usize,
    },
    /// 待核对: what bringing two ledgers together left questionable.
    Findings {
        n: usize,
    },
}

/// Where it is done.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "page", rename_all = "snake_case")]
pub enum Goto {
    NewMeeting,
    Meeting {
        id: Uuid,
    },
    /// Paired households: those nobody has visited this month, or those not visited for longest.
    Unvisited {
        long: bool,
    },
    Pairings,
    Matter {
        id: Uuid,
    },
    Matters,
    MattersUndated,
    Report {
        #[ts(type = "string")]
        month: Month,
    },
    Cycle {
        id: Uuid,
    },
    Stars {
        id: Uuid,
    },
    Branch,
    Organisation,
    Decision {
        id: Uuid,
    },
    Recruit {
        id: Uuid,
    },
    Person {
        household: Option<Uuid>,
        name: String,
    },
    Questions,
    Findings,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Duty {
    /// What it is called when somebody says that it is not carried out.
    pub key: String,
    /// The month whose duty it is.
    #[ts(type = "string")]
    pub month: Month,
    pub what: What,
    pub lamp: Lamp,
    pub due: Option<Date>,
    /// Until the due day; less than nothing when it is past.
    pub days_left: Option<i64>,
    pub group: Option<String>,
    pub group_number: Option<u32>,
    pub goto: Goto,
    /// It may be left out this month, with a reason.
    pub dismissible: bool,
}

/// A duty of the month that is off the list: done, or not carried out for a reason.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct DoneDuty {
    pub key: String,
    #[ts(type = "string")]
    pub month: Month,
    pub what: What,
    pub on: Option<Date>,
    pub goto: Option<Goto>,
    /// 本月不办, and why.
    pub reason: Option<String>,
}

impl DoneDuty {
    pub(super) fn dismissed(duty: Duty, reason: &str) -> DoneDuty {
        let reason = Some(reason.to_owned());
        DoneDuty { key: duty.key, month: duty.month, what: duty.what, on: None, goto: None, reason }
    }
}

/// 数据不全: why a duty cannot be computed.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Unknown {
    /// Nobody is paired with a household: whom to visit is not known.
    NoPairings,
    /// Open matters without a day by which they are to be answered.
    UndatedMatters { n: i64 },
    /// The day a probationary member joined is not known: nor is the end of the probation.
    JoinedUnknown { name: String, household: Option<Uuid> },
    /// The rule table holds no rule for this duty in this month.
    Rule { duty: &'static str },
}

/// A duty being put together.
pub(super) struct New {
    pub key: String,
    pub month: Month,
    pub what: What,
    pub due: Option<Date>,
    pub goto: Goto,
}

impl New {
    pub(super) fn duty(self, today: Date) -> Duty {
        Duty {
            key: self.key,
            month: self.month,
            what: self.what,
            lamp: Lamp::of(self.due, today),
            due: self.due,
            days_left: self.due.map(|due| (due - today).num_days()),
            group: None,
            group_number: None,
            goto: self.goto,
            dismissible: true,
        }
    }
}
