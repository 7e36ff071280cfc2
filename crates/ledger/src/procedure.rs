//! 程序 — work that goes step by step: 五星文明户评定, 四议两公开, 五民工作法, 发展党员.
//!
//! Which steps there are, and what each asks for, stands in `assets/procedures.json`, dated as the rules are; numbers
//! are named by the rule they come from. Where a case has come to is never stored: it is read from the steps that were
//! passed, in order, so that no merge can carry a case past a step.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use chrono::Months;
use serde::{Deserialize, Serialize};

use crate::dates::Date;
use crate::record::Count;
use crate::records::step::Step;
use crate::refusal::Refusal;
use crate::rules::quorum::{Basis, Decision, Roll, Votes};
use crate::rules::{Confidence, RuleProblem, Rules};
use crate::text::Lang;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Procedure {
    pub id: String,
    pub from: Date,
    pub zh: String,
    pub en: String,
    pub source: String,
    pub confidence: Confidence,
    /// What to hold the text against before relying on it.
    pub note: Option<String>,
    pub steps: Vec<StepPlan>,
}

/// One step as the procedure asks for it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepPlan {
    pub id: String,
    pub zh: String,
    pub en: String,
    /// 阶段, where the steps lie in stages.
    pub phase: Option<String>,
    /// Bodies that may take it, by their kind of meeting; none where no meeting is asked for.
    #[serde(default)]
    pub bodies: Vec<String>,
    #[serde(default)]
    pub votes: bool,
    /// Rule: fewest people who score.
    pub raters: Option<String>,
    /// Rules: fewest and most people named.
    pub people: Option<[String; 2]>,
    /// Rule: fewest days on the notice board.
    pub posted: Option<String>,
    /// Rule: days before the meeting on which the plan is handed out.
    pub announced: Option<String>,
    pub not_before: Option<Wait>,
    /// Late after this, which is told and hinders nothing.
    pub due: Option<Wait>,
    #[serde(default)]
    pub papers: Vec<String>,
}

/// So many months (a rule) after another step was passed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wait {
    pub after: String,
    pub rule: String,
}

/// The shipped criteria of the five stars, and what bars a household from all of them. Local: a cycle keeps its own.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StarText {
    pub criteria: Vec<Criterion>,
    pub vetoes: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    pub star: String,
    pub zh: String,
    pub en: String,
    pub asks: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    procedures: Vec<Procedure>,
    stars: StarText,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let text = include_str!("../../../assets/procedures.json");
        serde_json::from_str(text).expect("the shipped procedures parse: a test reads them")
    })
}

/// The procedure as it holds on a day.
pub fn procedure(id: &str, on: Date) -> Option<&'static Procedure> {
    let versions = table().procedures.iter().filter(|p| p.id == id && p.from <= on);
    versions.max_by_key(|p| p.from)
}

/// What a step is called, in whichever procedure it stands.
pub fn step_name(step: &str, lang: Lang) -> Option<&'static str> {
    let plan = table().procedures.iter().find_map(|procedure| procedure.plan(step))?;
    Some(match lang {
        Lang::ZhCn => plan.zh.as_str(),
        Lang::En => plan.en.as_str(),
    })
}

pub fn star_text() -> &'static StarText {
    &table().stars
}

/// What a step still lacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "lacks", rename_all = "snake_case")]
pub enum Lack {
    /// An earlier step is open.
    Earlier {
        step: String,
    },
    /// It stands before the step it follows.
    BeforeEarlier {
        on: Date,
    },
    /// Which body decided is not said, or it is none that may: a mass meeting is no 村民会议.
    NoBody,
    /// 应到、实到 were not counted.
    NotCounted,
    /// 未达法定人数.
    NoQuorum {
        due: Count,
        present: Count,
        needed: Count,
    },
    NotVoted,
    TooManyVotes {
        votes: Count,
        present: Count,
    },
    VotedDown {
        yes: Count,
        needed: Count,
    },
    FewPeople {
        there: Count,
        needed: Count,
    },
    ManyPeople {
        there: Count,
        most: Count,
    },
    NotPosted,
    PostedShort {
        days: Count,
        needed: Count,
    },
    /// The notice hangs until this day.
    StillPosted {
        until: Date,
    },
    TooEarly {
        until: Date,
    },
    Paper {
        name: String,
    },
    /// Households without a score of this stage.
    Unscored {
        n: Count,
    },
    /// Households whose score differs from the stage before, without a reason.
    Unexplained {
        n: Count,
    },
    ObjectionOpen {
        n: Count,
    },
}

