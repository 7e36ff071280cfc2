//! 版面 — the document as it will be read: every text final, every table measured.
//!
//! Both the Word and the PDF template print this and add nothing of their own, which is what
//! keeps their words the same.

use serde::Serialize;

use crate::document::{Block, Document, Level, Orientation, Signature, Style, date_text};
use crate::grid::{Grid, chart_grid, table_grid};
use crate::tidy::tidy;

/// 版心 of GB/T 9704 in mm, and what a sheet leaves of A4 inside margins of 15 mm.
const OFFICIAL_MM: (f64, f64) = (156.0, 225.0);
const SHEET_MM: (f64, f64) = (180.0, 267.0);

/// Characters of body text on one line of an official paper.
const LINE_CHARS: f64 = 28.0;
/// Room to write a name by hand after 填报人：.
const SIGNATURE_CHARS: f64 = 5.0;

const DATE_FROM_EDGE: f64 = 4.0;
const ORGAN_FROM_EDGE: f64 = 2.0;

#[derive(Debug, Serialize)]
pub(crate) struct Paper {
    pub official: bool,
    pub landscape: bool,
    pub title: Vec<String>,
    pub head: Vec<Vec<Place>>,
    pub pieces: Vec<Piece>,
    pub watermark: Option<String>,
    pub author: String,
    pub width_mm: f64,
}

/// Something that stands on a shared line. `share` is its part of the line's width, `stop` where
/// Word's tab stop for it stands.
#[derive(Debug, Serialize)]
pub(crate) struct Place {
    pub text: String,
    pub stop: f64,
    pub share: f64,
    pub align: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Piece {
    Heading {
        level: u8,
        text: String,
    },
    Para {
        text: String,
    },
    Note {
        text: String,
    },
    Table(Grid),
    SignatureRow {
        places: Vec<Place>,
    },
    /// A line left empty before the signatures.
    Gap,
    /// `right`: so many characters from the right edge.
    Organ {
        text: String,
        right: f64,
    },
    Date {
        text: String,
        right: f64,
    },
    Check {
        text: String,
    },
    Break,
}

impl Paper {
    pub fn of(document: &Document) -> Self {
        let width_mm = text_width(document);
        let mut pieces: Vec<Piece> =
            document.blocks.iter().flat_map(|block| block_pieces(block, document, width_mm)).collect();
        if let Some(signature) = &document.signature {
            pieces.extend(signature_pieces(signature));
        }
        // On one line: a second one would now and then stand alone on a page of its own.
        let code = document.check_code.as_ref().map(|code| format!("校验码：{}", tidy(code)));
        let foot: Vec<_> = code.into_iter().chain(document.receipt.as_deref().map(tidy)).collect();
        if !foot.is_empty() {
            pieces.push(Piece::Check { text: foot.join("　") });
        }
        Self {
            official: document.style == Style::Official,
            landscape: document.orientation == Orientation::Landscape,
            title: document.title.iter().map(|t| one_line(t)).filter(|t| !t.is_empty()).collect(),
            head: document.head.iter().map(|parts| head_places(parts)).collect(),
            pieces,
            watermark: document.watermark.as_deref().map(one_line),
            author: one_line(&document.author),
            width_mm,
        }
    }
}

fn text_width(document: &Document) -> f64 {
    let (across, along) = match document.style {
        Style::Official => OFFICIAL_MM,
        Style::Sheet => SHEET_MM,
    };
    match document.orientation {
        Orientation::Portrait => across,
        Orientation::Landscape => along,
    }
}

fn block_pieces(block: &Block, document: &Document, width_mm: f64) -> Vec<Piece> {
    let official = document.style == Style::Official;
    match block {
        Block::Heading { level, text } => {
            vec![Piece::Heading { level: depth(*level), text: one_line(text) }]
        }
        Block::Para(text) => lines(text).map(|text| Piece::Para { text }).collect(),
        Block::List(items) => items
            .iter()
            .enumerate()
            .map(|(at, item)| Piece::Para { text: format!("{}. {}", at + 1, one_line(item)) })
            .collect(),
        // Without columns there is nothing to rule, and Word calls such a file broken.
        Block::Table(table) if table.columns.is_empty() => Vec::new(),
        Block::Table(table) => vec![Piece::Table(table_grid(table, width_mm, official))],
        Block::Chart(chart) => vec![Piece::Table(chart_grid(chart, width_mm, official))],
        Block::Note(text) => lines(text).map(|text| Piece::Note { text }).collect(),
        Block::SignatureRow(places) => signature_rows(places),
        Block::PageBreak => vec![Piece::Break],
    }
}

fn depth(level: Level) -> u8 {
    match level {
        Level::One => 1,
        Level::Two => 2,
        Level::Three => 3,
        Level::Four => 4,
    }
}

fn lines(text: &str) -> impl Iterator<Item = String> {
    let lines: Vec<String> = tidy(text).split('\n').filter(|l| !l.is_empty()).map(String::from).collect();
    lines.into_iter()
}

pub(crate) fn one_line(text: &str) -> String {
    tidy(text).replace('\n', " ")
}

fn signature_pieces(signature: &Signature) -> Vec<Piece> {
    let mut pieces = vec![Piece::Gap];
    pieces.extend(signature_rows(&signature.places));
    let date = signature.date.map_or_else(|| "年\u{3000}\u{3000}月\u{3000}\u{3000}日".into(), date_text);
    let organ = signature.organ.as_deref().map(one_line).unwrap_or_default();
    let (under_organ, under_date) = closing(ems(&organ), ems(&date));
    if !organ.is_empty() {
        pieces.push(Piece::Organ { text: organ, right: under_organ });
    }
    pieces.push(Piece::Date { text: date, right: under_date });
    pieces
}

/// 成文日期右空四字, the body's name centred above it; a long name keeps two characters from the
/// edge and moves the date to the left.
fn closing(organ: f64, date: f64) -> (f64, f64) {
    let centre = (DATE_FROM_EDGE + date / 2.0).max(ORGAN_FROM_EDGE + organ / 2.0);
    (centre - organ / 2.0, centre - date / 2.0)
}

/// As many places on a line as leave room for a pen.
fn signature_rows(places: &[String]) -> Vec<Piece> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut room = 0.0;
    for place in places.iter().map(|p| one_line(p)) {
        let need = ems(&place) + SIGNATURE_CHARS;
        if need > room || rows.is_empty() {
            rows.push(Vec::new());
            room = LINE_CHARS;
        }
        room -= need;
        if let Some(row) = rows.last_mut() {
            row.push(place);
        }
    }
    let row = |texts: Vec<String>| Piece::SignatureRow { places: spread(texts, SIGNATURE_CHARS) };
    rows.into_iter().map(row).collect()
}

