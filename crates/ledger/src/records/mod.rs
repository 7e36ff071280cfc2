//! Every record of the ledger, one file each. A new kind is one file and one line in [`KINDS`].

pub mod appraisal;
pub mod appraised;
pub mod attendance;
pub mod correction;
pub mod decision;
pub mod dues;
pub mod dues_base;
pub mod group;
pub mod household;
pub mod household_class;
pub mod matter;
pub mod meeting;
pub mod member_change;
pub mod month_plan;
pub mod not_held;
pub mod objection;
pub mod office;
pub mod org_unit;
pub mod pairing;
pub mod party_member;
pub mod person;
pub mod photo;
pub mod phrase;
pub mod pledge;
pub mod point_entry;
pub mod point_item;
pub mod rating;
pub mod recruit;
pub mod report;
pub mod report_answer;
pub mod resolution;
pub mod round;
pub mod star_check;
pub mod star_cycle;
pub mod star_move;
pub mod star_score;
pub mod step;
pub mod talk;
pub mod trained;
pub mod training;
pub mod village;
pub mod visit;

pub use appraisal::{Appraisal, AppraisalId};
pub use appraised::{Appraised, AppraisedId};
pub use attendance::{Attendance, AttendanceId};
pub use correction::{Correction, CorrectionId};
pub use decision::{Decision, DecisionId};
pub use dues::{Dues, DuesId};
pub use dues_base::{DuesBase, DuesBaseId};
pub use group::{Group, GroupId};
pub use household::{Household, HouseholdId};
pub use household_class::{HouseholdClass, HouseholdClassId};
pub use matter::{Matter, MatterId};
pub use meeting::{Meeting, MeetingId};
pub use member_change::{MemberChange, MemberChangeId};
pub use month_plan::{MonthPlan, MonthPlanId};
pub use not_held::{NotHeld, NotHeldId};
pub use objection::{Objection, ObjectionId};
pub use office::{Office, OfficeId};
pub use org_unit::{OrgUnit, OrgUnitId};
pub use pairing::{Pairing, PairingId};
pub use party_member::{PartyMember, PartyMemberId};
pub use person::{Person, PersonId};
pub use photo::{Photo, PhotoId};
pub use phrase::{Phrase, PhraseId};
pub use pledge::{Pledge, PledgeId};
pub use point_entry::{PointEntry, PointEntryId};
pub use point_item::{PointItem, PointItemId};
pub use rating::{Rating, RatingId};
pub use recruit::{Recruit, RecruitId};
pub use report::{Report, ReportId};
pub use report_answer::{ReportAnswer, ReportAnswerId};
pub use resolution::{Resolution, ResolutionId};
pub use round::{Round, RoundId};
pub use star_check::{StarCheck, StarCheckId};
pub use star_cycle::{StarCycle, StarCycleId};
pub use star_move::{StarMove, StarMoveId};
pub use star_score::{StarScore, StarScoreId};
pub use step::{Step, StepId};
pub use talk::{Talk, TalkId};
pub use trained::{Trained, TrainedId};
pub use training::{Training, TrainingId};
pub use village::{Village, VillageId};
pub use visit::{Visit, VisitId};

use crate::record::Kind;
use crate::refusal::{Code, Refusal};

/// All kinds, in an order in which what is pointed at comes before what points.
pub static KINDS: &[Kind] = &[
    Kind::of::<Village>(),
    Kind::of::<Group>(),
    Kind::of::<Household>(),
    Kind::of::<Person>(),
    Kind::of::<HouseholdClass>(),
    Kind::of::<PartyMember>(),
    Kind::of::<OrgUnit>(),
    Kind::of::<Office>(),
    Kind::of::<MemberChange>(),
    Kind::of::<Pledge>(),
    Kind::of::<Training>(),
    Kind::of::<Trained>(),
    Kind::of::<Talk>(),
    Kind::of::<Pairing>(),
    Kind::of::<Meeting>(),
    Kind::of::<Round>(),
    Kind::of::<Attendance>(),
    Kind::of::<Resolution>(),
    Kind::of::<Appraisal>(),
    Kind::of::<Appraised>(),
    Kind::of::<Visit>(),
    Kind::of::<Matter>(),
    Kind::of::<Photo>(),
    Kind::of::<Phrase>(),
    Kind::of::<NotHeld>(),
    Kind::of::<MonthPlan>(),
    Kind::of::<StarCycle>(),
    Kind::of::<Rating>(),
    Kind::of::<StarScore>(),
    Kind::of::<Objection>(),
    Kind::of::<StarMove>(),
    Kind::of::<StarCheck>(),
    Kind::of::<Decision>(),
    Kind::of::<Recruit>(),
    Kind::of::<Step>(),
    Kind::of::<DuesBase>(),
    Kind::of::<Dues>(),
    Kind::of::<PointItem>(),
    Kind::of::<PointEntry>(),
    Kind::of::<Report>(),
    Kind::of::<ReportAnswer>(),
    Kind::of::<Correction>(),
];

/// What the township alone writes: whoever sits at a village's computer does not speak for it.
pub const TOWNSHIPS_OWN: &[&str] = &[<ReportAnswer as crate::record::Record>::KIND];

/// The kind of that name, or a refusal that lists the names there are.
pub fn kind(name: &str) -> Result<&'static Kind, Refusal> {
    KINDS.iter().find(|k| k.name == name).ok_or_else(|| {
        let known = KINDS.iter().map(|k| k.name).collect::<Vec<_>>().join(", ");
        Refusal::new(Code::UnknownKind).with("kind", name).with("known", known)
    })
}

/// Names the code sets of `assets/codes.json` that fields are typed with.
macro_rules! code_sets {
    ($($(#[$doc:meta])* $Set:ident = $name:literal),* $(,)?) => {
        $($(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $Set;
        impl crate::record::CodeSet for $Set { const SET: &'static str = $name; })*
    };
}

code_sets! {
    /// 性别, GB/T 2261.1.
    Sex = "sex",
    /// 民族, GB/T 3304.
    Ethnic = "ethnic",
    /// 与户主关系, GB/T 4761.
    Relation = "relation",
    /// 文化程度, GB/T 4658.
    Education = "education",
    /// 政治面貌, GB/T 4762.
    Political = "political",
    /// 健康状况.
    Health = "health",
    /// 户类型, by the monitoring scheme in force.
    ClassCode = "household_class",
    /// 帮扶人员类别.
    HelperRole = "pairing_role",
    /// 会议类型.
    MeetingKind = "meeting_kind",
    /// 组织类型.
    UnitKind = "unit_kind",
    /// 任职机构.
    OfficeBody = "office_body",
    /// 党员变动.
    MemberEvent = "member_event",
    /// 民主评议等次.
    AppraisalGrade = "appraisal_grade",
}

#[cfg(test)]
mod tests {
    use super::KINDS;

    #[test]
    fn no_field_takes_the_name_of_a_dump_lines_own_keys() {
        for kind in KINDS {
            assert!(kind.fields.iter().all(|f| !["kind", "id", "clocks"].contains(&f.name)), "{}", kind.name);
        }
    }

    #[test]
    fn what_makes_a_record_the_only_one_is_among_its_fields() {
        for kind in KINDS {
            assert!(kind.only_one.iter().chain(kind.indexes).all(|name| kind.field(name).is_some()), "{}", kind.name);
        }
    }
}
