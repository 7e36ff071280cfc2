//! 预览 — a paper's pages on the screen before it is printed. The pages of the last few papers are kept, under a name
//! made of what stands on them: the same paper is laid out once.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use lianhu_ledger::{Code, Refusal};
use lianhu_report::document::Document;
use lianhu_report::{FontChoice, Page, PaperFault};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::{Desk, held};
use crate::problem::Result;

/// A page is some hundred kilobytes; the report in both editions and a meeting's minutes fit.
const PAPERS_KEPT: usize = 4;

#[derive(Default)]
pub(crate) struct Previews(Mutex<VecDeque<Arc<Kept>>>);

struct Kept {
    key: String,
    pages: Vec<Page>,
    missing: String,
}

/// A paper whose pages can be fetched with `page_image`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Preview {
    pub key: String,
    pub pages: usize,
    /// Characters that no font here has; each is printed as 〓.
    pub missing: String,
}

impl Desk {
    /// Lays the paper out for the screen. Takes a moment for a long one; call it without holding the ledger.
    pub fn preview(&self, document: &Document) -> Result<Preview> {
        let key = key_of(document);
        if let Some(kept) = self.previews().find(&key) {
            return Ok(kept.told());
        }
        let drawn = lianhu_report::pages(document, FontChoice::Bundled).map_err(paper_fault)?;
        let kept = Kept { key, pages: drawn.pages, missing: drawn.missing.into_iter().collect() };
        let told = kept.told();
        self.previews().keep(kept);
        Ok(told)
    }
}

/// When it was made is no part of what stands on a paper.
fn key_of(document: &Document) -> String {
    let undated = Document { made_at: chrono::NaiveDateTime::default(), ..document.clone() };
    let text = serde_json::to_vec(&undated).expect("a document is plain data");
    blake3::hash(&text).to_hex()[..32].to_owned()
}

/// A paper that cannot be laid out is our fault, whatever was typed.
pub(crate) fn paper_fault(fault: PaperFault) -> lianhu_ledger::Fault {
    lianhu_ledger::Fault::Asset { name: "paper", what: fault.to_string() }
}

impl Kept {
    fn told(&self) -> Preview {
        Preview { key: self.key.clone(), pages: self.pages.len(), missing: self.missing.clone() }
    }
}

impl Previews {
    fn find(&self, key: &str) -> Option<Arc<Kept>> {
        held(&self.0).iter().find(|kept| kept.key == key).cloned()
    }

    fn keep(&self, kept: Kept) {
        let mut papers = held(&self.0);
        papers.push_front(Arc::new(kept));
        papers.truncate(PAPERS_KEPT);
    }
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WhichPage {
    pub key: String,
    /// The first page is 1.
    pub n: usize,
}

/// One page as a picture: outlines, nothing that runs, nothing to fetch.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct PageImage {
    pub svg: String,
    /// In points, for its proportions.
    pub width: f64,
    pub height: f64,
}

/// A paper that has been pushed out by newer ones is to be asked for again.
pub fn page(desk: &Desk, ask: WhichPage) -> Result<PageImage> {
    let kept = desk.previews().find(&ask.key);
    let page = kept.as_ref().and_then(|kept| kept.pages.get(ask.n.checked_sub(1)?));
    let page = page.ok_or_else(|| Refusal::new(Code::NoSuchFile).with("path", &ask.key))?;
    Ok(PageImage { svg: page.svg.clone(), width: page.width, height: page.height })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::empty;

    fn paper(title: &str) -> Document {
        Document::official(title, chrono::NaiveDateTime::default())
    }

    #[test]
    fn the_same_paper_made_an_hour_later_is_the_same_preview() {
        let (desk, _dir) = empty();
        let early = desk.preview(&paper("工作月报")).unwrap();
        let late = Document { made_at: early_plus_an_hour(), ..paper("工作月报") };
        assert_eq!(desk.preview(&late).unwrap(), early);
        assert_ne!(desk.preview(&paper("会议记录")).unwrap().key, early.key);
        assert_eq!(early.pages, 1);
    }

    fn early_plus_an_hour() -> chrono::NaiveDateTime {
        chrono::NaiveDateTime::default() + chrono::Duration::hours(1)
    }

    #[test]
    fn pages_are_counted_from_one_and_old_papers_are_let_go() {
        let (desk, _dir) = empty();
        let first = desk.preview(&paper("一")).unwrap();
        let ask = |n| WhichPage { key: first.key.clone(), n };
        assert!(page(&desk, ask(1)).unwrap().svg.starts_with("<svg"));
        assert!(page(&desk, ask(0)).is_err() && page(&desk, ask(2)).is_err());
        for other in ["二", "三", "四", "五"] {
            desk.preview(&paper(other)).unwrap();
        }
        assert_eq!(page(&desk, ask(1)).unwrap_err().code(), Some(Code::NoSuchFile));
    }

    #[test]
    fn a_letter_without_a_shape_is_told_before_anything_is_printed() {
        let (desk, _dir) = empty();
        assert_eq!(desk.preview(&paper("张\u{e001}")).unwrap().missing, "\u{e001}");
    }
}