impl Lack {
    /// No reason makes up for it: the step is not passed until it is there.
    pub fn is_hard(&self) -> bool {
        matches!(
            self,
            Lack::Earlier { .. }
                | Lack::BeforeEarlier { .. }
                | Lack::VotedDown { .. }
                | Lack::NoQuorum { .. }
                | Lack::TooManyVotes { .. }
                | Lack::NoBody
                | Lack::Unscored { .. }
                | Lack::ObjectionOpen { .. }
        )
    }
}

impl Lack {
    /// A count of none.
    pub(crate) fn is_nothing(&self) -> bool {
        matches!(self, Lack::Unscored { n: 0 } | Lack::Unexplained { n: 0 } | Lack::ObjectionOpen { n: 0 })
    }

    /// As the catalogue names it, and as a refusal carries it.
    pub fn code(&self) -> &'static str {
        match self {
            Lack::Earlier { .. } => "earlier",
            Lack::BeforeEarlier { .. } => "before_earlier",
            Lack::NoBody => "no_body",
            Lack::NotCounted => "not_counted",
            Lack::NoQuorum { .. } => "no_quorum",
            Lack::NotVoted => "not_voted",
            Lack::TooManyVotes { .. } => "too_many_votes",
            Lack::VotedDown { .. } => "voted_down",
            Lack::FewPeople { .. } => "few_people",
            Lack::ManyPeople { .. } => "many_people",
            Lack::NotPosted => "not_posted",
            Lack::PostedShort { .. } => "posted_short",
            Lack::StillPosted { .. } => "still_posted",
            Lack::TooEarly { .. } => "too_early",
            Lack::Paper { .. } => "paper",
            Lack::Unscored { .. } => "unscored",
            Lack::Unexplained { .. } => "unexplained",
            Lack::ObjectionOpen { .. } => "objection_open",
        }
    }

    /// What its sentence names.
    pub fn details(&self) -> BTreeMap<&'static str, String> {
        let named = match self {
            Lack::NoBody | Lack::NotCounted | Lack::NotVoted | Lack::NotPosted => Vec::new(),
            Lack::Earlier { step } => vec![("of", step.clone())],
            Lack::BeforeEarlier { on } => vec![("until", on.to_string())],
            Lack::NoQuorum { due, present, needed } => {
                vec![("due", due.to_string()), ("there", present.to_string()), ("needed", needed.to_string())]
            }
            Lack::TooManyVotes { votes, present } => vec![("n", votes.to_string()), ("there", present.to_string())],
            Lack::VotedDown { yes: there, needed }
            | Lack::FewPeople { there, needed }
            | Lack::ManyPeople { there, most: needed }
            | Lack::PostedShort { days: there, needed } => {
                vec![("there", there.to_string()), ("needed", needed.to_string())]
            }
            Lack::StillPosted { until } | Lack::TooEarly { until } => vec![("until", until.to_string())],
            Lack::Paper { name } => vec![("name", name.clone())],
            Lack::Unscored { n } | Lack::Unexplained { n } | Lack::ObjectionOpen { n } => vec![("n", n.to_string())],
        };
        named.into_iter().collect()
    }

    /// The same refusal, which says what is lacking.
    pub(crate) fn told(&self, refusal: Refusal) -> Refusal {
        self.details().into_iter().fold(refusal.with("lack", self.code()), |told, (key, value)| told.with(key, value))
    }
}

