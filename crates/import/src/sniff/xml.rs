//! XML 看守 — a look at every tag of a workbook part while it is inflated, so that the real reader only meets XML
//! that is shallow, short-tagged and without a document type. Works on chunks and keeps at most one tag in memory.

use crate::unreadable::{Code, Unreadable};

/// Office writes depths under 30; a hostile file writes 100,000 to overflow a stack.
const DEEPEST: u32 = 128;
/// The longest honest tag is a few hundred bytes; 10⁵ attributes need far more than this.
const LONGEST_TAG: usize = 64 * 1024;
/// Readers reserve memory for as many strings as the file claims to have.
const MOST_STRINGS: u64 = 2_000_000;

enum Inside {
    Text,
    Tag(Option<u8>),
    Comment,
    Cdata,
    Instruction,
}

/// One part's scan: feed it the bytes in order, then [`XmlGuard::finish`].
pub struct XmlGuard {
    inside: Inside,
    tag: Vec<u8>,
    depth: u32,
    /// Rows hidden or filtered away: they are read too, and the clerk is told.
    pub hidden_rows: u32,
}

impl XmlGuard {
    pub fn new() -> Self {
        XmlGuard { inside: Inside::Text, tag: Vec::new(), depth: 0, hidden_rows: 0 }
    }

    pub fn feed(&mut self, mut bytes: &[u8]) -> Result<(), Unreadable> {
        while let Some(first) = bytes.first() {
            if matches!(self.inside, Inside::Text) {
                let Some(open) = bytes.iter().position(|b| *b == b'<' || *b == 0) else {
                    return Ok(());
                };
                if bytes[open] == 0 {
                    return Err(tricks("encoding"));
                }
                self.inside = Inside::Tag(None);
                self.tag.clear();
                bytes = &bytes[open + 1..];
            } else {
                self.step(*first)?;
                bytes = &bytes[1..];
            }
        }
        Ok(())
    }

    fn step(&mut self, byte: u8) -> Result<(), Unreadable> {
        match self.inside {
            Inside::Tag(quote) => self.step_in_tag(byte, quote),
            Inside::Comment => self.step_until(byte, b"-->"),
            Inside::Cdata => self.step_until(byte, b"]]>"),
            Inside::Instruction => self.step_until(byte, b"?>"),
            Inside::Text => Ok(()),
        }
    }

    fn step_until(&mut self, byte: u8, end: &[u8]) -> Result<(), Unreadable> {
        if self.tag.len() >= end.len() {
            self.tag.remove(0);
        }
        self.tag.push(byte);
        if self.tag == end {
            self.inside = Inside::Text;
        }
        Ok(())
    }

    fn step_in_tag(&mut self, byte: u8, quote: Option<u8>) -> Result<(), Unreadable> {
        match (quote, byte) {
            (Some(open), _) if open == byte => self.inside = Inside::Tag(None),
            (Some(_), _) => {}
            (None, b'>') => return self.close_tag(),
            (None, b'"' | b'\'') => self.inside = Inside::Tag(Some(byte)),
            (None, _) => {}
        }
        self.tag.push(byte);
        if self.tag.len() > LONGEST_TAG {
            return Err(tricks("long_tag"));
        }
        self.turn_aside()
    }

    /// Comments, CDATA and instructions are no tags; a document type is never honest in a workbook.
    fn turn_aside(&mut self) -> Result<(), Unreadable> {
        let next = match self.tag.as_slice() {
            b"!--" => Inside::Comment,
            b"![CDATA[" => Inside::Cdata,
            b"?" => Inside::Instruction,
            tag if tag.starts_with(b"!") && !b"!--".starts_with(tag) && !b"![CDATA[".starts_with(tag) => {
                return Err(tricks("doctype"));
            }
            _ => return Ok(()),
        };
        self.inside = next;
        self.tag.clear();
        Ok(())
    }

    fn close_tag(&mut self) -> Result<(), Unreadable> {
        self.inside = Inside::Text;
        if self.tag.starts_with(b"/") {
            self.depth = self.depth.checked_sub(1).ok_or_else(|| Unreadable::broken("tag"))?;
            return Ok(());
        }
        self.note_tag()?;
        if !self.tag.ends_with(b"/") {
            self.depth += 1;
        }
        if self.depth > DEEPEST {
            return Err(tricks("deep"));
        }
        Ok(())
    }

    fn note_tag(&mut self) -> Result<(), Unreadable> {
        if named(&self.tag, b"row") && contains(&self.tag, b"hidden=\"1\"") {
            self.hidden_rows += 1;
        }
        let claims = named(&self.tag, b"sst").then(|| claimed(&self.tag)).flatten();
        match claims {
            Some(count) if count > MOST_STRINGS => Err(tricks("strings")),
            _ => Ok(()),
        }
    }

    /// A part that ends in the middle was cut off.
    pub fn finish(&self) -> Result<(), Unreadable> {
        match (&self.inside, self.depth) {
            (Inside::Text, 0) => Ok(()),
            _ => Err(Unreadable::broken("end")),
        }
    }
}

fn tricks(what: &str) -> Unreadable {
    Code::XmlTricks.with("what", what)
}

fn named(tag: &[u8], name: &[u8]) -> bool {
    let end = tag.iter().position(|b| b.is_ascii_whitespace() || *b == b'/').unwrap_or(tag.len());
    let full = &tag[..end];
    full == name || (full.ends_with(name) && full[..full.len() - name.len()].ends_with(b":"))
}

fn contains(tag: &[u8], part: &[u8]) -> bool {
    tag.windows(part.len()).any(|w| w == part)
}

fn claimed(tag: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(tag).ok()?;
    let rest = text.split_once("uniqueCount=")?.1;
    let digits: String = rest.chars().skip(1).take_while(char::is_ascii_digit).collect();
    Some(digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(xml: &str, refused: Option<Code>) {
        let mut guard = XmlGuard::new();
        let outcome = xml.as_bytes().chunks(7).try_for_each(|c| guard.feed(c)).and_then(|()| guard.finish());
        assert_eq!(outcome.err().map(|e| e.code), refused, "{}", &xml[..xml.len().min(80)]);
    }

    #[test]
    fn an_honest_part_passes() {
        check("<?xml version=\"1.0\"?><a b='>'><!-- <x> --><c/><![CDATA[<y>]]></a>", None);
    }

    #[test]
    fn a_document_type_is_refused() {
        check("<!DOCTYPE lolz [<!ENTITY lol \"lol\">]><a/>", Some(Code::XmlTricks));
    }

    #[test]
    fn a_bottomless_part_is_refused() {
        check(&"<a>".repeat(100_000), Some(Code::XmlTricks));
    }

    #[test]
    fn a_tag_with_a_hundred_thousand_attributes_is_refused() {
        let attributes: String = (0..100_000).map(|i| format!(" a{i}=\"\"")).collect();
        check(&format!("<a{attributes}/>"), Some(Code::XmlTricks));
    }

    #[test]
    fn a_claim_of_a_billion_strings_is_refused() {
        check("<sst count=\"1\" uniqueCount=\"4000000000\"></sst>", Some(Code::XmlTricks));
    }

    #[test]
    fn a_part_cut_off_in_the_middle_is_broken() {
        check("<a><b>", Some(Code::Broken));
        check("<a></a", Some(Code::Broken));
    }
}
