//! 汇总 — the month over all villages: sums of counts, never means of percentages. What a village has not said is no
//! zero: the village is named, and the sum says that it is not in it.

use chrono::NaiveDateTime;
use lianhu_ledger::Result;
use lianhu_ledger::dates::{Date, Month};
use lianhu_report::document::{Document, Orientation};
use lianhu_report::lines::State;
use lianhu_report::table::{Column, Table, TableCell};
use serde::{Deserialize, Serialize};

use super::Reader;
use super::measure::{Count, KEYS, Key, Sum};
use super::summary::Handed;

/// Which numbers are added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Those of reports that were handed in and did not come back.
    #[default]
    Reports,
    /// What the ledgers say now, closed or not: how the month is going.
    Now,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rollup {
    pub month: Month,
    pub basis: Basis,
    pub today: Date,
    pub columns: Vec<&'static str>,
    pub rows: Vec<Row>,
    /// In the order of the columns.
    pub sums: Vec<Sum>,
    /// Villages whose report is not here, and those whose report went back.
    pub missing: Vec<String>,
    pub returned: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    pub code: String,
    pub name: String,
    pub report: Handed,
    /// It is in the sums.
    pub counted: bool,
    pub counts: Vec<Count>,
}

pub fn rollup(reader: Reader<'_>, month: Month, basis: Basis) -> Result<Rollup> {
    let villages = reader.town.villages()?;
    let ids: Vec<_> = villages.iter().filter_map(|village| village.id).collect();
    let mut told = reader.each(&ids, |id| reader.month(id, month)).into_iter();
    let mut rows = Vec::with_capacity(villages.len());
    for village in villages {
        let summary = match village.id {
            Some(_) => told.next().transpose()?.map(|(_, summary)| summary),
            None => None,
        };
        let report = summary.as_ref().map_or(Handed::Missing, |summary| summary.report.clone());
        let counted = summary.as_ref().is_some_and(|s| basis == Basis::Now && !s.empty || s.report.counts());
        let counts = summary.map(|summary| summary.counts.clone()).unwrap_or_default();
        rows.push(Row { code: village.code, name: village.name, report, counted, counts });
    }
    rows.sort_by(|a, b| a.code.cmp(&b.code));
    let named = |of: fn(&Handed) -> bool| {
        rows.iter().filter(|row| of(&row.report)).map(|row| row.name.clone()).collect::<Vec<String>>()
    };
    Ok(Rollup {
        month,
        basis,
        today: reader.today(),
        columns: KEYS.iter().map(|key| key.name).collect(),
        sums: KEYS.iter().enumerate().map(|(at, key)| sum(&rows, at, *key)).collect(),
        missing: named(|report| matches!(report, Handed::Missing)),
        returned: named(|report| matches!(report, Handed::Returned { .. } | Handed::Mending { .. })),
        rows,
    })
}

fn sum(rows: &[Row], at: usize, key: Key) -> Sum {
    let mut sum = Sum::default();
    for row in rows {
        let count = row.counts.get(at).filter(|_| row.counted);
        sum.add(&row.name, count, key.rated);
    }
    sum
}

/// The column's words on paper. The paper is Chinese, whatever the page is read in.
fn title(name: &str) -> (&'static str, &'static str) {
    match name {
        "roll.households" => ("基本情况", "户数"),
        "roll.people" => ("基本情况", "人口"),
        "roll.members" => ("基本情况", "党员"),
        "assembly.mass" => ("群众大会", "场次"),
        "assembly.attended" => ("群众大会", "参会人次"),
        "assembly.satisfaction" => ("群众大会", "满意率"),
        "assembly.opinions" => ("群众大会", "意见"),
        "assembly.answered" => ("群众大会", "已答复"),
        "aid.households" => ("三到家", "结对户"),
        "aid.visited" => ("三到家", "到户率"),
        "aid.visits" => ("三到家", "走访次数"),
        "aid.meals" => ("三到家", "同吃"),
        "aid.chores" => ("三到家", "同干"),
        "aid.ways" => ("三到家", "门路"),
        "aid.all_three" => ("三到家", "三项齐备"),
        "aid.unvisited_long" => ("三到家", "长期未到户"),
        "links.households" => ("党员联户", "联系户"),
        "links.visited" => ("党员联户", "到户率"),
        "links.matters" => ("党员联户", "收集事项"),
        "entry.late" => ("数据说明", "补录"),
        "entry.corrected" => ("数据说明", "更正"),
        _ => ("", ""),
    }
}

