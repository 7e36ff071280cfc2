//! What a clerk does in an evening, thrown with dice: typing, correcting, voiding, taking back, settling, closing.

use lianhu_ledger::dates::Month;
use lianhu_ledger::{BatchRef, Closing, Draft, Error, Fields, Frozen, Ledger, Saved};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::dice::Dice;

const CLERK: &str = "王文书";

type Done = Result<Option<BatchRef>, Error>;

/// One deed at one computer.
pub struct Deed<'a> {
    pub ledger: &'a mut Ledger,
    pub dice: &'a mut Dice,
    /// Counts up, so that a value can be told from every other.
    pub words: &'a mut u64,
    /// What has come here so far.
    pub before: &'a [BatchRef],
}

/// The records a village begins with.
pub fn settle_in(ledger: &mut Ledger) {
    let begun = ledger.edit("import", CLERK, |draft| {
        let group = draft.create("group", fields(json!({"name": "一组", "number": 1})))?;
        draft.create("person", fields(json!({"name": "陆永平", "unit": "松河镇人民政府"})))?;
        draft.create("star_cycle", fields(json!({"name": "2026年度", "year": 2026})))?;
        draft.create("meeting", fields(json!({"meeting_kind": "群众大会", "on": "2026-10-18", "present": 60})))?;
        for number in 1..=3 {
            draft.create("household", fields(json!({"group": group, "number": number})))?;
        }
        Ok(())
    });
    begun.expect("a village begins");
}

