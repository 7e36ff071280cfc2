//! PDF — the paper as it is printed and kept. PDF/A-2a, tagged, letters embedded.

use std::sync::LazyLock;

use chrono::{Datelike, NaiveDateTime, Timelike};
use serde::Serialize;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_kit::fonts::FontStore;
use typst_layout::PagedDocument;
use typst_pdf::{PdfStandard, PdfStandards, Timestamp};

use crate::document::Document;
use crate::fault::PaperFault;
use crate::fonts::{self, FontChoice, Roles};
use crate::print::Paper;

const TEMPLATE: &str = include_str!("../../../assets/paper/document.typ");
/// China keeps one time, eight hours ahead.
const MINUTES_AHEAD: i32 = 8 * 60;
/// What the engine remembers of papers before this one: a second copy with one word changed is
/// quick, and twenty in a row do not pile up.
const PAPERS_REMEMBERED: usize = 1;

#[derive(Debug, Clone, Default)]
pub struct PdfOptions {
    pub fonts: FontChoice,
}

#[derive(Debug, Clone)]
pub struct Pdf {
    pub bytes: Vec<u8>,
    pub pages: usize,
    /// Characters that no font here has; each is printed as 〓. Tell the clerk before the paper
    /// is signed.
    pub missing: Vec<char>,
}

/// The document as a PDF. With the bundled fonts the same document gives the same bytes.
pub fn pdf(document: &Document, options: &PdfOptions) -> Result<Pdf, PaperFault> {
    let Laid { paper, missing } = lay_out(document, options.fonts)?;
    let bytes = typst_pdf::pdf(&paper, &archive_options(document.made_at)?);
    forget_older_papers();
    Ok(Pdf { bytes: bytes.map_err(|e| layout_fault(&e))?, pages: paper.pages().len(), missing })
}

/// The paper, cut into pages.
pub(crate) struct Laid {
    pub paper: PagedDocument,
    pub missing: Vec<char>,
}

pub(crate) fn lay_out(document: &Document, choice: FontChoice) -> Result<Laid, PaperFault> {
    let data = Data { paper: Paper::of(document), fonts: Roles::of(choice) };
    let data = serde_json::to_string(&data)?;
    let missing = fonts::missing(choice, &data);
    let desk = Desk::new(&data, &missing, choice);
    let paper = typst::compile::<PagedDocument>(&desk).output.map_err(|e| layout_fault(&e))?;
    Ok(Laid { paper, missing })
}

pub(crate) fn forget_older_papers() {
    typst::comemo::evict(PAPERS_REMEMBERED);
}

fn archive_options(made_at: NaiveDateTime) -> Result<typst_pdf::PdfOptions, PaperFault> {
    let standards = PdfStandards::new(&[PdfStandard::A_2a]).map_err(|e| PaperFault::Layout(e.message().to_string()))?;
    let timestamp =
        engine_time(made_at).and_then(|t| Timestamp::new_local(t, MINUTES_AHEAD)).ok_or(PaperFault::Date(made_at))?;
    Ok(typst_pdf::PdfOptions {
        creator: Smart::Custom(Some("联户".into())),
        timestamp: Some(timestamp),
        standards,
        ..typst_pdf::PdfOptions::default()
    })
}

fn engine_time(at: NaiveDateTime) -> Option<Datetime> {
    let small = |n: u32| u8::try_from(n).ok();
    Datetime::from_ymd_hms(
        at.year(),
        small(at.month())?,
        small(at.day())?,
        small(at.hour())?,
        small(at.minute())?,
        small(at.second())?,
    )
}

fn layout_fault(errors: &[SourceDiagnostic]) -> PaperFault {
    let messages: Vec<&str> = errors.iter().map(|e| e.message.as_str()).collect();
    PaperFault::Layout(messages.join("；"))
}

/// What the template reads: the paper and the faces it may use.
#[derive(Serialize)]
struct Data {
    #[serde(flatten)]
    paper: Paper,
    fonts: Roles,
}

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::builder().build()));

static MAIN: LazyLock<Source> = LazyLock::new(|| Source::new(file_id("/document.typ"), TEMPLATE.to_string()));

static DATA: LazyLock<FileId> = LazyLock::new(|| file_id("/data.json"));

fn file_id(path: &'static str) -> FileId {
    let path = VirtualPath::new(path).expect("the two paths here are absolute and plain");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

/// All that the engine may see: one template, one file of data, our fonts. No folder, no
/// network, no clock.
struct Desk {
    data: Bytes,
    fonts: &'static FontStore,
}

impl Desk {
    /// An archive copy may not hold a letter without a shape, so 〓 stands in its place, as
    /// printers have always set it.
    fn new(data: &str, missing: &[char], choice: FontChoice) -> Self {
        let shown = |c| if missing.contains(&c) { '〓' } else { c };
        let data: String = data.chars().map(shown).collect();
        Self { data: Bytes::from_string(data), fonts: fonts::store(choice) }
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        MAIN.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == MAIN.id() { Ok(MAIN.clone()) } else { Err(not_found(id)) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == *DATA { Ok(self.data.clone()) } else { Err(not_found(id)) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn not_found(id: FileId) -> FileError {
    FileError::NotFound(id.get().vpath().get_without_slash().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn printed(document: &Document) -> Pdf {
        pdf(document, &PdfOptions::default()).expect("prints")
    }

    #[test]
    fn the_same_document_gives_the_same_bytes() {
        let document = sample::every_block();
        let first = printed(&document).bytes;
        printed(&sample::form());
        assert!(first == printed(&document).bytes);
    }

    #[test]
    fn a_paper_says_when_it_was_made_and_that_it_is_an_archive_copy() {
        let bytes = printed(&sample::every_block()).bytes;
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.contains("D:20261101093000+08'00"), "creation date");
        assert!(text.contains("pdfaid:part"), "PDF/A");
        assert!(text.contains("/MarkInfo") && text.contains("/Lang"), "tagged");
    }

    #[test]
    fn text_that_looks_like_markup_stays_text() {
        assert!(printed(&sample::hostile()).missing.is_empty());
    }

    #[test]
    fn a_character_without_a_shape_is_named_wherever_it_stands() {
        let mut document = sample::every_block();
        document.title.push("\u{e001}".into());
        let mut table = crate::table::Table::new("", vec![crate::table::Column::new("栏", 1)]);
        table.row(vec!["\u{e002}".into()]);
        table.note("\u{e003}");
        document.table(table);
        assert_eq!(printed(&document).missing, ['\u{e001}', '\u{e002}', '\u{e003}']);
    }

    #[test]
    fn every_style_and_direction_can_be_printed() {
        let mut document = sample::every_block();
        document.orientation = crate::document::Orientation::Landscape;
        document.watermark = Some("样例数据".into());
        assert!(printed(&document).pages >= 2);
        document.style = crate::document::Style::Sheet;
        assert!(printed(&document).pages >= 2);
    }

    #[test]
    fn the_fonts_of_the_computer_can_be_used_too() {
        let options = PdfOptions { fonts: FontChoice::Computer };
        let paper = pdf(&sample::every_block(), &options).expect("prints");
        assert!(paper.missing.is_empty());
    }

    #[test]
    fn a_paper_with_nothing_on_it_is_one_page() {
        let mut document = Document::official("", sample::made_at());
        document.table(crate::table::Table::new("空表", vec![]));
        assert_eq!(printed(&document).pages, 1);
    }
}
