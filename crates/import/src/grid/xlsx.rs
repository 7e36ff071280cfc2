//! .xlsx — read as a stream of cells: a lone cell in the last corner costs one cell, not a sheet.

use super::{Book, Cell, Merge, NO_RESULT, Rows, Sheet};
use crate::finding::{Did, Done};
use crate::sniff::PackageFacts;
use crate::unreadable::{Code, Unreadable};
use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use std::io::Cursor;

const MOST_MERGES: usize = 200_000;

pub fn read(bytes: &[u8], facts: &PackageFacts) -> Result<Book, Unreadable> {
    let mut file: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|e| unreadable(&e, "workbook"))?;
    let from_1904 = file.has_1904_epoch();
    let mut book = Book { name: String::new(), sheets: Vec::new(), notices: notices(facts), from_1904 };
    for meta in file.sheets_metadata().to_vec() {
        if meta.typ != SheetType::WorkSheet {
            continue;
        }
        let (sheet, formulas) = read_sheet(&mut file, &meta.name, from_1904)?;
        if formulas > 0 {
            book.notices.push(Did::SheetFormulas.with("n", formulas).with("sheet", &meta.name));
        }
        book.sheets.push(Sheet { hidden: meta.visible != SheetVisible::Visible, ..sheet });
    }
    Ok(book)
}

fn read_sheet(file: &mut Xlsx<Cursor<&[u8]>>, name: &str, from_1904: bool) -> Result<(Sheet, u32), Unreadable> {
    let (rows, formulas) = read_cells(file, name, from_1904)?;
    let merges = file.merge_cells_by_sheet_name(name).map_err(|e| unreadable(&e, name))?;
    if merges.len() > MOST_MERGES {
        return Err(Code::TooManyMerges.alone());
    }
    let merges: Vec<Merge> = merges.iter().map(merge).collect();
    let rows = rows.finish();
    super::sound_merges(&merges, &rows)?;
    Ok((Sheet { name: name.to_owned(), hidden: false, rows, merges }, formulas))
}

fn read_cells(file: &mut Xlsx<Cursor<&[u8]>>, name: &str, from_1904: bool) -> Result<(Rows, u32), Unreadable> {
    let mut rows = Rows::default();
    let mut formulas = 0;
    let mut cells = file.worksheet_cells_reader(name).map_err(|e| unreadable(&e, name))?;
    while let Some(record) = cells.next_cell_with_formula_metadata().map_err(|e| unreadable(&e, name))? {
        let cell = super::from_calamine(&owned(record.value), from_1904);
        let is_formula = record.formula.is_some();
        formulas += u32::from(is_formula);
        let cell = if is_formula && cell == Cell::Empty { Cell::Error(NO_RESULT.into()) } else { cell };
        rows.put(record.pos.0 + 1, record.pos.1, cell)?;
    }
    Ok((rows, formulas))
}

pub(super) fn merge(area: &calamine::Dimensions) -> Merge {
    Merge { top: area.start.0 + 1, left: area.start.1, bottom: area.end.0 + 1, right: area.end.1 }
}

fn owned(value: DataRef<'_>) -> calamine::Data {
    calamine::Data::from(value)
}

fn notices(facts: &PackageFacts) -> Vec<Done> {
    let mut out = Vec::new();
    if facts.macros {
        out.push(Did::Macros.into());
    }
    if facts.external_links {
        out.push(Did::Links.into());
    }
    if facts.pictures > 0 {
        out.push(Did::Pictures.with("n", facts.pictures));
    }
    if facts.comments {
        out.push(Did::Comments.into());
    }
    if facts.hidden_rows > 0 {
        out.push(Did::HiddenRows.with("n", facts.hidden_rows));
    }
    out
}

fn unreadable(error: &XlsxError, part: &str) -> Unreadable {
    match error {
        XlsxError::Password => Code::Password.alone(),
        XlsxError::ColumnNumberOverflow => super::too_wide(),
        XlsxError::RowNumberOverflow => super::too_long(),
        _ => Unreadable::broken(part),
    }
}