/// First part at the left edge, last one at the right.
fn head_places(parts: &[String]) -> Vec<Place> {
    let mut places = spread(parts.iter().map(|p| one_line(p)).collect(), 2.0);
    let last = places.len().saturating_sub(1);
    for (at, place) in places.iter_mut().enumerate() {
        (place.align, place.stop) = match at {
            0 => ("left", 0.0),
            at if at == last => ("right", 1.0),
            _ => ("center", place.stop + place.share / 2.0),
        };
    }
    places
}

/// Widths by the length of the words, so that none of them wraps before it must.
fn spread(texts: Vec<String>, room: f64) -> Vec<Place> {
    let total: f64 = texts.iter().map(|t| ems(t) + room).sum();
    let mut from = 0.0;
    let place = |text: String| {
        let share = (ems(&text) + room) / total;
        let start = from;
        from += share;
        Place { text, stop: start, share, align: "left" }
    };
    texts.into_iter().map(place).collect()
}

/// Width in Chinese characters.
pub(crate) fn ems(text: &str) -> f64 {
    text.chars().map(char_ems).sum()
}

pub(crate) fn char_ems(c: char) -> f64 {
    match c {
        'A'..='Z' | '%' | '@' | 'm' | 'w' => 0.8,
        c if c.is_ascii() => 0.52,
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_name_is_centred_over_the_date_and_a_long_one_moves_it() {
        assert_eq!(closing(6.0, 8.0), (5.0, 4.0));
        assert_eq!(closing(20.0, 8.0), (2.0, 8.0));
    }

    #[test]
    fn four_signatures_leave_room_for_a_pen_on_two_lines() {
        let places = ["填报人：", "审核人：", "党组织书记（签字）：", "（盖章）"].map(String::from);
        assert_eq!(signature_rows(&places).len(), 2);
    }

    #[test]
    fn the_parts_of_a_head_line_reach_from_edge_to_edge() {
        let places = head_places(&["报送：某".into(), "期号：1".into(), "状态：草稿".into()]);
        let stops: Vec<&str> = places.iter().map(|p| p.align).collect();
        assert_eq!(stops, ["left", "center", "right"]);
        assert_eq!(places[2].stop, 1.0);
        let whole: f64 = places.iter().map(|p| p.share).sum();
        assert!((whole - 1.0).abs() < 1e-9);
    }
}
