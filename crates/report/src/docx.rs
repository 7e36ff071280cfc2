//! Word 文档: our own template, filled once. The parts lie in `assets/paper/docx`.
//!
//! The styles have Chinese names (公文正文, 一级标题黑体 …) because the clerk goes on working
//! in Word or WPS and finds them there.

use std::io::{Cursor, Write};
use std::sync::LazyLock;

use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, Error};
use serde::Serialize;
use zip::write::SimpleFileOptions;

use crate::document::Document;
use crate::fault::PaperFault;
use crate::print::Paper;

const TWIPS_PER_MM: f64 = 1440.0 / 25.4;

macro_rules! part {
    ($name:literal) => {
        include_str!(concat!("../../../assets/paper/docx/", $name))
    };
}

/// In this order in the file: readers that sniff want the content types first.
const PARTS: [(&str, &str); 11] = [
    ("[Content_Types].xml", part!("content_types.xml")),
    ("_rels/.rels", part!("rels.xml")),
    ("word/document.xml", part!("document.xml")),
    ("word/_rels/document.xml.rels", part!("document_rels.xml")),
    ("word/styles.xml", part!("styles.xml")),
    ("word/settings.xml", part!("settings.xml")),
    ("word/fontTable.xml", part!("font_table.xml")),
    ("word/header.xml", part!("header.xml")),
    ("word/footer_odd.xml", part!("footer.xml")),
    ("docProps/core.xml", part!("core.xml")),
    ("docProps/app.xml", part!("app.xml")),
];
/// The same footer once more, for the pages on the left.
const EVEN_FOOTER: &str = "word/footer_even.xml";

static TEMPLATES: LazyLock<Result<Environment<'static>, Error>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    templates.set_auto_escape_callback(|_| AutoEscape::Html);
    templates.add_filter("twips", |mm: f64| (mm * TWIPS_PER_MM).round() as i64);
    for (name, text) in PARTS {
        templates.add_template(name, text)?;
    }
    templates.add_template(EVEN_FOOTER, part!("footer.xml"))?;
    Ok(templates)
});

#[derive(Serialize)]
struct View {
    #[serde(flatten)]
    paper: Paper,
    even: bool,
    made_at: String,
}

/// The document as a .docx file. The same document gives the same bytes.
pub fn docx(document: &Document) -> Result<Vec<u8>, PaperFault> {
    let templates = TEMPLATES.as_ref().map_err(|e| Error::new(e.kind(), e.to_string()))?;
    let mut view = View {
        paper: Paper::of(document),
        even: false,
        made_at: document.made_at.format("%Y-%m-%dT%H:%M:%S+08:00").to_string(),
    };
    let mut file = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, _) in PARTS {
        add(&mut file, name, &render(templates, name, &view)?)?;
    }
    view.even = true;
    add(&mut file, EVEN_FOOTER, &render(templates, EVEN_FOOTER, &view)?)?;
    Ok(file.finish()?.into_inner())
}

fn render(templates: &Environment, name: &str, view: &View) -> Result<String, PaperFault> {
    let text = templates.get_template(name)?.render(Value::from(Serde(view)))?;
    // The XML declaration must be the very first byte, whatever the macros left before it.
    Ok(text.trim().to_string())
}

fn add(file: &mut zip::ZipWriter<Cursor<Vec<u8>>>, name: &str, text: &str) -> Result<(), PaperFault> {
    let dated_1980 = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    file.start_file(name, dated_1980)?;
    file.write_all(text.as_bytes())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;
    use crate::sample;

    fn parts(document: &Document) -> Vec<(String, String)> {
        let bytes = docx(document).expect("writes");
        let mut file = zip::ZipArchive::new(Cursor::new(bytes)).expect("is a zip");
        (0..file.len())
            .map(|at| {
                let mut entry = file.by_index(at).expect("entry");
                let mut text = String::new();
                entry.read_to_string(&mut text).expect("utf-8");
                (entry.name().expect("utf-8").to_string(), text)
            })
            .collect()
    }

    fn body(document: &Document) -> String {
        let parts = parts(document);
        parts.into_iter().find(|(n, _)| n == "word/document.xml").expect("body").1
    }

    #[test]
    fn the_townships_receipt_stands_small_behind_the_check_code() {
        let mut document = sample::every_block();
        assert!(!body(&document).contains("镇里回执"));
        document.receipt = Some("镇里回执：第 12 号 · 校验 AB12-34CD".into());
        let body = body(&document);
        let at = body.find("镇里回执：第 12 号 · 校验 AB12-34CD").expect("is printed");
        assert!(body.find("校验码：").is_some_and(|code| code < at));
        assert!(body[..at].rfind("GwCheck").is_some_and(|style| at - style < 200), "in the small style");
    }

    fn parse(name: &str, text: &str) {
        let mut reader = quick_xml::Reader::from_str(text);
        reader.config_mut().check_end_names = true;
        let mut depth = 0i32;
        loop {
            match reader.read_event().unwrap_or_else(|e| panic!("{name}: {e}")) {
                quick_xml::events::Event::Start(_) => depth += 1,
                quick_xml::events::Event::End(_) => depth -= 1,
                quick_xml::events::Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!(depth, 0, "{name}");
    }

    #[test]
    fn every_part_is_well_formed_xml_that_starts_with_its_declaration() {
        for document in [sample::every_block(), sample::form(), sample::hostile()] {
            for (name, text) in parts(&document) {
                assert!(text.starts_with("<?xml"), "{name}");
                parse(&name, &text);
            }
        }
    }

    #[test]
    fn every_part_that_is_named_is_there() {
        let parts = parts(&sample::every_block());
        let listed = &parts[0].1;
        for (name, _) in parts.iter().filter(|(n, _)| !n.ends_with(".rels")).skip(1) {
            assert!(listed.contains(&format!("/{name}\"")), "{name}");
        }
        assert_eq!(listed.matches("PartName").count(), 9);
    }

    #[test]
    fn the_same_document_gives_the_same_bytes() {
        let document = sample::every_block();
        assert_eq!(docx(&document).expect("writes"), docx(&document).expect("writes"));
    }

    #[test]
    fn text_that_looks_like_markup_stays_text() {
        let body = body(&sample::hostile());
        assert!(body.contains(">{{ 7*7 }}<") && !body.contains(">49<"));
        assert!(body.contains("&lt;w:br") && !body.contains("<w:br/>"));
    }

    #[test]
    fn heading_rows_repeat_and_no_row_is_cut() {
        let body = body(&sample::every_block());
        assert!(body.contains("<w:tblHeader/>"));
        assert_eq!(body.matches("<w:tr>").count(), body.matches("<w:cantSplit/>").count());
    }

    #[test]
    fn the_page_is_that_of_an_official_paper() {
        let body = body(&sample::every_block());
        let margins = r#"w:top="2098" w:right="1474" w:bottom="1984" w:left="1587""#;
        assert!(body.contains(margins));
        assert!(body.contains(r#"<w:docGrid w:type="lines" w:linePitch="579"/>"#));
    }

    #[test]
    fn the_watermark_lies_in_the_header_or_nowhere() {
        let mut document = sample::every_block();
        let header = |d: &Document| parts(d).into_iter().find(|(n, _)| n == "word/header.xml");
        assert!(!header(&document).expect("header").1.contains("样例数据"));
        document.watermark = Some("样例数据".into());
        assert!(header(&document).expect("header").1.contains(r#"string="样例数据""#));
    }
}
