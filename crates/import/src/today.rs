//! 还没到的日子 — a visit or meeting dated after today has not happened: a slip of the pen. It is set aside and told,
//! before it could make the ledger refuse the whole book.

use chrono::NaiveDate;

use crate::book::{Parsed, Rows, Section};
use crate::finding::{Did, Finding, Remark, What};
use crate::layout::Field;

/// Takes the rows that lie after `today` out of the books and lists each as a doubt.
pub fn set_aside_the_future(books: &[Parsed], today: NaiveDate) -> Vec<Parsed> {
    let today = today.to_string();
    books.iter().cloned().map(|book| book_until(book, &today)).collect()
}

fn book_until(mut book: Parsed, today: &str) -> Parsed {
    for section in &mut book.sections {
        let late = rows_after(section, today);
        let told: Vec<Finding> = late.iter().map(|(row, on)| told(section, *row, on)).collect();
        book.findings.extend(told);
        drop_rows(section, today);
    }
    book
}

/// Row numbers and dates; a date is text that sorts as it stands.
fn rows_after(section: &Section, today: &str) -> Vec<(u32, String)> {
    let late = |row: u32, on: &str| (on > today).then(|| (row, on.to_owned()));
    match &section.rows {
        Rows::Visits(rows) => rows.iter().filter_map(|r| late(r.row, &r.on)).collect(),
        Rows::Meetings(rows) => rows.iter().filter_map(|r| late(r.row, &r.on)).collect(),
        _ => Vec::new(),
    }
}

fn drop_rows(section: &mut Section, today: &str) {
    match &mut section.rows {
        Rows::Visits(rows) => rows.retain(|r| r.on.as_str() <= today),
        Rows::Meetings(rows) => rows.retain(|r| r.on.as_str() <= today),
        _ => {}
    }
}

fn told(section: &Section, row: u32, on: &str) -> Finding {
    section.finding(row, Some(Field::On), on, Remark::doubt(What::DateFuture, Did::RowDate))
}
