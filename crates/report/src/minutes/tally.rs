//! 评议票统计表 — the ballots of an item's rounds, under the grades that the village uses.

use lianhu_ledger::records::village::Grades;

use super::{Round, Tally};
use crate::table::{Column, Table, TableCell};

pub(super) fn table(rounds: &[Round], grades: &Grades) -> Table {
    let mut columns = vec![Column::new("述评内容", 34).left()];
    columns.extend(["发出", "收回", "有效"].map(|t| Column::new(t, 9).under("评议票")));
    // Three grades share the room of four.
    let width = if grades.0.len() == 3 { 12 } else { 9 };
    columns.extend(grades.0.iter().map(|t| Column::new(t.as_str(), width).under("评议结果")));
    columns.push(Column::new("满意率", 24));
    let mut table = Table::new("评议票统计表", columns);
    for round in rounds {
        table.row(row(round, grades));
    }
    table.note(format!("注：{}。", satisfaction_words(grades)));
    table
}

/// 满意率＝（好＋较好）÷有效票
pub(crate) fn satisfaction_words(grades: &Grades) -> String {
    let satisfied: Vec<&str> = grades.0.iter().take(2).map(String::as_str).collect();
    format!("满意率＝（{}）÷有效票", satisfied.join("＋"))
}

fn row(round: &Round, grades: &Grades) -> Vec<TableCell> {
    let mut cells = vec![TableCell::text(&round.subject)];
    match round.tally {
        None => cells.extend(vec![TableCell::Unknown; 4 + grades.counts().len()]),
        Some(t) => {
            let graded = grades.counts().iter().map(|at| Some(t.counts()[*at]));
            let counts = [t.issued, t.returned, Some(t.valid)].into_iter().chain(graded);
            cells.extend(counts.map(|n| TableCell::from(n.map(i64::from))));
            cells.push(TableCell::Rate { num: t.best + t.good, den: t.valid });
        }
    }
    cells
}

impl Tally {
    fn counts(self) -> [u32; 4] {
        [self.best, self.good, self.fair, self.poor]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use crate::table::Row;

    #[test]
    fn three_grades_stand_on_the_first_two_counts_and_the_last() {
        let grades = Grades(["满意", "基本满意", "不满意"].map(String::from).to_vec());
        let rounds = &sample::minutes().agenda[1].rounds;
        let table = table(rounds, &grades);
        let Row::Cells(cells) = &table.rows[0] else { panic!("a row") };
        assert_eq!(cells.len(), table.columns.len());
        assert_eq!(cells[4..7], [TableCell::Count(101), TableCell::Count(36), TableCell::Count(4)]);
        assert_eq!(table.columns[5].title, "基本满意");
    }
}