/// The roll-up as a paper, for both writers.
pub fn document(rollup: &Rollup, township: &str, made_at: NaiveDateTime) -> Document {
    use chrono::Datelike;
    let first = rollup.month.first();
    let name = format!("{township}{}年{}月村级工作汇总表", first.year(), first.month());
    let mut paper = Document::sheet(name, Orientation::Landscape, made_at);
    let basis = match rollup.basis {
        Basis::Reports => "口径：只汇总已上报且没有退回的月报".to_owned(),
        Basis::Now => {
            format!("口径：截至{}各村台账里的数，不论月报报没报", lianhu_report::document::date_text(rollup.today))
        }
    };
    let counted = rollup.rows.iter().filter(|row| row.counted).count();
    paper.head = vec![vec![basis, format!("汇总 {counted} 个村，共 {} 个村", rollup.rows.len())]];
    paper.author = township.to_owned();
    // Twenty-one columns on one sheet could not be read: one table for each half.
    for half in [&KEYS[..8], &KEYS[8..16], &KEYS[16..]] {
        paper.table(table(rollup, half));
    }
    for note in notes(rollup) {
        paper.note(note);
    }
    paper
}

fn table(rollup: &Rollup, keys: &[Key]) -> Table {
    let mut columns = vec![Column::new("村", 14).left()];
    columns.extend(keys.iter().map(|key| {
        let (group, words) = title(key.name);
        Column::new(words, if key.rated { 16 } else { 9 }).under(group).right()
    }));
    let mut heads: Vec<&str> = keys.iter().map(|key| title(key.name).0).collect();
    heads.dedup();
    let mut table = Table::new(heads.join("、"), columns);
    let places: Vec<usize> = keys.iter().filter_map(|key| super::measure::place(key.name)).collect();
    for row in &rollup.rows {
        let mut cells = vec![TableCell::text(&row.name)];
        cells.extend(places.iter().zip(keys).map(|(at, key)| cell(row, *at, *key)));
        table.row(cells);
    }
    let mut cells = vec![TableCell::text("合计")];
    cells.extend(places.iter().zip(keys).map(|(at, key)| summed(&rollup.sums[*at], *key)));
    table.row(cells);
    table
}

fn cell(row: &Row, at: usize, key: Key) -> TableCell {
    let Some(count) = row.counts.get(at).filter(|_| row.counted) else { return TableCell::text(absent(&row.report)) };
    match &count.state {
        State::NotHeld { reason } => TableCell::NotHeld(reason.clone()),
        State::Unknown => TableCell::Unknown,
        State::Known { n } if key.rated => match count.of {
            Some(of) => rate(*n, of),
            None => TableCell::Unknown,
        },
        State::Known { n } => TableCell::Count(*n),
    }
}

fn absent(report: &Handed) -> &'static str {
    match report {
        Handed::Returned { .. } | Handed::Mending { .. } => "被退回",
        _ => "未上报",
    }
}

fn summed(sum: &Sum, key: Key) -> TableCell {
    match (sum.n, sum.of) {
        (Some(n), Some(of)) if key.rated => rate(n, of),
        (Some(n), _) if !key.rated => TableCell::Count(n),
        _ => TableCell::Unknown,
    }
}

fn rate(num: i64, den: i64) -> TableCell {
    match (u32::try_from(num), u32::try_from(den)) {
        (Ok(num), Ok(den)) => TableCell::Rate { num, den },
        _ => TableCell::text(format!("{num}/{den}")),
    }
}

/// Who is not in the sums, by name; and in which columns a village that is has said nothing.
fn notes(rollup: &Rollup) -> Vec<String> {
    let mut notes = vec!["合计是各村的数相加；比率是分子、分母分别相加以后再除，不是各村百分比的平均。".to_owned()];
    if !rollup.missing.is_empty() {
        notes.push(format!("没有上报月报的村（{} 个）：{}。", rollup.missing.len(), rollup.missing.join("、")));
    }
    if !rollup.returned.is_empty() {
        notes.push(format!(
            "月报被退回、还没有重新上报的村（{} 个）：{}。",
            rollup.returned.len(),
            rollup.returned.join("、")
        ));
    }
    let counted = |name: &&String| rollup.rows.iter().any(|row| row.counted && row.name == **name);
    for (key, sum) in KEYS.iter().zip(&rollup.sums) {
        let silent: Vec<&str> = sum.without.iter().filter(counted).map(String::as_str).collect();
        if !silent.is_empty() {
            let (group, words) = title(key.name);
            notes.push(format!("“{group}·{words}”的合计里没有：{}（未填报或未开展）。", silent.join("、")));
        }
    }
    notes
}
