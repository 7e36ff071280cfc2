//! 五星文明户的纸面 — 申报表, 评议记票表, 公示表, 挂牌清单, 证书.
//!
//! What hangs on a wall (公示表, 挂牌清单, 证书) carries head of household, group and stars and nothing else: it is made of
//! [`crate::mask::Masked`] texts and counts. There is no list of those who got none.

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

use crate::document::{Block, Document, Orientation, date_text};
use crate::mask::{self, Basis, Masked};
use crate::notice::{Notice, PublicCell, PublicTable};
use crate::table::{Column, Table, TableCell};

/// Room for a farmer's hand.
const ROW_MM: u8 = 9;

/// One household as the papers name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Household {
    pub group: String,
    pub head: String,
    pub stars: u32,
}

/// 致富星: 有增收项目、不等靠要 …
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    pub name: String,
    pub asks: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stars {
    pub village: String,
    /// e.g. 2026年度.
    pub cycle: String,
    /// In the order of groups and numbers.
    pub households: Vec<Household>,
    pub criteria: Vec<Criterion>,
    pub vetoes: Vec<String>,
    pub posted: Option<(NaiveDate, NaiveDate)>,
    pub decided_on: Option<NaiveDate>,
    pub watermark: Option<String>,
    pub made_at: NaiveDateTime,
}

/// 五星, 四星 …
fn level(stars: u32) -> &'static str {
    match stars {
        5.. => "五星",
        4 => "四星",
        3 => "三星",
        2 => "二星",
        1 => "一星",
        0 => "未评",
    }
}

impl Stars {
    fn title(&self, what: &str) -> String {
        format!("{}{}五星文明户{what}", self.village, self.cycle)
    }

    fn sheet(&self, what: &str) -> Document {
        let mut paper = Document::sheet(self.title(what), Orientation::Portrait, self.made_at);
        paper.author.clone_from(&self.village);
        paper.watermark.clone_from(&self.watermark);
        paper
    }

    fn wall(&self, what: &str) -> Notice {
        Notice::new(&mask::text(&self.title(what)), self.made_at)
    }

    fn hung(&self, notice: Notice, on: Option<NaiveDate>) -> Document {
        let mut paper = notice.finish(&format!("{}村民委员会", self.village), on);
        paper.watermark.clone_from(&self.watermark);
        paper
    }

    /// 申报表: what each star asks for, and room for a household's own word, its group's and the panel's.
    pub fn application(&self) -> Document {
        let mut paper = self.sheet("申报表");
        paper.head.push(["户主：", "村民小组：", "户号：", "联系人签字："].map(String::from).to_vec());
        let columns = [("星", 16), ("标准", 78), ("户自评", 18), ("组内互评", 20), ("村评议会", 20)];
        let mut table = Table::new("", columns.iter().map(|(name, share)| Column::new(*name, *share)).collect());
        table.row_mm = Some(2 * ROW_MM);
        for criterion in &self.criteria {
            let asks = TableCell::text(criterion.asks.join("；"));
            table.row(vec![
                TableCell::text(&criterion.name),
                asks,
                TableCell::Blank,
                TableCell::Blank,
                TableCell::Blank,
            ]);
        }
        paper.table(table);
        if !self.vetoes.is_empty() {
            paper.note(format!("有下列情形之一的本期不评星，可以申诉：{}。", self.vetoes.join("；")));
        }
        let places = ["户主签字：", "组长签字：", "评议会签字："].map(String::from);
        paper.blocks.push(Block::SignatureRow(places.to_vec()));
        paper
    }

    /// 评议记票表: every household on a line, five columns to count in.
    pub fn tally_sheet(&self) -> Document {
        let mut paper = self.sheet("评议记票表");
        let line = ["时间：", "地点：", "参加评议人数："].map(String::from);
        paper.head.push(line.to_vec());
        let mut columns = vec![Column::new("序号", 12), Column::new("户主", 24)];
        columns.extend(["致富", "守法", "美德", "卫生", "诚信", "得星"].map(|name| Column::new(name, 18)));
        columns.push(Column::new("备注", 34));
        let width = columns.len();
        let mut table = Table::new("", columns);
        table.row_mm = Some(ROW_MM);
        let mut group = None;
        for (i, household) in self.households.iter().enumerate() {
            if group != Some(&household.group) {
                let size = self.households.iter().filter(|h| h.group == household.group).count();
                table.band(format!("{}（{size}户）", household.group));
                group = Some(&household.group);
            }
            let mut cells = vec![TableCell::Count(i as i64 + 1), TableCell::text(&household.head)];
            cells.resize(width, TableCell::Blank);
            table.row(cells);
        }
        paper.table(table);
        let places = ["计票人：", "监票人：", "主持人："].map(String::from);
        paper.blocks.push(Block::SignatureRow(places.to_vec()));
        paper
    }

