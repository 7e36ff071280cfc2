//! 到会与表决 — may this meeting open, and has it decided?
//!
//! Each body has its own roll (应到) and its own share. Some count those who agree against everyone
//! who should have come, others against those who did: mixing them up makes a resolution void.
//! A mass meeting (群众大会) has no roll at all: it may always be held and never decides.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Ratio, RuleProblem, Rules, Value};

/// What the rule table says of one kind of meeting.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct QuorumRule {
    /// Any one of these opens the meeting; none means that it needs no quorum.
    pub open: Vec<Opens>,
    /// Absent where the meeting decides nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pass: Option<Passes>,
}

#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize)]
pub struct Opens {
    pub of: Basis,
    #[serde(flatten)]
    pub share: Share,
}

#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize)]
pub struct Passes {
    pub of: Counted,
    #[serde(flatten)]
    pub share: Share,
}

/// Whose turnout counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// 十八周岁以上村民
    Adults,
    /// 户的代表
    Households,
    /// 村民代表会议组成人员
    Representatives,
    /// 有表决权（选举权）的党员
    Voters,
    /// 委员
    Committee,
    /// 有完全民事行为能力的集体经济组织成员
    Collective,
}

/// 应到会 or 到会.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    Due,
    Present,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Share {
    AtLeast(Ratio),
    MoreThan(Ratio),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turnout {
    pub due: u32,
    pub present: u32,
}

/// 应到 and 实到, for each roll that was counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roll(BTreeMap<Basis, Turnout>);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Votes {
    pub yes: u32,
    pub no: u32,
    pub abstained: u32,
}

/// One way to open, held against the turnout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gate {
    pub basis: Basis,
    pub turnout: Turnout,
    pub needed: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quorum {
    pub opens: bool,
    pub gates: Vec<Gate>,
    /// Rolls that the rule asks for and nobody counted.
    pub uncounted: Vec<Basis>,
    pub decision: Decision,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// 不作决议: this kind of meeting never does.
    Never,
    /// 未达法定人数.
    NotOpen,
    /// Nobody voted yet.
    NotVoted,
    /// More votes than people: a slip of the pen, so nothing is decided.
    TooManyVotes {
        votes: u32,
        present: u32,
    },
    Passed(Count),
    Failed(Count),
}

/// `yes` against `needed`, where `whole` is the 应到 or 到会 that `counted` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    pub yes: u32,
    pub needed: u32,
    pub counted: Counted,
    pub whole: u32,
}

impl Rules {
    /// `kind` is a code of the set `meeting_kind`.
    pub fn quorum(&self, kind: &str, on: NaiveDate, roll: &Roll, votes: Option<Votes>) -> Result<Quorum, RuleProblem> {
        Ok(self.quorum_rule(kind, on)?.judge(roll, votes))
    }

    /// Whose turnout opens a meeting of that kind: any of these.
    pub fn bases(&self, kind: &str, on: NaiveDate) -> Result<Vec<Basis>, RuleProblem> {
        Ok(self.quorum_rule(kind, on)?.open.iter().map(|opens| opens.of).collect())
    }

    fn quorum_rule(&self, kind: &str, on: NaiveDate) -> Result<&QuorumRule, RuleProblem> {
        self.typed(&format!("quorum_{kind}"), on, "quorum", |value| match value {
            Value::Quorum(rule) => Some(rule),
            _ => None,
        })
    }
}

impl QuorumRule {
    fn judge(&self, roll: &Roll, votes: Option<Votes>) -> Quorum {
        let gates: Vec<Gate> = self.open.iter().filter_map(|opens| opens.gate(roll)).collect();
        let uncounted = self.open.iter().map(|opens| opens.of).filter(|of| roll.get(*of).is_none());
        let met = gates.iter().find(|gate| gate.is_met()).copied();
        Quorum {
            opens: self.open.is_empty() || met.is_some(),
            uncounted: uncounted.collect(),
            decision: self.decide(met, votes),
            gates,
        }
    }

    /// Votes are counted over the roll that opened the meeting.
    fn decide(&self, met: Option<Gate>, votes: Option<Votes>) -> Decision {
        match (self.pass, met, votes) {
            (None, ..) => Decision::Never,
            (_, None, _) => Decision::NotOpen,
            (_, _, None) => Decision::NotVoted,
            (Some(passes), Some(gate), Some(votes)) => passes.count(gate.turnout, votes),
        }
    }
}