impl Procedure {
    pub fn at(&self, step: &str) -> Option<usize> {
        self.steps.iter().position(|plan| plan.id == step)
    }

    pub fn plan(&self, step: &str) -> Option<&StepPlan> {
        self.steps.iter().find(|plan| plan.id == step)
    }

    /// How many steps were passed without a gap: the index of the step the case stands at.
    pub fn reached(&self, steps: &[Step]) -> usize {
        let passed = |plan: &StepPlan| steps.iter().any(|s| s.step == plan.id && s.on.is_some());
        self.steps.iter().take_while(|plan| passed(plan)).count()
    }

    /// What `step` lacks to be passed on `on`, by what stands in it and in the others.
    pub fn lacks(&self, step: &Step, others: &[Step], rules: &Rules, on: Date) -> Result<Vec<Lack>, RuleProblem> {
        let Some(at) = self.at(&step.step) else { return Ok(Vec::new()) };
        let plan = &self.steps[at];
        let day = |id: &str| others.iter().find(|s| s.step == id).and_then(|s| s.on);
        let mut lacks = Vec::new();
        for earlier in &self.steps[..at] {
            if day(&earlier.id).is_none() {
                lacks.push(Lack::Earlier { step: earlier.id.clone() });
                break;
            }
        }
        let before = self.steps[..at].iter().filter_map(|earlier| day(&earlier.id)).max();
        lacks.extend(before.filter(|day| *day > on).map(|on| Lack::BeforeEarlier { on }));
        lacks.extend(plan.body_lacks(step, rules, on)?);
        lacks.extend(plan.people_lacks(step, rules, on)?);
        lacks.extend(plan.posting_lacks(step, rules, on)?);
        if let Some(wait) = &plan.not_before
            && let Some(from) = day(&wait.after)
        {
            let until = later(from, rules.months(&wait.rule, on)?);
            lacks.extend((until > on).then_some(Lack::TooEarly { until }));
        }
        let there = step.papers.as_ref().map(|p| p.0.as_slice()).unwrap_or_default();
        let missing = plan.papers.iter().filter(|name| !there.contains(name));
        lacks.extend(missing.map(|name| Lack::Paper { name: name.clone() }));
        Ok(lacks)
    }

    /// The day by which a step should be passed, once the step it counts from has been.
    pub fn due(&self, step: &str, steps: &[Step], rules: &Rules) -> Result<Option<Date>, RuleProblem> {
        let Some(wait) = self.plan(step).and_then(|plan| plan.due.as_ref()) else { return Ok(None) };
        let Some(from) = steps.iter().find(|s| s.step == wait.after).and_then(|s| s.on) else { return Ok(None) };
        Ok(Some(later(from, rules.months(&wait.rule, from)?)))
    }
}

impl StepPlan {
    fn body_lacks(&self, step: &Step, rules: &Rules, on: Date) -> Result<Vec<Lack>, RuleProblem> {
        if self.bodies.is_empty() {
            return Ok(Vec::new());
        }
        let body = match &step.body {
            Some(body) if self.bodies.iter().any(|known| known == body.code()) => body.code(),
            None if self.bodies.len() == 1 => self.bodies[0].as_str(),
            _ => return Ok(vec![Lack::NoBody]),
        };
        let (Some(due), Some(present)) = (step.expected, step.present) else { return Ok(vec![Lack::NotCounted]) };
        let bases: Vec<Basis> = rules.bases(body, on)?;
        let basis = step.basis.or(bases.first().copied()).unwrap_or(Basis::Committee);
        let votes = step.votes.filter(|_| self.votes);
        let quorum = rules.quorum(body, on, &Roll::of(basis, due, present), votes.map(Votes::from))?;
        let needed = quorum.gates.first().map_or(0, |gate| gate.needed);
        if !quorum.opens {
            return Ok(vec![Lack::NoQuorum { due, present, needed }]);
        }
        let lack = match quorum.decision {
            _ if !self.votes => None,
            Decision::Passed(_) | Decision::Never => None,
            Decision::NotOpen => Some(Lack::NoQuorum { due, present, needed }),
            Decision::NotVoted => Some(Lack::NotVoted),
            Decision::TooManyVotes { votes, present } => Some(Lack::TooManyVotes { votes, present }),
            Decision::Failed(count) => Some(Lack::VotedDown { yes: count.yes, needed: count.needed }),
        };
        Ok(lack.into_iter().collect())
    }

