//! .xlsx — read as a stream of cells: a lone cell in the last corner costs one cell, not a sheet.

use super::{Book, Cell, Merge, NO_RESULT, Rows, Sheet};
use crate::sniff::PackageFacts;
use crate::unreadable::{Code, Unreadable};
use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use std::io::Cursor;

const MOST_MERGES: usize = 200_000;

pub fn read(bytes: &[u8], facts: &PackageFacts) -> Result<Book, Unreadable> {
    let mut file: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|e| unreadable(&e, "工作簿"))?;
    let from_1904 = file.has_1904_epoch();
    let mut book = Book { name: String::new(), sheets: Vec::new(), notices: notices(facts), from_1904 };
    for meta in file.sheets_metadata().to_vec() {
        if meta.typ != SheetType::WorkSheet {
            continue;
        }
        let (sheet, formulas) = read_sheet(&mut file, &meta.name, from_1904)?;
        if formulas > 0 {
            book.notices.push(format!("工作表“{}”里有 {formulas} 格是公式，按表上显示的结果导入。", meta.name));
        }
        book.sheets.push(Sheet { hidden: meta.visible != SheetVisible::Visible, ..sheet });
    }
    Ok(book)
}

fn read_sheet(file: &mut Xlsx<Cursor<&[u8]>>, name: &str, from_1904: bool) -> Result<(Sheet, u32), Unreadable> {
    let (rows, formulas) = read_cells(file, name, from_1904)?;
    let merges = file.merge_cells_by_sheet_name(name).map_err(|e| unreadable(&e, name))?;
    if merges.len() > MOST_MERGES {
        return Err(Code::TooLong.because("合并单元格多得不正常。请取消合并，另存一份再导入。"));
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

fn notices(facts: &PackageFacts) -> Vec<String> {
    let mut out = Vec::new();
    if facts.macros {
        out.push("文件里带有宏程序，没有运行，也没有导入。".to_owned());
    }
    if facts.external_links {
        out.push("文件里有格子连着别的文件，按表上显示的结果导入，没有去打开那些文件。".to_owned());
    }
    if facts.pictures > 0 {
        out.push(format!("文件里的 {} 张图片没有导入。", facts.pictures));
    }
    if facts.comments {
        out.push("文件里的批注没有导入，只导入格子里的内容。".to_owned());
    }
    if facts.hidden_rows > 0 {
        out.push(format!("有 {} 行是隐藏或筛选掉的，也一并读入了。", facts.hidden_rows));
    }
    out
}

fn unreadable(error: &XlsxError, part: &str) -> Unreadable {
    match error {
        XlsxError::Password => Code::Password.because("加了密码。请先在 Excel 或 WPS 里取消密码，再导入。"),
        XlsxError::ColumnNumberOverflow => super::too_wide(),
        XlsxError::RowNumberOverflow => super::too_long(),
        _ => Unreadable::broken(part),
    }
}
