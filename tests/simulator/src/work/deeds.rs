//! What clerks do in a month, as far as it can be counted: visits above all, who came to the meetings, matters and their
//! answers, points, a telephone number put right.

use lianhu_ledger::{Fields, Ledger};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{DAY, Outcome, Village};

const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高陆尉";
const GIVEN: &str = "建国明华文德福贵兴永志强军平光成学忠伟勇秀英兰花";
const NOTES: [&str; 6] =
    ["老人腰疼，已约村医上门", "屋顶漏雨，登记待修", "孩子放假在家，作业有人管", "地里人手不够", "无", "询问医保缴费"];
const WAYS: [&str; 5] = ["发展林下养鸡", "外出务工对接", "公益性岗位", "种植花椒两亩", "扶贫车间就近务工"];
const CHORES: [&str; 4] = ["打扫院坝", "劈柴", "收玉米", "搬运物资"];
const MATTERS: [&str; 5] =
    ["三组机耕道路面破损", "路灯不亮", "低保复核什么时候开始", "自来水时断时续", "想申请小额信贷"];
const GROUNDS: [&str; 4] = ["参加院坝卫生评比", "主动调解邻里纠纷", "参加义务劳动半天", "庭院整洁"];

/// How much a month brings.
#[derive(Clone, Copy, Debug)]
pub struct Month {
    pub visits: usize,
    pub attended: usize,
    pub matters: usize,
    pub points: usize,
}

impl Month {
    /// Two hundred and fifty records.
    pub const USUAL: Month = Month { visits: 150, attended: 64, matters: 16, points: 18 };

    pub fn records(self) -> usize {
        self.visits + self.attended + self.matters + self.points + 2
    }
}

fn fields(json: Json) -> Fields {
    serde_json::from_value(json).unwrap_or_default()
}

type Made = Result<Uuid, lianhu_ledger::Error>;

fn create(ledger: &mut Ledger, op: &str, who: &str, kind: &str, json: Json) -> Made {
    Ok(ledger.edit(op, who, |draft| draft.create(kind, fields(json)))?.value)
}

