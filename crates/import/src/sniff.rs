//! 辨认文件 — what a file really is, by its first bytes and never by its name, and whether it is safe to open.
//! Clerks rename `.et` to `.xlsx` and web systems call an HTML page `.xls`; attackers do both on purpose.

mod ole;
mod package;
mod xml;

pub use ole::OleFacts;
pub use package::PackageFacts;

use crate::unreadable::{Code, Unreadable};
use std::path::Path;

/// The largest file taken in. The seven ledgers of a village are under 1 MiB together.
pub const LARGEST_FILE: u64 = 50 * 1024 * 1024;

/// What the bytes are.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A zip package whose directory and every part were looked through.
    Xlsx(PackageFacts),
    /// An OLE file (.xls, older .et) whose cells were counted.
    Xls(OleFacts),
    /// Comma or tab separated text.
    Text,
}

/// The bytes of a file that exists, is a file, is not empty and not absurdly large.
pub fn take_bytes(path: &Path) -> Result<Vec<u8>, Unreadable> {
    let meta = std::fs::metadata(path).map_err(|_| Code::Missing.alone())?;
    if !meta.is_file() {
        return Err(Code::Folder.alone());
    }
    fits(meta.len())?;
    std::fs::read(path).map_err(|_| Code::Locked.alone())
}

fn fits(length: u64) -> Result<(), Unreadable> {
    if length == 0 {
        return Err(Code::Empty.alone());
    }
    if length > LARGEST_FILE {
        let mib = |bytes: u64| bytes / 1024 / 1024;
        return Err(Code::TooBig.with("size", mib(length)).and("most", mib(LARGEST_FILE)));
    }
    Ok(())
}

/// Looks at the first bytes, then inside, before any workbook reader is let near them.
pub fn sniff(bytes: &[u8]) -> Result<Shape, Unreadable> {
    fits(bytes.len() as u64)?;
    if bytes.starts_with(b"PK") {
        return package::inspect(bytes).map(Shape::Xlsx);
    }
    if bytes.starts_with(&ole::MAGIC) {
        return ole::inspect(bytes).map(Shape::Xls);
    }
    if looks_like_markup(bytes) {
        return Err(Code::WebPage.alone());
    }
    if looks_binary(bytes) {
        return Err(Code::NotATable.alone());
    }
    Ok(Shape::Text)
}

fn looks_like_markup(bytes: &[u8]) -> bool {
    let body = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let first = body.iter().position(|b| !b.is_ascii_whitespace());
    first.is_some_and(|at| body[at] == b'<') || body.starts_with(b"MIME-Version:")
}

/// UTF-16 text has its byte order mark; any other NUL means this was never text.
fn looks_binary(bytes: &[u8]) -> bool {
    let wide = bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF");
    !wide && bytes.iter().take(64 * 1024).any(|b| *b == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], code: Code) {
        let refused = sniff(bytes).expect_err("these bytes must be refused");
        assert_eq!(refused.code, code, "{refused}");
        assert!(refused.to_string().contains('。'), "a sentence a person can read");
    }

    #[test]
    fn a_web_page_named_xls_is_told_to_be_saved_again() {
        check(b"  <html><table><tr><td>1</td></tr></table></html>", Code::WebPage);
        check(b"MIME-Version: 1.0\r\nContent-Type: multipart/related", Code::WebPage);
    }

    #[test]
    fn a_picture_is_not_a_table() {
        check(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Code::NotATable);
    }

    #[test]
    fn an_empty_file_is_told_apart() {
        check(b"", Code::Empty);
    }

    #[test]
    fn a_folder_and_a_missing_file_are_told_apart() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let refused = take_bytes(folder.path()).expect_err("a folder is refused");
        assert_eq!(refused.code, Code::Folder);
        let refused = take_bytes(&folder.path().join("没有.xlsx")).expect_err("a missing file is refused");
        assert_eq!(refused.code, Code::Missing);
    }

    #[test]
    fn a_file_over_the_cap_is_refused_without_being_read() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("大.xlsx");
        let file = std::fs::File::create(&path).expect("a file");
        file.set_len(LARGEST_FILE + 1).expect("a sparse file");
        assert_eq!(take_bytes(&path).expect_err("too big").code, Code::TooBig);
    }
}