    fn people_lacks(&self, step: &Step, rules: &Rules, on: Date) -> Result<Vec<Lack>, RuleProblem> {
        let there = step.persons.as_ref().map_or(0, |persons| persons.0.len() as Count);
        let (fewest, most) = match (&self.raters, &self.people) {
            (Some(rule), _) => (rules.int(rule, on)?, None),
            (None, Some([fewest, most])) => (rules.int(fewest, on)?, Some(rules.int(most, on)?)),
            (None, None) => return Ok(Vec::new()),
        };
        let needed = Count::try_from(fewest).unwrap_or(0);
        let most = most.and_then(|n| Count::try_from(n).ok());
        Ok(match most {
            _ if there < needed => vec![Lack::FewPeople { there, needed }],
            Some(most) if there > most => vec![Lack::ManyPeople { there, most }],
            _ => Vec::new(),
        })
    }

    fn posting_lacks(&self, step: &Step, rules: &Rules, on: Date) -> Result<Vec<Lack>, RuleProblem> {
        if let Some(rule) = &self.posted {
            let needed = rules.days(rule, on)?;
            let (Some(from), Some(until)) = (step.posted_from, step.posted_until) else {
                return Ok(vec![Lack::NotPosted]);
            };
            let days = days_between(from, until);
            let short = (days < needed).then_some(Lack::PostedShort { days, needed });
            let hangs = (until > on).then_some(Lack::StillPosted { until });
            return Ok(short.into_iter().chain(hangs).collect());
        }
        let Some(rule) = &self.announced else { return Ok(Vec::new()) };
        let needed = rules.days(rule, on)?;
        let Some(from) = step.posted_from else { return Ok(vec![Lack::NotPosted]) };
        let days = days_between(from, on);
        Ok((days < needed).then_some(Lack::PostedShort { days, needed }).into_iter().collect())
    }
}

fn later(from: Date, months: u32) -> Date {
    from.checked_add_months(Months::new(months)).unwrap_or(from)
}