impl Village {
    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.dice.below(of.len())]
    }

    fn name(&mut self) -> String {
        let (surnames, given): (Vec<char>, Vec<char>) = (SURNAMES.chars().collect(), GIVEN.chars().collect());
        [self.one(&surnames), self.one(&given), self.one(&given)].iter().collect()
    }

    /// The households and people of the village, as an older ledger hands them over: one batch.
    pub(super) fn settle_in(&mut self) -> Outcome {
        let homes: Vec<(String, String, String, String)> = (0..160)
            .map(|n| {
                let phone = format!("13{:09}", self.dice.below(1_000_000_000));
                (self.name(), self.name(), format!("{}组{}号", n % 6 + 1, n + 1), phone)
            })
            .collect();
        let ledger = self.laptops[0].shelf.ledger_mut();
        let made = ledger.edit("import", "王文书", |draft| {
            let groups: Vec<Uuid> = (1..=6)
                .map(|n| draft.create("group", fields(json!({"name": format!("{n}组"), "number": n}))))
                .collect::<Result<_, _>>()?;
            let mut households = Vec::new();
            for (n, (head, wife, address, phone)) in homes.iter().enumerate() {
                let home = json!({"number": n + 1, "group": groups[n % 6], "address": address, "phone": phone});
                let home = draft.create("household", fields(home))?;
                for (name, relation, sex) in [(head, "户主", "男"), (wife, "配偶", "女")] {
                    let person = json!({"name": name, "household": home, "relation": relation, "sex": sex});
                    draft.create("person", fields(person))?;
                }
                households.push(home);
            }
            let visitors: Vec<Uuid> = (0..8)
                .map(|n| draft.create("person", fields(json!({"name": format!("干部{n}"), "unit": "松河镇"}))))
                .collect::<Result<_, _>>()?;
            let mut items = Vec::new();
            for (name, points) in [("环境卫生", 5), ("邻里互助", 10), ("义务劳动", 8)] {
                let item =
                    json!({"name": name, "sort": "gain", "points": points, "rule": "村规民约", "from": "2030-01-01"});
                items.push((draft.create("point_item", fields(item))?, points));
            }
            Ok((households, visitors, items))
        })?;
        (self.households, self.visitors, self.items) = made.value;
        Ok(())
    }

    /// A month's work on the three laptops, an evening now and then; after each of them they talk to the township when
    /// `every` says so.
    pub fn work(&mut self, month: Month, every: impl Fn(usize) -> bool) -> Outcome {
        const EVENINGS: usize = 20;
        for evening in 0..EVENINGS {
            let who = evening % 3;
            let share = |all: usize| all * (evening + 1) / EVENINGS - all * evening / EVENINGS;
            for _ in 0..share(month.visits) {
                self.visit(who)?;
            }
            for _ in 0..share(month.matters) {
                self.matter(who)?;
            }
            for _ in 0..share(month.points) {
                self.points(who)?;
            }
            if evening == 7 || evening == 15 {
                self.meeting(who, month.attended / 2)?;
            }
            self.wait(DAY);
            if every(evening) {
                self.converse(who)?;
            }
        }
        // What is left of thirty days.
        self.wait(10 * DAY);
        Ok(())
    }

    fn today(&self) -> String {
        self.laptops[0].shelf.ledger().today().to_string()
    }

    /// A form is filled in half a minute or three.
    fn typed(&mut self) {
        let pause = 20_000 + self.dice.below(160_000) as u64;
        self.wait(pause);
    }

    fn visit(&mut self, who: usize) -> Outcome {
        self.typed();
        let (homes, visitors) = (self.households.clone(), self.visitors.clone());
        let on = lianhu_ledger::china_day(self.now().saturating_sub(self.dice.below(3) as u64 * DAY)).to_string();
        let mut visit = json!({"household": self.one(&homes), "visitor": self.one(&visitors), "on": on});
        for (ticked, chance) in [("shared_meal", 80), ("self_paid", 60), ("did_chore", 70), ("opportunity_given", 40)] {
            if self.dice.percent(chance) {
                visit[ticked] = json!(true);
            }
        }
        if self.dice.percent(40) {
            visit["opportunity"] = json!(self.one(&WAYS));
        }
        if self.dice.percent(40) {
            visit["chore"] = json!(self.one(&CHORES));
        }
        if self.dice.percent(50) {
            visit["note"] = json!(format!("{}，第{}次", self.one(&NOTES), self.dice.below(12) + 1));
        }
        let ledger = self.laptops[who].shelf.ledger_mut();
        let id = create(ledger, "visit", CLERKS[who], "visit", visit)?;
        if self.dice.percent(8) {
            self.typed();
            let change = fields(json!({"did_chore": true, "chore": self.one(&CHORES)}));
            let ledger = self.laptops[who].shelf.ledger_mut();
            ledger.edit("visit", CLERKS[who], |draft| draft.patch("visit", id, change))?;
        }
        if self.dice.percent(4) {
            let home = self.one(&homes);
            let phone = fields(json!({"phone": format!("13{:09}", self.dice.below(1_000_000_000))}));
            let ledger = self.laptops[who].shelf.ledger_mut();
            ledger.edit("household", CLERKS[who], |draft| draft.patch("household", home, phone))?;
        }
        Ok(())
    }

    fn matter(&mut self, who: usize) -> Outcome {
        self.typed();
        let homes = self.households.clone();
        let text = format!("{}（{}户）", self.one(&MATTERS), self.dice.below(30) + 1);
        let matter = json!({"text": text, "on": self.today(), "household": self.one(&homes), "raised_at": "visit",
            "owner": self.name()});
        let ledger = self.laptops[who].shelf.ledger_mut();
        let id = create(ledger, "matter", CLERKS[who], "matter", matter)?;
        if self.dice.percent(50) {
            self.typed();
            let answer = fields(json!({"answer": "已报镇里，本月内办结", "answered_on": self.today()}));
            let ledger = self.laptops[who].shelf.ledger_mut();
            ledger.edit("answer", CLERKS[who], |draft| draft.patch("matter", id, answer))?;
        }
        Ok(())
    }

    fn points(&mut self, who: usize) -> Outcome {
        self.typed();
        let (homes, items) = (self.households.clone(), self.items.clone());
        let (item, points) = self.one(&items);
        let raters = [self.name(), self.name(), self.name()];
        let entry = json!({"household": self.one(&homes), "item": item, "on": self.today(), "points": points,
            "grounds": self.one(&GROUNDS), "raters": raters});
        create(self.laptops[who].shelf.ledger_mut(), "points", CLERKS[who], "point_entry", entry)?;
        Ok(())
    }

    fn meeting(&mut self, who: usize, came: usize) -> Outcome {
        self.typed();
        let meeting = json!({"meeting_kind": "群众大会", "on": self.today(), "place": "村委会院坝", "host": "李书记",
            "recorder": CLERKS[who], "expected": 160, "present": came});
        let ledger = self.laptops[who].shelf.ledger_mut();
        let meeting = create(ledger, "meeting", CLERKS[who], "meeting", meeting)?;
        let first = self.dice.below(self.households.len() - came);
        let homes: Vec<(Uuid, usize)> =
            self.households[first..first + came].iter().map(|home| (*home, 1 + self.dice.below(2))).collect();
        self.laptops[who].shelf.ledger_mut().edit("attendance", CLERKS[who], |draft| {
            for (home, people) in &homes {
                let came = json!({"meeting": meeting, "household": home, "people": people});
                draft.create("attendance", fields(came))?;
            }
            Ok(())
        })?;
        Ok(())
    }
}

const CLERKS: [&str; 3] = ["王文书", "陆永平", "李书记"];
