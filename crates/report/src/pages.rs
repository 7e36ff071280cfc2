//! 预览 — the pages of a paper as pictures, cut where the PDF cuts them because both are the same layout.

use crate::document::Document;
use crate::fault::PaperFault;
use crate::fonts::FontChoice;
use crate::pdf::{Laid, forget_older_papers, lay_out};

#[derive(Debug, Clone)]
pub struct Pages {
    pub pages: Vec<Page>,
    /// Characters that no font here has, as the PDF tells them.
    pub missing: Vec<char>,
}

/// One page: letters are outlines, so it needs no font and stays sharp at any size.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    pub svg: String,
    /// Its size in points.
    pub width: f64,
    pub height: f64,
}

/// The document's pages as they will be printed.
pub fn pages(document: &Document, fonts: FontChoice) -> Result<Pages, PaperFault> {
    let Laid { paper, missing } = lay_out(document, fonts)?;
    let options = typst_svg::SvgOptions::default();
    let drawn = paper.pages().iter().map(|page| Page {
        svg: typst_svg::svg(page, &options),
        width: page.frame.size().x.to_pt(),
        height: page.frame.size().y.to_pt(),
    });
    let pages = drawn.collect();
    forget_older_papers();
    Ok(Pages { pages, missing })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{PdfOptions, pdf, sample};

    #[test]
    fn there_are_as_many_pages_as_the_pdf_has() {
        for document in [sample::every_block(), sample::form()] {
            let printed = pdf(&document, &PdfOptions::default()).expect("prints");
            let shown = pages(&document, FontChoice::Bundled).expect("is shown");
            assert_eq!(shown.pages.len(), printed.pages);
            assert_eq!(shown.missing, printed.missing);
        }
    }

    #[test]
    fn a_page_is_a_picture_of_its_own_and_carries_nothing_that_runs() {
        let shown = pages(&sample::hostile(), FontChoice::Bundled).expect("is shown");
        for page in &shown.pages {
            assert!(page.svg.starts_with("<svg") && page.width < page.height, "{}", &page.svg[..80]);
            for wrong in ["<script", "href=\"http", "<text", "@font-face"] {
                assert!(!page.svg.contains(wrong), "{wrong}");
            }
        }
    }

    #[test]
    fn the_time_of_making_does_not_change_a_page() {
        let (mut early, mut late) = (sample::every_block(), sample::every_block());
        early.made_at = sample::made_at();
        late.made_at = sample::made_at() + chrono::Duration::days(1);
        let shown = |document| pages(document, FontChoice::Bundled).expect("is shown").pages;
        assert!(shown(&early) == shown(&late));
    }
}