/// Days from one to the other; a notice that hangs from the 1st until the 8th has hung 7 days.
fn days_between(from: Date, until: Date) -> Count {
    Count::try_from((until - from).num_days()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::records::step::{Ballot, Case, Names};
    use crate::records::{DecisionId, StepId};

    fn day(text: &str) -> Date {
        text.parse().expect("a date")
    }

    #[test]
    fn every_rule_and_step_that_a_procedure_names_is_there_and_no_step_is_called_like_another() {
        let rules = Rules::shipped();
        let today = day("2026-11-20");
        let mut seen = BTreeSet::new();
        for procedure in &table().procedures {
            for plan in &procedure.steps {
                assert!(seen.insert(plan.id.as_str()), "{} twice", plan.id);
                let numbers = plan.raters.iter().chain(plan.people.iter().flatten());
                numbers.for_each(|rule| assert!(rules.int(rule, today).is_ok(), "{rule}"));
                let days = plan.posted.iter().chain(&plan.announced);
                days.for_each(|rule| assert!(rules.days(rule, today).is_ok(), "{rule}"));
                for wait in plan.not_before.iter().chain(&plan.due) {
                    assert!(rules.months(&wait.rule, today).is_ok(), "{}", wait.rule);
                    let before = procedure.at(&wait.after).zip(procedure.at(&plan.id));
                    assert!(before.is_some_and(|(after, at)| after < at), "{} waits for {}", plan.id, wait.after);
                }
                plan.bodies.iter().for_each(|body| assert!(rules.bases(body, today).is_ok(), "{body}"));
            }
        }
    }

    #[test]
    fn the_admission_of_a_member_has_five_stages_and_twenty_five_steps() {
        let recruit = procedure("recruit", day("2026-11-20")).expect("shipped");
        let phases: BTreeSet<_> = recruit.steps.iter().filter_map(|plan| plan.phase.as_deref()).collect();
        assert_eq!((recruit.steps.len(), phases.len()), (25, 5));
    }

    /// Passes `open4`'s step of the representatives with these numbers; what it lacks.
    fn check(body: &str, due: Count, present: Count, yes: Option<Count>) -> Vec<&'static str> {
        let open4 = procedure("open4", day("2026-11-20")).expect("shipped");
        let case = Case::Decision(DecisionId(uuid::Uuid::nil()));
        let passed = |id: &str| Step { on: Some(day("2026-11-01")), ..Step::open(StepId(uuid::Uuid::nil()), case, id) };
        let others: Vec<Step> = ["propose", "consult", "deliberate"].map(passed).into();
        let step = Step {
            body: crate::record::Coded::known(body),
            expected: Some(due),
            present: Some(present),
            votes: yes.map(|yes| Ballot { yes, no: present.saturating_sub(yes), abstained: 0 }),
            ..Step::open(StepId(uuid::Uuid::nil()), case, "resolve")
        };
        let lacks = open4.lacks(&step, &others, &Rules::shipped(), day("2026-11-20")).expect("the rules are there");
        lacks.iter().map(Lack::code).collect()
    }

    #[test]
    fn representatives_decide_with_two_thirds_of_them_and_a_majority_of_those_who_came() {
        assert_eq!(check("representatives", 63, 36, Some(36)), ["no_quorum"], "36 of 63: sent back");
        assert_eq!(check("representatives", 63, 42, Some(22)), Vec::<&str>::new());
        assert_eq!(check("representatives", 63, 42, Some(21)), ["voted_down"]);
        assert_eq!(check("representatives", 63, 42, None), ["not_voted"]);
        assert_eq!(check("representatives", 63, 42, Some(50)), ["too_many_votes"]);
    }

    #[test]
    fn a_mass_meeting_cannot_stand_in_for_the_villagers_meeting() {
        assert_eq!(check("mass", 826, 142, Some(142)), ["no_body"]);
        assert_eq!(check("villagers", 826, 142, Some(142)), ["no_quorum"]);
    }

    #[test]
    fn enough_people_are_named_and_a_notice_hangs_its_days() {
        let stars = procedure("stars", day("2026-11-20")).expect("shipped");
        let case = Case::Cycle(crate::records::StarCycleId(uuid::Uuid::nil()));
        let lacks = |step: Step| {
            let at = stars.at(&step.step).expect("a step");
            let before = stars.steps[..at].iter().map(|plan| Step {
                on: Some(day("2026-11-01")),
                ..Step::open(StepId(uuid::Uuid::nil()), case, &plan.id)
            });
            let before: Vec<Step> = before.collect();
            stars.lacks(&step, &before, &Rules::shipped(), day("2026-11-20")).expect("the rules are there")
        };
        let open = |id: &str| Step::open(StepId(uuid::Uuid::nil()), case, id);
        let named = |n: usize| Some(Names(vec!["王芳".to_owned(); n]));
        assert_eq!(lacks(Step { persons: named(2), ..open("peer") }), [Lack::FewPeople { there: 2, needed: 3 }]);
        assert!(lacks(Step { persons: named(3), ..open("peer") }).is_empty());
        let hung =
            |from, until| Step { posted_from: Some(day(from)), posted_until: Some(day(until)), ..open("notice") };
        assert_eq!(lacks(hung("2026-11-17", "2026-11-20")), [Lack::PostedShort { days: 3, needed: 5 }]);
        assert_eq!(lacks(hung("2026-11-16", "2026-11-23")), [Lack::StillPosted { until: day("2026-11-23") }]);
        assert!(lacks(hung("2026-11-13", "2026-11-20")).is_empty());
    }
}
