//! 二、四述四评与群众大会

use lianhu_ledger::records::village::Grades;

use super::{Edition, count, day, heading, rate_cell, said};
use crate::document::Document;
use crate::figures::{Amount, Figures, PairRow, Satisfaction};
use crate::minutes::satisfaction_words;
use crate::table::{Chart, ChartKind, Column, Series, Table, TableCell, rate_text};

/// Satisfaction of one month by pair, for the chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    pub month: String,
    /// By pair, in the order of `pairs` of the first entry that has it.
    pub rates: Vec<(String, Option<Satisfaction>)>,
}

pub(super) fn assembly(paper: &mut Document, figures: &Figures, edition: &Edition) {
    let history = &edition.history;
    let assembly = &figures.assembly;
    heading(paper, "二、四述四评与群众大会");
    paper.para(opening(figures));
    if assembly.rounds.is_empty() {
        return opinions(paper, figures, edition);
    }
    paper.table(tallies(figures));
    let least = figures.rules.least_denominator;
    assembly.rounds.iter().filter_map(|row| sentence(row, least)).for_each(|text| paper.para(text));
    below(paper, figures);
    opinions(paper, figures, edition);
    if history.len() > 1 {
        paper.blocks.push(crate::document::Block::Chart(chart(history)));
    }
}

fn opening(figures: &Figures) -> String {
    let assembly = &figures.assembly;
    let held = match &assembly.mass.amount {
        Amount::Known(_) => format!("本月召开群众大会{}", said(&assembly.mass, "场")),
        Amount::NotHeld(why) => format!("本月未召开群众大会，原因：{}", crate::mask::text(why).as_str()),
        Amount::Unknown => "本月群众大会未填报".to_owned(),
    };
    let yard = said(&assembly.yard, "场");
    let Some(attended) = assembly.attended.known() else {
        let people = if assembly.mass.known().is_some() { "，参与人次未填报" } else { "" };
        return format!("{held}；院坝会{yard}{people}。");
    };
    let meetings = assembly.mass.known().unwrap_or(0) + assembly.yard.known().unwrap_or(0);
    // 场均: rounded half up, whole people.
    let average = if meetings > 0 {
        format!("，场均{}人", (attended * 2 + meetings) / (meetings * 2))
    } else {
        String::new()
    };
    let groups = match assembly.groups.known() {
        Some(covered) => format!("，覆盖{covered}/{}个组", figures.roll.groups.known().unwrap_or(covered)),
        None => "，覆盖小组未填报".to_owned(),
    };
    format!("{held}、院坝会{yard}，参与{attended}人次{average}{groups}。")
}

fn tallies(figures: &Figures) -> Table {
    let votes = |title| Column::new(title, 7).right().under("评议票");
    let grades = figures.assembly.grades.clone().unwrap_or_default();
    let mut columns = vec![
        Column::new("述评对象", 18).left(),
        Column::new("主述人次", 14).right(),
        votes("发"),
        votes("收"),
        votes("有效"),
    ];
    columns.extend(grade_columns(&grades));
    columns.extend([Column::new("满意率", 19).right(), Column::new("环比", 8).right(), Column::new("低于阈值", 8)]);
    let mut table = Table::new("表2 四述四评结果", columns);
    for row in &figures.assembly.rounds {
        let rate = row.tally.map(|t| t.satisfaction());
        let mut cells = vec![
            TableCell::text(&row.who),
            super::cell(&row.times),
            row.issued.into(),
            row.returned.into(),
            rate.map(|r| r.valid).into(),
        ];
        cells.extend(grades.counts().iter().map(|at| TableCell::from(row.tally.map(|t| t.by_grade()[*at]))));
        cells.extend([
            rate_cell(rate.map(|r| r.satisfied), rate.map(|r| r.valid)),
            change(row).map_or(TableCell::Blank, |tenths| TableCell::Change { units: tenths, places: 1 }),
            below_mark(row),
        ]);
        table.row(cells);
    }
    let satisfaction = satisfaction_words(&grades);
    table.note(format!("{satisfaction}；环比单位为百分点，上月没有评议的不列。"));
    table
}