    /// 公示表: those who are to get stars, by group.
    pub fn notice(&self) -> Document {
        let mut notice = self.wall("评定结果公示");
        let (from, until) = match self.posted {
            Some((from, until)) => (date_text(from), date_text(until)),
            None => ("\u{3000}年\u{3000}月\u{3000}日".into(), "\u{3000}年\u{3000}月\u{3000}日".into()),
        };
        let words = format!(
            "经户自评、组内互评、村评议会评议，现将{}五星文明户评定结果公示如下。公示时间：{from}至{until}。有不同意见的，请在公示期内向村民委员会提出。",
            self.cycle
        );
        notice.para(&mask::text(&words));
        notice.table(self.public_table(&self.households));
        self.hung(notice, self.posted.map(|(from, _)| from))
    }

    /// 挂牌清单, the most stars first.
    pub fn plaques(&self) -> Document {
        let mut notice = self.wall("挂牌名单");
        let mut households = self.households.clone();
        households.sort_by_key(|household| std::cmp::Reverse(household.stars));
        notice.table(self.public_table(&households));
        self.hung(notice, self.decided_on)
    }

    fn public_table(&self, households: &[Household]) -> PublicTable {
        let columns = [("序号", 12), ("户主", 24), ("村民小组", 22), ("星级", 16)];
        // Two households on a line: half the paper.
        let mut table = PublicTable::new(&mask::text(""), &[columns, columns].concat());
        let rated: Vec<&Household> = households.iter().filter(|household| household.stars > 0).collect();
        for (line, pair) in rated.chunks(2).enumerate() {
            let cells = pair.iter().enumerate().flat_map(|(i, household)| {
                [
                    PublicCell::Count((2 * line + i) as i64 + 1),
                    PublicCell::Masked(head(household)),
                    PublicCell::Masked(mask::text(&household.group)),
                    PublicCell::Word(level(household.stars)),
                ]
            });
            let mut cells: Vec<PublicCell> = cells.collect();
            cells.resize(2 * columns.len(), PublicCell::Blank);
            table.row(cells);
        }
        table
    }

    /// 证书, a page for each household with that many stars.
    pub fn certificates(&self, stars: u32) -> Document {
        let mut paper = Document::official("荣誉证书", self.made_at);
        paper.watermark.clone_from(&self.watermark);
        let chosen = self.households.iter().filter(|household| household.stars == stars);
        for (i, household) in chosen.enumerate() {
            if i > 0 {
                paper.blocks.push(Block::PageBreak);
            }
            paper.para(format!("{}户：", head(household).as_str()));
            let words =
                format!("经评定，你户为{}{}{}文明户。特发此证。", self.village, self.cycle, level(household.stars));
            paper.para(mask::text(&words).as_str());
            let day = self.decided_on.map_or_else(|| "\u{3000}年\u{3000}月\u{3000}日".into(), date_text);
            paper.para(mask::text(&format!("{}村民委员会（盖章）\u{3000}{day}", self.village)).as_str());
        }
        paper
    }
}

fn head(household: &Household) -> Masked {
    mask::name_in_full(&household.head, Basis::LawfulNotice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn stars() -> Stars {
        let household = |group: &str, head: &str, stars| Household { group: group.into(), head: head.into(), stars };
        Stars {
            village: "禾坪村".into(),
            cycle: "2026年度".into(),
            households: vec![
                household("一组", "张文", 4),
                household("一组", "徐平明13800000001", 5),
                household("二组", "龙兴", 0),
            ],
            criteria: vec![Criterion { name: "致富星".into(), asks: vec!["有增收项目".into()] }],
            vetoes: vec!["家庭暴力".into()],
            posted: None,
            decided_on: None,
            watermark: None,
            made_at: sample::made_at(),
        }
    }

    fn said(paper: &Document) -> String {
        serde_json::to_string(paper).expect("a document is plain data")
    }

    #[test]
    fn what_hangs_on_the_wall_names_nobody_without_stars_and_no_number() {
        let stars = stars();
        for paper in [stars.notice(), stars.plaques(), stars.certificates(5)] {
            let said = said(&paper);
            assert!(!said.contains("龙兴") && !said.contains("未评") && !said.contains("13800000001"), "{said}");
            assert!(!said.contains("家庭暴力"), "{said}");
        }
    }

    #[test]
    fn the_most_stars_stand_first_on_the_list_of_plaques() {
        let said = said(&stars().plaques());
        assert!(said.find("徐平明") < said.find("张文"), "{said}");
    }

    #[test]
    fn the_tally_sheet_has_a_line_for_every_household_under_its_group() {
        let said = said(&stars().tally_sheet());
        assert!(said.contains("一组（2户）") && said.contains("龙兴"), "{said}");
    }
}
