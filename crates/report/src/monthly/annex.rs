//! 附 1 数据说明 · 2 群众意见清单（脱敏） · 3 未到户清单（仅镇内）

use super::{Edition, day, heading, people};
use crate::document::{Document, date_text};
use crate::figures::Figures;
use crate::mask;
use crate::table::{Column, Table, TableCell};

/// One opinion as it was raised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opinion {
    pub on: chrono::NaiveDate,
    pub text: String,
    pub answer: Option<String>,
    pub closed: bool,
    /// Names that must not stand in the list: whoever raised it and their family.
    pub names: Vec<String>,
}

pub(super) fn annexes(paper: &mut Document, figures: &Figures, edition: &Edition) {
    heading(paper, "附1 数据说明");
    for line in notes(figures) {
        paper.para(line);
    }
    if !edition.opinions.is_empty() {
        heading(paper, "附2 群众意见清单（隐去姓名）");
        paper.table(opinions(&edition.opinions));
    }
    if edition.for_township && !figures.aid.unvisited_names.is_empty() {
        heading(paper, "附3 未到户清单（仅镇内）");
        paper.table(unvisited(figures));
    }
}

fn notes(figures: &Figures) -> Vec<String> {
    let mut notes = vec![
        format!("户、人、党员按{}在册统计；走访、会议按发生日期计入当月。", date_text(figures.as_of)),
        "满意率的分母为有效票；分母过小的只列票数。人次按会议实到人数相加，与人数不同。".to_owned(),
        format!(
            "本月补录{}条，更正{}条。",
            figures.entry.late.known().unwrap_or(0),
            figures.entry.corrected.known().unwrap_or(0)
        ),
    ];
    notes.extend(people::beyond_band(figures));
    let unknown = figures.unknown();
    if !unknown.is_empty() {
        notes.push(format!("未填报的项目：{}。", unknown.join("、")));
    }
    notes
}

fn opinions(opinions: &[Opinion]) -> Table {
    let columns = vec![
        Column::new("序号", 8),
        Column::new("日期", 14),
        Column::new("意见内容", 42).left(),
        Column::new("答复情况", 36).left(),
    ];
    let mut table = Table::new("群众意见清单", columns);
    for (at, opinion) in opinions.iter().enumerate() {
        let state = match (&opinion.answer, opinion.closed) {
            (Some(answer), _) => mask::without_names(answer, &opinion.names),
            (None, true) => "已办结".to_owned(),
            (None, false) => "未答复".to_owned(),
        };
        table.row(vec![
            TableCell::Count(at as i64 + 1),
            TableCell::text(day(opinion.on)),
            TableCell::text(mask::without_names(&opinion.text, &opinion.names)),
            TableCell::text(state),
        ]);
    }
    table
}

fn unvisited(figures: &Figures) -> Table {
    use chrono::Datelike;
    let columns = vec![
        Column::new("序号", 10),
        Column::new("村民小组", 18),
        Column::new("户主", 22).left(),
        Column::new("责任人", 26).left(),
        Column::new("上次走访", 24),
    ];
    let mut table = Table::new("本月未到户清单", columns);
    for (at, row) in figures.aid.unvisited_names.iter().enumerate() {
        table.row(vec![
            TableCell::Count(at as i64 + 1),
            TableCell::text(&row.group),
            TableCell::text(&row.head),
            TableCell::text(&row.helpers),
            TableCell::text(people::last_visit(row.last, figures.as_of.year())),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, names: &[&str], printed: &str) {
        let names: Vec<String> = names.iter().map(|n| (*n).to_owned()).collect();
        assert_eq!(mask::without_names(text, &names), printed);
    }

    #[test]
    fn an_opinion_is_printed_without_whoever_raised_it() {
        check("张建国家门口路灯不亮", &["张建国"], "张某家门口路灯不亮");
        check("欧阳明家缺水", &["欧阳明", "欧阳"], "欧阳某家缺水");
    }
}