impl Opens {
    fn gate(&self, roll: &Roll) -> Option<Gate> {
        let turnout = roll.get(self.of)?;
        Some(Gate { basis: self.of, turnout, needed: self.share.of(turnout.due) })
    }
}

impl Passes {
    fn count(&self, turnout: Turnout, votes: Votes) -> Decision {
        let present = turnout.present;
        if votes.total() > u64::from(present) {
            let votes = u32::try_from(votes.total()).unwrap_or(u32::MAX);
            return Decision::TooManyVotes { votes, present };
        }
        let whole = match self.of {
            Counted::Due => turnout.due,
            Counted::Present => present,
        };
        let count = Count { yes: votes.yes, needed: self.share.of(whole), counted: self.of, whole };
        if count.yes >= count.needed { Decision::Passed(count) } else { Decision::Failed(count) }
    }
}

impl Gate {
    /// An empty roll opens nothing: it means that nobody was entered, not that nobody is missing.
    pub fn is_met(&self) -> bool {
        self.turnout.due > 0 && self.turnout.present >= self.needed
    }
}

impl Share {
    fn of(self, n: u32) -> u32 {
        match self {
            Share::AtLeast(ratio) => ratio.at_least(n),
            Share::MoreThan(ratio) => ratio.more_than(n),
        }
    }
}

impl Roll {
    pub fn of(basis: Basis, due: u32, present: u32) -> Roll {
        Roll::default().and(basis, due, present)
    }

    pub fn and(mut self, basis: Basis, due: u32, present: u32) -> Roll {
        self.0.insert(basis, Turnout { due, present });
        self
    }

    pub fn get(&self, basis: Basis) -> Option<Turnout> {
        self.0.get(&basis).copied()
    }
}

