//! .xls and older .et — read dense by the library, after [`crate::sniff`] has bounded the area.

use super::{Book, Merge, Rows, Sheet};
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

fn notices(facts: &OleFacts) -> Vec<String> {
    let mut out = Vec::new();
    if facts.macros {
        out.push("文件里带有宏程序，没有运行，也没有导入。".to_owned());
    }
    if facts.external_links {
        out.push("文件里有格子连着别的文件，按表上显示的结果导入，没有去打开那些文件。".to_owned());
    }
    if facts.formulas > 0 {
        out.push(format!("有 {} 格是公式，按表上显示的结果导入。", facts.formulas));
    }
    out
}

fn unreadable(error: &XlsError) -> Unreadable {
    match error {
        XlsError::Password => Code::Password.because("加了密码。请先在 Excel 或 WPS 里取消密码，再导入。"),
        _ => Unreadable::broken("工作表"),
    }
}