impl Deed<'_> {
    /// Some deed, and its name.
    pub fn any(mut self) -> (&'static str, Done) {
        match self.dice.below(100) {
            0..24 => ("household", self.household()),
            24..30 => ("new household", self.new_household()),
            30..36 => ("person", self.person()),
            36..46 => ("visit", self.visit()),
            46..56 => ("rating", self.rating()),
            56..62 => ("attendance", self.attendance()),
            62..70 => ("round", self.round()),
            70..74 => ("meeting", self.meeting()),
            74..77 => ("import", self.import()),
            77..82 => ("void", self.void()),
            82..85 => ("restore", self.restore()),
            85..92 => ("undo", self.undo()),
            92..99 => ("settle", self.settle()),
            _ => ("close", self.close()),
        }
    }

    fn household(&mut self) -> Done {
        let Some(id) = self.live("household") else { return Ok(None) };
        let fields = self.some_of(&["address", "phone", "moved_to", "note"]);
        self.patch("household", id, fields)
    }

    fn new_household(&mut self) -> Done {
        let household = json!({"number": self.dice.below(90), "address": self.word()});
        self.create("household", household)
    }

    fn person(&mut self) -> Done {
        let household = self.live("household");
        let known = self.live("person").filter(|_| self.dice.percent(70));
        match known {
            Some(id) => {
                let fields = self.some_of(&["phone", "away_where", "note"]);
                self.patch("person", id, fields)
            }
            None => self.create("person", json!({"name": "张文", "household": household})),
        }
    }

    fn visit(&mut self) -> Done {
        let known = self.live("visit").filter(|_| self.dice.percent(60));
        if let Some(id) = known {
            let fields =
                fields(json!({"shared_meal": self.dice.percent(50), "opportunity": self.word(), "on": self.day()}));
            return self.patch("visit", id, fields);
        }
        let (Some(household), Some(visitor)) = (self.live("household"), self.live("person")) else { return Ok(None) };
        let on = self.day();
        self.create("visit", json!({"household": household, "visitor": visitor, "on": on}))
    }

    /// There is one rating of a household in a cycle, whoever enters it.
    fn rating(&mut self) -> Done {
        let (Some(cycle), Some(household)) = (self.live("star_cycle"), self.live("household")) else { return Ok(None) };
        let id = self.ledger.only_one("rating", &[&cycle, &household]);
        let star = json!({"granted": self.dice.percent(50), "reason": self.word()});
        let which = ["wealth", "law", "clean"][self.dice.below(3)];
        self.patch("rating", id, fields(json!({"cycle": cycle, "household": household, which: star})))
    }

    fn attendance(&mut self) -> Done {
        let (Some(meeting), Some(household)) = (self.live("meeting"), self.live("household")) else { return Ok(None) };
        let id = self.ledger.only_one("attendance", &[&meeting, &household]);
        let people = self.dice.below(4);
        self.patch("attendance", id, fields(json!({"meeting": meeting, "household": household, "people": people})))
    }

    fn round(&mut self) -> Done {
        let Some(meeting) = self.live("meeting") else { return Ok(None) };
        let pair = 1 + self.dice.below(2);
        let id = self.ledger.only_one("round", &[&meeting, &pair]);
        let tally = json!({"best": self.dice.below(50), "good": self.dice.below(20), "fair": 1, "poor": 0});
        let round =
            json!({"meeting": meeting, "pair": pair, "who": "驻村干部", "summary": self.word(), "tally": tally});
        self.patch("round", id, fields(round))
    }

    fn meeting(&mut self) -> Done {
        let Some(id) = self.live("meeting") else { return Ok(None) };
        let fields = fields(json!({"present": self.dice.below(80), "topic": self.word()}));
        self.patch("meeting", id, fields)
    }

    /// Many records in one action, as an import makes them.
    fn import(&mut self) -> Done {
        let mut rows = Vec::new();
        for _ in 0..4 {
            let Some(id) = self.live("household") else { return Ok(None) };
            rows.push((id, self.some_of(&["address", "phone", "number"])));
        }
        let batch = self.ledger.edit("import", CLERK, |draft| {
            rows.into_iter()
                .filter(|(_, fields)| !fields.is_empty())
                .try_for_each(|(id, f)| draft.patch("household", id, f))
        });
        batch.map(|saved| saved.batch)
    }

    fn void(&mut self) -> Done {
        let kind = self.any_kind();
        let Some(id) = self.live(kind) else { return Ok(None) };
        let reason = self.sentence();
        let correct = self.dice.percent(50);
        self.corrected("void", correct, |draft| draft.void(kind, id, &reason))
    }

    fn restore(&mut self) -> Done {
        let kind = self.any_kind();
        let voided = self.ledger.view().voided(kind)?;
        let Some(id) = self.dice.pick(&voided).and_then(id_of) else { return Ok(None) };
        let correct = self.dice.percent(50);
        self.corrected("restore", correct, |draft| draft.restore(kind, id))
    }

    fn undo(&mut self) -> Done {
        let recent = &self.before[self.before.len().saturating_sub(20)..];
        let Some(at) = self.dice.pick(recent).copied() else { return Ok(None) };
        let reason = self.dice.percent(50).then_some("记错了");
        self.ledger.undo(at, CLERK, reason).map(|saved| saved.batch)
    }

    fn settle(&mut self) -> Done {
        let open = self.ledger.overtaken()?;
        let Some(question) = self.dice.pick(&open) else { return Ok(None) };
        let take_other = self.dice.percent(50);
        let saved = self.ledger.settle(question, take_other, CLERK)?;
        let left = self.ledger.overtaken()?;
        let again = left.iter().any(|o| (&o.batch, o.id, &o.field) == (&question.batch, question.id, &question.field));
        assert!(!again, "a settled question is asked again: {question:?}");
        Ok(saved.batch)
    }

    fn close(&mut self) -> Done {
        let month = Month::new(2026, 8 + self.dice.below(3) as u32).expect("a month of 2026");
        let figures = Frozen(json!({"visits": self.dice.below(9)}));
        let closing = Closing { month, figures, check_code: "00000000".into(), template: 1, reviewer: None };
        self.ledger.close(closing, CLERK).map(|saved| saved.batch)
    }

    fn patch(&mut self, kind: &str, id: Uuid, fields: Fields) -> Done {
        let correct = self.dice.percent(50);
        self.corrected("put", correct, |draft| draft.patch(kind, id, fields))
    }

    fn create(&mut self, kind: &str, record: Json) -> Done {
        self.ledger.edit("put", CLERK, |draft| draft.create(kind, fields(record))).map(|saved| saved.batch)
    }

    /// With or without a reason that opens a closed month.
    fn corrected(&mut self, op: &str, correct: bool, act: impl FnOnce(&mut Draft<'_>) -> Result<(), Error>) -> Done {
        let saved: Result<Saved<()>, Error> = self.ledger.edit(op, CLERK, |draft| {
            if correct {
                draft.correct("当晚漏记")?;
            }
            act(draft)
        });
        saved.map(|saved| saved.batch)
    }

    fn any_kind(&mut self) -> &'static str {
        ["household", "person", "visit", "rating", "round", "attendance"][self.dice.below(6)]
    }

    fn live(&mut self, kind: &str) -> Option<Uuid> {
        let records = self.ledger.view().list(kind).expect("records are read");
        self.dice.pick(&records).and_then(id_of)
    }

    fn some_of(&mut self, names: &[&str]) -> Fields {
        let mut fields = Fields::new();
        for _ in 0..=self.dice.below(2) {
            let name = names[self.dice.below(names.len())];
            let value = if name == "number" { json!(self.dice.below(5)) } else { self.word() };
            fields.insert(name.to_owned(), value);
        }
        fields
    }

    /// Mostly a value nobody else has written, sometimes one that others write too, sometimes nothing.
    fn word(&mut self) -> Json {
        match self.dice.below(10) {
            0 => Json::Null,
            1..4 => json!(["河东", "河西"][self.dice.below(2)]),
            _ => json!(self.sentence()),
        }
    }

    fn sentence(&mut self) -> String {
        *self.words += 1;
        format!("第 {} 句", self.words)
    }

    fn day(&mut self) -> String {
        format!("2026-{:02}-{:02}", 8 + self.dice.below(3), 1 + self.dice.below(28))
    }
}

fn fields(record: Json) -> Fields {
    let Json::Object(record) = record else { return Fields::new() };
    record.into_iter().collect()
}

fn id_of(record: &Json) -> Option<Uuid> {
    record["id"].as_str().and_then(|id| Uuid::parse_str(id).ok())
}
