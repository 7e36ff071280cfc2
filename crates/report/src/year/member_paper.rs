//! 党员年度记实表 — one page a member, for the file and for the appraisal. Amounts of dues and the gist of talks are on no paper.

use chrono::{NaiveDate, NaiveDateTime};
use lianhu_ledger::codes;
use lianhu_ledger::text::Lang;

use super::member::{MeetingsOfKind, MemberYear, PledgeLine};
use crate::document::{Block, Document, Level, Orientation, date_text};
use crate::table::{Column, Table, TableCell};

#[derive(Clone, Debug, PartialEq)]
pub struct MemberYearPaper {
    pub village: String,
    pub year: i32,
    pub members: Vec<MemberYear>,
    pub watermark: Option<String>,
    pub made_at: NaiveDateTime,
}

impl MemberYearPaper {
    pub fn document(&self) -> Document {
        let title = format!("{}{}年党员年度记实表", self.village, self.year);
        let mut paper = Document::sheet(title, Orientation::Portrait, self.made_at);
        paper.author.clone_from(&self.village);
        paper.watermark.clone_from(&self.watermark);
        for (i, member) in self.members.iter().enumerate() {
            if i > 0 {
                paper.blocks.push(Block::PageBreak);
            }
            write(&mut paper, member);
        }
        paper
    }
}

fn write(paper: &mut Document, member: &MemberYear) {
    paper.heading(Level::One, &member.name);
    paper.table(facts(member));
    paper.heading(Level::Two, "参加组织生活");
    paper.table(meetings(&member.meetings));
    paper.heading(Level::Two, "岗位和承诺");
    match member.pledges.is_empty() {
        true => paper.para("未填报。"),
        false => paper.table(pledges(&member.pledges)),
    }
    let places = ["本人（签字）：", "党小组长（签字）：", "党组织书记（签字）："].map(String::from);
    paper.blocks.push(Block::SignatureRow(places.to_vec()));
}

fn facts(m: &MemberYear) -> Table {
    let columns = [("项目", 22), ("内容", 58), ("项目", 22), ("内容", 58)];
    let mut table = Table::new("", columns.map(|(name, share)| Column::new(name, share)).into());
    let partly = |day: &Option<lianhu_ledger::dates::PartialDate>| {
        day.as_ref().map_or(TableCell::Unknown, |day| TableCell::text(day.as_str()))
    };
    let text = |known: &Option<String>| known.as_ref().map_or(TableCell::Unknown, TableCell::text);
    let offices = if m.offices.is_empty() { "无".to_owned() } else { m.offices.join("、") };
    let kind = if m.probationary { "预备党员" } else { "正式党员" };
    let grade = m.grade.as_ref().map(|code| codes::label("appraisal_grade", code, Lang::ZhCn).to_owned());
    let hours = format!("{}学时（应达到{}）", m.study.total(), m.study.needed);
    let linked = match m.households {
        0 => "无".to_owned(),
        n => format!("{n}户，走访{}户、{}次", m.visited, m.visits),
    };
    let paid = match (m.dues_unknown, m.dues_due) {
        (true, _) | (_, 0) => "未填报".to_owned(),
        (_, due) => format!("应交{due}个月，已交{}个月", m.dues_paid),
    };
    let talked = if m.talks == 0 { "未填报".to_owned() } else { format!("{}次", m.talks) };
    let cells = [
        ("党小组", text(&m.cell)),
        ("类别", TableCell::text(kind)),
        ("入党时间", partly(&m.joined_on)),
        ("转正时间", partly(&m.full_on)),
        ("职务", TableCell::text(offices)),
        ("民主评议", text(&grade)),
        ("学习培训", TableCell::text(hours)),
        ("谈心谈话", TableCell::text(talked)),
        ("联系户", TableCell::text(linked)),
        ("党费", TableCell::text(paid)),
    ];
    for pair in cells.chunks(2) {
        let mut row: Vec<TableCell> =
            pair.iter().flat_map(|(name, cell)| [TableCell::text(*name), cell.clone()]).collect();
        row.resize(4, TableCell::Blank);
        table.row(row);
    }
    table
}

fn meetings(kinds: &[MeetingsOfKind]) -> Table {
    let columns = vec![
        Column::new("类型", 26).left(),
        Column::new("应到", 12).right(),
        Column::new("实到", 12).right(),
        Column::new("缺席和补课", 90).left(),
    ];
    let mut table = Table::new("", columns);
    for kind in kinds {
        let name = codes::label("meeting_kind", &kind.kind, Lang::ZhCn);
        let absent: Vec<String> = kind
            .absent
            .iter()
            .map(|a| match a.made_up_on {
                Some(day) => format!("{}{}，{}补课", month_day(a.on), a.why, month_day(day)),
                None => format!("{}{}", month_day(a.on), a.why),
            })
            .collect();
        let unnoted = (kind.unnoted > 0).then(|| format!("另有{}次没有记到个人", kind.unnoted));
        let said: Vec<String> = absent.into_iter().chain(unnoted).collect();
        table.row(vec![
            TableCell::text(name),
            TableCell::Count(i64::from(kind.called)),
            TableCell::Count(i64::from(kind.came)),
            TableCell::text(said.join("；")),
        ]);
    }
    if kinds.is_empty() {
        table.row(vec![TableCell::Unknown, TableCell::Blank, TableCell::Blank, TableCell::Blank]);
    }
    table
}

fn pledges(pledges: &[PledgeLine]) -> Table {
    let columns = vec![
        Column::new("岗位", 28).left(),
        Column::new("承诺", 66).left(),
        Column::new("期限", 24),
        Column::new("兑现", 32).left(),
    ];
    let mut table = Table::new("", columns);
    for pledge in pledges {
        let kept = match (pledge.done_on, &pledge.outcome) {
            (Some(day), Some(outcome)) => format!("{}，{outcome}", month_day(day)),
            (Some(day), None) => format!("{}已兑现", month_day(day)),
            (None, Some(outcome)) => outcome.clone(),
            (None, None) => String::new(),
        };
        table.row(vec![
            pledge.position.as_ref().map_or(TableCell::Blank, TableCell::text),
            TableCell::text(&pledge.text),
            pledge.due.map_or(TableCell::Blank, |day| TableCell::text(date_text(day))),
            TableCell::text(kept),
        ]);
    }
    table
}

fn month_day(day: NaiveDate) -> String {
    day.format("%-m月%-d日").to_string()
}