/// Three grades share the room of four.
fn grade_columns(grades: &Grades) -> Vec<Column> {
    let widths: &[u16] = if grades.0.len() == 3 { &[9, 9, 9] } else { &[7, 7, 7, 6] };
    grades.0.iter().zip(widths).map(|(grade, width)| Column::new(grade.as_str(), *width).right()).collect()
}

fn below_mark(row: &PairRow) -> TableCell {
    match (row.of_households, row.below_threshold) {
        (true, _) => TableCell::text("不适用"),
        (false, true) => TableCell::text("是"),
        (false, false) if row.tally.is_none() => TableCell::Unknown,
        (false, false) => TableCell::text("否"),
    }
}

/// In tenths of a percentage point, rounded half away from zero, by whole numbers.
fn change(row: &PairRow) -> Option<i64> {
    let (now, was) = (row.tally?.satisfaction(), row.before?);
    let tenths = |r: Satisfaction| (r.valid > 0).then(|| (r.satisfied * 2000 + r.valid) / (r.valid * 2));
    Some(tenths(now)? - tenths(was)?)
}

fn sentence(row: &PairRow, least: i64) -> Option<String> {
    let rate = row.tally?.satisfaction();
    let said = rate_text(count(rate.satisfied), count(rate.valid));
    let moved = change(row).filter(|_| rate.valid >= least).map(|tenths| match tenths {
        0 => "，与上月持平".to_owned(),
        up if up > 0 => format!("，较上月升{}.{}个百分点", up / 10, up % 10),
        down => format!("，较上月降{}.{}个百分点", -down / 10, -down % 10),
    });
    Some(format!("{}满意率{said}{}。", row.who, moved.unwrap_or_default()))
}

fn below(paper: &mut Document, figures: &Figures) {
    let assembly = &figures.assembly;
    let (num, den) = figures.rules.satisfaction_percent;
    let names: Vec<&str> = assembly.rounds.iter().filter(|r| r.below_threshold).map(|r| r.who.as_str()).collect();
    if !names.is_empty() {
        let due = assembly.mend_due.map_or_else(|| "复评日期未填报".to_owned(), |on| format!("应于{}复评", day(on)));
        let percent = num * 100 / den.max(1);
        let mended = said(&assembly.mend, "条");
        paper.para(format!("{}低于{percent}%，已列整改{mended}，{due}。", names.join("、")));
    }
    if assembly.mend_before.known().unwrap_or(0) > 0 {
        paper.para(format!(
            "上月整改{}，已完成{}。",
            said(&assembly.mend_before, "条"),
            said(&assembly.mend_before_done, "条")
        ));
    }
}

fn opinions(paper: &mut Document, figures: &Figures, edition: &Edition) {
    let assembly = &figures.assembly;
    if assembly.opinions.is_unknown() && assembly.mass.known().is_none() {
        return;
    }
    let list = if edition.opinions.is_empty() { "" } else { "（附清单，隐去姓名）" };
    paper.para(format!(
        "群众意见{}，已答复{}，未结{}{list}。",
        said(&assembly.opinions, "条"),
        said(&assembly.answered, "条"),
        said(&assembly.open, "条"),
    ));
}

fn chart(history: &[History]) -> Chart {
    let names: Vec<String> =
        history.last().map(|h| h.rates.iter().map(|(n, _)| n.clone()).collect()).unwrap_or_default();
    let values = |name: &String| {
        let of = |h: &History| h.rates.iter().find(|(n, _)| n == name).and_then(|(_, rate)| *rate);
        let cell = |rate: Option<Satisfaction>| rate_cell(rate.map(|r| r.satisfied), rate.map(|r| r.valid));
        history.iter().map(|h| cell(of(h))).collect()
    };
    let series = names.iter().map(|name| Series { name: name.clone(), values: values(name) }).collect();
    Chart {
        title: "图1 满意率走势".into(),
        kind: ChartKind::Line,
        over: "月份".into(),
        labels: history.iter().map(|h| h.month.clone()).collect(),
        series,
    }
}
