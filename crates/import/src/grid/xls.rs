//! .xls and older .et — read dense by the library, after [`crate::sniff`] has bounded the area.

use super::{Book, Merge, Rows, Sheet};
use crate::finding::{Did, Done};
use crate::sniff::OleFacts;
use crate::unreadable::{Code, Unreadable};
use calamine::{Reader, SheetType, SheetVisible, Xls, XlsError};
use std::io::Cursor;

pub fn read(bytes: &[u8], facts: &OleFacts) -> Result<Book, Unreadable> {
    let mut file: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|e| unreadable(&e))?;
    let from_1904 = file.has_1904_epoch();
    let mut book = Book { name: String::new(), sheets: Vec::new(), notices: notices(facts), from_1904 };
    for meta in file.sheets_metadata().to_vec() {
        if meta.typ != SheetType::WorkSheet {
            continue;
        }
        let sheet = read_sheet(&mut file, &meta.name, from_1904)?;
        book.sheets.push(Sheet { hidden: meta.visible != SheetVisible::Visible, ..sheet });
    }
    Ok(book)
}

fn read_sheet(file: &mut Xls<Cursor<&[u8]>>, name: &str, from_1904: bool) -> Result<Sheet, Unreadable> {
    let range = file.worksheet_range(name).map_err(|e| unreadable(&e))?;
    let (top, left) = range.start().unwrap_or((0, 0));
    let mut rows = Rows::default();
    for (row, column, data) in range.used_cells() {
        rows.put(top + row as u32 + 1, left + column as u32, super::from_calamine(data, from_1904))?;
    }
    let merges = file.merge_cells_by_sheet_name(name).unwrap_or_default();
    let merges: Vec<Merge> = merges.iter().map(super::xlsx::merge).collect();
    let rows = rows.finish();
    super::sound_merges(&merges, &rows)?;
    Ok(Sheet { name: name.to_owned(), hidden: false, rows, merges })
}

fn notices(facts: &OleFacts) -> Vec<Done> {
    let mut out = Vec::new();
    if facts.macros {
        out.push(Did::Macros.into());
    }
    if facts.external_links {
        out.push(Did::Links.into());
    }
    if facts.formulas > 0 {
        out.push(Did::Formulas.with("n", facts.formulas));
    }
    out
}

fn unreadable(error: &XlsError) -> Unreadable {
    match error {
        XlsError::Password => Code::Password.alone(),
        _ => Unreadable::broken("sheet"),
    }
}