impl Votes {
    fn total(self) -> u64 {
        u64::from(self.yes) + u64::from(self.no) + u64::from(self.abstained)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes;
    use Basis::*;
    use Counted::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn judge(kind: &str, on: &str, roll: Roll, yes: Option<u32>) -> Quorum {
        let votes = yes.map(|yes| Votes { yes, ..Votes::default() });
        Rules::shipped().quorum(kind, day(on), &roll, votes).expect(kind)
    }

    /// One body, one roll: `(due, present)` opens or not, `yes` votes of `counted` suffice or not.
    fn check(kind: &str, basis: Basis, cases: &[(u32, u32, bool, u32, Option<bool>)], counted: Counted) {
        for &(due, present, opens, yes, passes) in cases {
            let quorum = judge(kind, "2026-11-22", Roll::of(basis, due, present), Some(yes));
            let case = format!("{kind}: {present} of {due}, {yes} agree: {quorum:?}");
            assert_eq!(quorum.opens, opens, "{case}");
            let (passed, whole) = match quorum.decision {
                Decision::Passed(count) => (Some(true), Some((count.counted, count.whole))),
                Decision::Failed(count) => (Some(false), Some((count.counted, count.whole))),
                _ => (None, None),
            };
            assert_eq!(passed, passes, "{case}");
            let expected = if counted == Due { due } else { present };
            assert!(whole.is_none_or(|whole| whole == (counted, expected)), "{case}");
        }
    }

    #[test]
    fn every_kind_of_meeting_has_its_rule() {
        let kinds = codes::set("meeting_kind").expect("the set");
        for kind in &kinds.codes {
            judge(&kind.code, "2026-11-22", Roll::default(), None);
        }
    }

    #[test]
    fn a_mass_meeting_of_142_is_held_and_never_decides() {
        let roll = Roll::of(Households, 826, 142).and(Adults, 2648, 142);
        let quorum = judge("mass", "2026-11-22", roll, Some(142));
        assert_eq!((quorum.opens, quorum.decision), (true, Decision::Never));
        assert!(quorum.gates.is_empty());
    }

    #[test]
    fn nothing_that_is_no_deciding_body_decides() {
        for kind in ["mass", "yard", "cell", "lecture", "theme_day", "life", "appraisal", "other"] {
            let quorum = judge(kind, "2026-11-22", Roll::of(Voters, 46, 46), Some(46));
            assert_eq!((quorum.opens, quorum.decision), (true, Decision::Never), "{kind}");
        }
    }

    #[test]
    fn a_villagers_meeting_opens_by_adults_or_by_households() {
        let cases = [
            (2648, 1324, false, 1324, None),
            (2648, 1325, true, 663, Some(true)),
            (2648, 1325, true, 662, Some(false)),
        ];
        check("villagers", Adults, &cases, Present);
        let cases =
            [(826, 550, false, 550, None), (826, 551, true, 276, Some(true)), (826, 551, true, 275, Some(false))];
        check("villagers", Households, &cases, Present);
    }

    #[test]
    fn votes_are_counted_over_the_roll_that_opened_the_meeting() {
        let roll = Roll::of(Adults, 2648, 900).and(Households, 826, 551);
        let quorum = judge("villagers", "2026-11-22", roll, Some(300));
        let met: Vec<bool> = quorum.gates.iter().map(Gate::is_met).collect();
        assert_eq!((quorum.opens, met), (true, vec![false, true]));
        let count = Count { yes: 300, needed: 276, counted: Present, whole: 551 };
        assert_eq!(quorum.decision, Decision::Passed(count));
    }

    #[test]
    fn representatives_need_two_thirds_of_the_body() {
        let cases = [
            (63, 36, false, 36, None),
            (63, 41, false, 41, None),
            (63, 42, true, 22, Some(true)),
            (63, 42, true, 21, Some(false)),
        ];
        check("representatives", Representatives, &cases, Present);
    }

    #[test]
    fn a_group_meeting_needs_two_thirds_of_adults_or_households() {
        check(
            "group",
            Households,
            &[(104, 69, false, 69, None), (104, 70, true, 36, Some(true)), (104, 70, true, 35, Some(false))],
            Present,
        );
        check("group", Adults, &[(330, 219, false, 219, None), (330, 220, true, 111, Some(true))], Present);
    }

    #[test]
    fn the_collective_counts_all_its_members() {
        let cases =
            [(900, 599, false, 599, None), (900, 600, true, 600, Some(true)), (900, 650, true, 599, Some(false))];
        check("collective", Collective, &cases, Due);
    }

    #[test]
    fn members_decide_by_more_than_half_of_all_who_should_have_come() {
        let cases = [
            (44, 21, false, 21, None),
            (44, 22, true, 22, Some(false)),
            (44, 30, true, 22, Some(false)),
            (44, 30, true, 23, Some(true)),
        ];
        check("members", Voters, &cases, Due);
    }

    #[test]
    fn an_admission_needs_more_than_half_to_come() {
        let cases = [(44, 22, false, 22, None), (44, 23, true, 23, Some(true)), (44, 40, true, 22, Some(false))];
        check("admission", Voters, &cases, Due);
    }

    #[test]
    fn a_village_matter_needs_two_thirds_of_the_members() {
        let cases = [(44, 29, false, 29, None), (44, 30, true, 23, Some(true)), (44, 30, true, 22, Some(false))];
        check("deliberation", Voters, &cases, Due);
    }

    #[test]
    fn an_election_needs_four_fifths() {
        let cases = [(44, 35, false, 35, None), (44, 36, true, 19, Some(true)), (44, 36, true, 18, Some(false))];
        check("election", Voters, &cases, Present);
    }

    #[test]
    fn the_committee_needs_half_of_itself() {
        let cases = [
            (5, 2, false, 2, None),
            (5, 3, true, 3, Some(true)),
            (5, 4, true, 2, Some(false)),
            (4, 2, true, 2, Some(false)),
        ];
        check("committee", Committee, &cases, Due);
    }

    #[test]
    fn a_meeting_nobody_counted_does_not_open() {
        let quorum = judge("members", "2026-11-22", Roll::default(), Some(30));
        assert_eq!((quorum.opens, quorum.uncounted, quorum.decision), (false, vec![Voters], Decision::NotOpen));
        assert!(!judge("members", "2026-11-22", Roll::of(Voters, 0, 0), None).opens);
    }

    #[test]
    fn more_votes_than_people_decide_nothing() {
        let quorum = judge("members", "2026-11-22", Roll::of(Voters, 44, 30), Some(31));
        assert_eq!(quorum.decision, Decision::TooManyVotes { votes: 31, present: 30 });
    }

    #[test]
    fn an_open_meeting_without_a_vote_has_not_decided() {
        let quorum = judge("members", "2026-11-22", Roll::of(Voters, 44, 30), None);
        assert_eq!((quorum.opens, quorum.decision), (true, Decision::NotVoted));
    }

    #[test]
    fn a_body_that_the_law_did_not_know_yet_has_no_rule() {
        let rules = Rules::shipped();
        let early = rules.quorum("collective", day("2025-04-30"), &Roll::default(), None);
        assert!(matches!(early, Err(RuleProblem::Missing { .. })));
    }
}
