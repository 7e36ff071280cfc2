//! 积分项目 — what points are given for, taken for or spent on: how many, by which rule everybody can read, and from when
//! until when. What was entered by it keeps its own points; a change is for what comes after.

use serde::{Deserialize, Serialize};

use crate::dates::Date;
use crate::query::View;
use crate::record::{Cell, Count, Life, record};
use crate::records::PointEntry;
use crate::refusal::{Code, Refusal, Result};
use crate::value::{Shape, Value};

/// 加分、扣分、兑换.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PointSort {
    Gain,
    Loss,
    Spend,
}

impl PointSort {
    pub const ALL: [PointSort; 3] = [PointSort::Gain, PointSort::Loss, PointSort::Spend];

    pub fn code(self) -> &'static str {
        match self {
            PointSort::Gain => "gain",
            PointSort::Loss => "loss",
            PointSort::Spend => "spend",
        }
    }

    /// Points with their sign, as an entry keeps them.
    pub fn signed(self, points: Count) -> i64 {
        if self == PointSort::Gain { i64::from(points) } else { -i64::from(points) }
    }

    fn fits(self, points: i64) -> bool {
        if self == PointSort::Gain { points > 0 } else { points < 0 }
    }
}

impl Cell for PointSort {
    const SHAPE: Shape = Shape::Text;
    fn read(value: &Value) -> Option<Self> {
        let text = value.as_text()?;
        PointSort::ALL.into_iter().find(|sort| sort.code() == text)
    }
    fn write(&self) -> Value {
        Value::text(self.code())
    }
}

record! { PointItem(PointItemId) in "point_item" {
    name: String,
    sort: PointSort,
    /// Without a sign; what an entry may differ from.
    points: Count,
    /// 评分依据.
    rule: String,
    from: Date,
    /// The last day.
    until: Option<Date>,
} }

impl Life for PointItem {
    fn check(&self, view: &View<'_>) -> Result<()> {
        if let Some(until) = self.until.filter(|until| *until < self.from) {
            return Err(Refusal::new(Code::DatesReversed).with("from", self.from).with("until", until).into());
        }
        let unfit = |field: &str, typed: String| {
            let refusal = Refusal::new(Code::Unfit).with("kind", "point_item").with("field", field);
            Err(refusal.with("typed", typed).into())
        };
        if self.points == 0 {
            return unfit("points", "0".to_owned());
        }
        // What was entered by it must stay what it was.
        let entries = view.select::<PointEntry>("item = ?1", [self.id.0.as_bytes()])?;
        if entries.iter().any(|entry| !self.sort.fits(entry.points)) {
            return unfit("sort", self.sort.code().to_owned());
        }
        match entries.iter().find(|entry| !self.holds_on(entry.on)) {
            Some(entry) if entry.on < self.from => unfit("from", self.from.to_string()),
            Some(_) => unfit("until", self.until.map_or_else(String::new, |until| until.to_string())),
            None => Ok(()),
        }
    }
}

impl PointItem {
    pub fn holds_on(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }

    /// Whether an entry of it may say so many.
    pub fn takes(&self, points: i64) -> bool {
        self.sort.fits(points)
    }
}
