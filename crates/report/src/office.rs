//! The files as another program sees them: LibreOffice opens what we wrote, and its PDF of the
//! Word file must say what ours says.

use std::path::Path;
use std::process::Command;

use crate::document::{Block, Document, Style};
use crate::{PdfOptions, docx, pdf, sample, xlsx};

/// Two copies that start at the same moment trip over each other, whatever their profiles. A file is locked and not a
/// mutex, because every test may be a process of its own.
fn alone() -> std::fs::File {
    let path = std::env::temp_dir().join("lianhu-office.lock");
    let file = std::fs::File::options().create(true).truncate(false).write(true).open(path).expect("a lock file");
    file.lock().expect("waits for its turn");
    file
}

/// Opens the file in LibreOffice and gives back its text, printed.
fn opened_in_office(bytes: &[u8], extension: &str) -> String {
    let _alone = alone();
    let folder = tempfile::tempdir().expect("a folder");
    let source = folder.path().join(format!("paper.{extension}"));
    std::fs::write(&source, bytes).expect("written");
    let profile = format!("-env:UserInstallation=file://{}", folder.path().join("profile").display());
    let done = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", "pdf", "--outdir"])
        .args([folder.path(), source.as_path()])
        .output()
        .expect("LibreOffice is installed");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    text_of(&folder.path().join("paper.pdf"))
}

fn text_of(file: &Path) -> String {
    let done = Command::new("pdftotext")
        .args(["-raw".as_ref(), file.as_os_str(), "-".as_ref()])
        .output()
        .expect("poppler-utils is installed");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).expect("utf-8")
}

fn printed(document: &Document) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("paper.pdf");
    let paper = pdf(document, &PdfOptions::default()).expect("prints");
    std::fs::write(&file, paper.bytes).expect("written");
    text_of(&file)
}

/// The words alone: no blanks, no page numbers, which stand where each program breaks its pages.
fn words(text: &str, style: Style) -> String {
    let lines = text.split(['\n', '\u{c}']).map(|l| l.chars().filter(|c| !c.is_whitespace()));
    let lines = lines.map(Iterator::collect::<String>);
    let page_number = |line: &String| match style {
        Style::Official => line.starts_with('—') && line.ends_with('—'),
        Style::Sheet => line.starts_with('第') && line.ends_with('页') && line.contains("页共"),
    };
    lines.filter(|line| !page_number(line)).collect()
}

fn both(document: &Document) -> [String; 2] {
    let word = opened_in_office(&docx(document).expect("writes"), "docx");
    [word, printed(document)].map(|text| words(&text, document.style))
}

/// Under grouped headings the two programs draw the cells in another order, so there only the
/// letters are compared.
#[test]
fn word_and_pdf_say_the_same() {
    for mut document in [sample::every_block(), sample::short_form(), sample::minutes().document()] {
        let letters = both(&document).map(|text| {
            let mut letters: Vec<char> = text.chars().collect();
            letters.sort_unstable();
            letters.into_iter().collect::<String>()
        });
        assert_eq!(letters[0], letters[1]);
        ungroup(&mut document);
        let [word, ours] = both(&document);
        assert_eq!(word, ours);
    }
}

fn ungroup(document: &mut Document) {
    for block in &mut document.blocks {
        if let Block::Table(table) = block {
            table.columns.iter_mut().for_each(|c| c.group = None);
        }
    }
}

#[test]
fn text_that_looks_like_markup_is_printed_as_it_was_typed() {
    let [word, ours] = both(&sample::hostile());
    assert_eq!(word, ours);
    assert!(ours.contains("{{7*7}}") && ours.contains("#panic()"));
}

#[test]
fn a_full_page_has_22_lines_of_28_characters_in_both() {
    let mut document = Document::official("", sample::made_at());
    document.title.clear();
    document.para("村民小组走访登记".repeat(28 * 50 / 8));
    let word = opened_in_office(&docx(&document).expect("writes"), "docx");
    for text in [printed(&document), word] {
        let page = text.split('\u{c}').nth(1).expect("a second page");
        let lines: Vec<usize> = page
            .lines()
            .filter(|l| l.contains('村'))
            .map(|l| l.chars().filter(|c| !c.is_whitespace()).count())
            .collect();
        assert_eq!(lines, [28; 22]);
    }
}

#[test]
fn the_spreadsheet_opens_and_shows_every_figure() {
    let document = sample::every_block();
    let text = opened_in_office(&xlsx(&document, &[]).expect("writes"), "xlsx");
    for words in ["满意率（分子/分母）", "91.3%", "137/150", "未填报", "未开展（农忙）", "+1.2", "图1"]
    {
        assert!(words_of(&text).contains(words), "{words}: {text}");
    }
}

fn words_of(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
