//! 积分公示 — head of household, group and points of a year, and the days on the board; nothing else can get onto it, for
//! it is made of [`crate::mask::Masked`] texts and counts. It goes by group and house number, not by who has most, and
//! those without points are not on it: it is no 黑榜.

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

use crate::document::{Document, date_text};
use crate::mask::{self, Basis};
use crate::notice::{Notice, PublicCell, PublicTable};

const NO_DAY: &str = "\u{3000}年\u{3000}月\u{3000}日";

/// One household as the board names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Household {
    pub group: String,
    pub head: String,
    /// 得分 of the year; what was spent of it is nobody else's business.
    pub points: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointsNotice {
    pub village: String,
    pub year: i32,
    /// In the order of groups and numbers.
    pub households: Vec<Household>,
    pub posted: Option<(NaiveDate, NaiveDate)>,
    pub watermark: Option<String>,
    pub made_at: NaiveDateTime,
}

impl PointsNotice {
    pub fn document(&self) -> Document {
        let title = mask::text(&format!("{}{}年度积分公示", self.village, self.year));
        let mut notice = Notice::new(&title, self.made_at);
        let (from, until) = match self.posted {
            Some((from, until)) => (date_text(from), date_text(until)),
            None => (NO_DAY.to_owned(), NO_DAY.to_owned()),
        };
        notice.para(&mask::text(&format!(
            "现将{}年度各户积分公示如下，按村民小组和户号排列。公示时间：{from}至{until}。对自家积分有不同意见的，可以向村民委员会查看依据、提出申诉。",
            self.year
        )));
        notice.table(self.table());
        let mut paper = notice.finish(&format!("{}村民委员会", self.village), self.posted.map(|(from, _)| from));
        paper.watermark.clone_from(&self.watermark);
        paper
    }

    fn table(&self) -> PublicTable {
        let columns = [("序号", 12), ("户主", 24), ("村民小组", 22), ("积分", 16)];
        // Two households on a line: half the paper.
        let mut table = PublicTable::new(&mask::text(""), &[columns, columns].concat());
        let shown: Vec<&Household> = self.households.iter().filter(|household| household.points > 0).collect();
        for (line, pair) in shown.chunks(2).enumerate() {
            let cells = pair.iter().enumerate().flat_map(|(i, household)| {
                [
                    PublicCell::Count((2 * line + i) as i64 + 1),
                    PublicCell::Masked(mask::name_in_full(&household.head, Basis::LawfulNotice)),
                    PublicCell::Masked(mask::text(&household.group)),
                    PublicCell::Count(household.points),
                ]
            });
            let mut cells: Vec<PublicCell> = cells.collect();
            cells.resize(2 * columns.len(), PublicCell::Blank);
            table.row(cells);
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn the_board_names_nobody_without_points_and_no_number_and_keeps_the_order_of_the_roll() {
        let household = |group: &str, head: &str, points| Household { group: group.into(), head: head.into(), points };
        let notice = PointsNotice {
            village: "禾坪村".into(),
            year: 2026,
            households: vec![
                household("一组", "张文", 4),
                household("一组", "徐平明13800000001", 50),
                household("二组", "龙兴", 0),
                household("二组", "吴芬", -3),
            ],
            posted: None,
            watermark: None,
            made_at: sample::made_at(),
        };
        let said = serde_json::to_string(&notice.document()).expect("a document is plain data");
        assert!(said.find("张文") < said.find("徐平明"), "by the roll, not by who has most: {said}");
        assert!(!said.contains("龙兴") && !said.contains("吴芬") && !said.contains("13800000001"), "{said}");
    }
}
