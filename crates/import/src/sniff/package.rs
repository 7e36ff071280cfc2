//! 压缩包检查 — the zip directory of an .xlsx read by hand and every part inflated once, counting real bytes, before a
//! workbook reader opens it. Headers may lie about sizes; what counts is what comes out.

use super::xml::XmlGuard;
use crate::unreadable::{Code, Unreadable};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::io::{Cursor, Read};

const MOST_ENTRIES: usize = 2_000;
const MOST_BYTES: u64 = 200 * 1024 * 1024;
const STEEPEST: u64 = 200;
/// Below this size a steep ratio is harmless: an empty styled sheet shrinks very well.
const SMALL: u64 = 4 * 1024 * 1024;

/// What the package holds besides cells, to be told to the clerk.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PackageFacts {
    pub macros: bool,
    pub external_links: bool,
    pub pictures: u32,
    pub comments: bool,
    pub hidden_rows: u32,
}

struct Entry {
    name: String,
    start: u64,
    packed: u64,
}

/// Looks the whole package through; `Ok` means a reader may open it within known bounds.
pub fn inspect(bytes: &[u8]) -> Result<PackageFacts, Unreadable> {
    let entries = directory(bytes)?;
    is_a_workbook(&entries)?;
    no_overlap(bytes, &entries)?;
    let mut facts = facts_from_names(&entries);
    facts.hidden_rows = inflate_all(bytes, &entries)?;
    Ok(facts)
}

fn directory(bytes: &[u8]) -> Result<Vec<Entry>, Unreadable> {
    let end = find_end(bytes).ok_or_else(|| Unreadable::broken("zip_end"))?;
    let count = u16_at(bytes, end + 10).unwrap_or(0) as usize;
    if count > MOST_ENTRIES {
        return Err(tricks("many").and("count", count));
    }
    let mut at = u32_at(bytes, end + 16).unwrap_or(0) as usize;
    let mut names = HashSet::new();
    let mut entries = Vec::with_capacity(count);
    for _ in 0..count {
        let (entry, next) = read_entry(bytes, at)?;
        if !names.insert(entry.name.to_lowercase()) {
            return Err(tricks("same_name"));
        }
        entries.push(entry);
        at = next;
    }
    Ok(entries)
}

/// The end record sits in the last 64 KiB; the last one that fits counts.
fn find_end(bytes: &[u8]) -> Option<usize> {
    let first = bytes.len().saturating_sub(22 + 65_535);
    (first..bytes.len().saturating_sub(21)).rev().find(|at| bytes[*at..].starts_with(b"PK\x05\x06"))
}

fn read_entry(bytes: &[u8], at: usize) -> Result<(Entry, usize), Unreadable> {
    let broken = || Unreadable::broken("zip_index");
    if bytes.get(at..at + 4) != Some(b"PK\x01\x02") {
        return Err(broken());
    }
    let made_by = u16_at(bytes, at + 4).ok_or_else(broken)?;
    let flags = u16_at(bytes, at + 8).ok_or_else(broken)?;
    let method = u16_at(bytes, at + 10).ok_or_else(broken)?;
    let [name_len, extra_len, comment_len] = [28, 30, 32].map(|o| u16_at(bytes, at + o).unwrap_or(0) as usize);
    let mode = u32_at(bytes, at + 38).ok_or_else(broken)? >> 16;
    let raw = bytes.get(at + 46..at + 46 + name_len).ok_or_else(broken)?;
    let extra = bytes.get(at + 46 + name_len..at + 46 + name_len + extra_len).ok_or_else(broken)?;
    let name = String::from_utf8_lossy(raw).into_owned();
    if flags & 1 != 0 {
        return Err(Code::Password.alone());
    }
    if made_by >> 8 == 3 && mode & 0o170000 == 0o120000 {
        return Err(tricks("pointing"));
    }
    if method != 0 && method != 8 {
        return Err(tricks("method"));
    }
    safe_name(&name)?;
    let (packed, start) = sizes(bytes, at, extra).ok_or_else(broken)?;
    Ok((Entry { name, start, packed }, at + 46 + name_len + extra_len + comment_len))
}

/// Packed size and local header offset, from the zip64 extra field where the short fields are full.
fn sizes(bytes: &[u8], at: usize, extra: &[u8]) -> Option<(u64, u64)> {
    let short = [20, 24, 42].map(|o| u32_at(bytes, at + o).unwrap_or(u32::MAX));
    let mut long = zip64_values(extra).into_iter();
    let mut wide = |v: u32| {
        if v == u32::MAX { long.next() } else { Some(u64::from(v)) }
    };
    // The extra field lists: unpacked, packed, offset — only those that did not fit.
    let _unpacked = wide(short[1])?;
    Some((wide(short[0])?, wide(short[2])?))
}

fn zip64_values(mut extra: &[u8]) -> Vec<u64> {
    while let (Some(id), Some(len)) = (u16_at(extra, 0), u16_at(extra, 2)) {
        let body = extra.get(4..4 + len as usize).unwrap_or(&[]);
        if id == 1 {
            return body.chunks_exact(8).map(|c| u64::from_le_bytes(c.try_into().unwrap_or_default())).collect();
        }
        extra = extra.get(4 + len as usize..).unwrap_or(&[]);
    }
    Vec::new()
}

fn safe_name(name: &str) -> Result<(), Unreadable> {
    let climbs = name.split(['/', '\\']).any(|part| part == "..");
    let absolute = name.starts_with(['/', '\\']) || name.contains(':') || name.contains('\0');
    if climbs || absolute {
        return Err(tricks("outside"));
    }
    Ok(())
}

fn is_a_workbook(entries: &[Entry]) -> Result<(), Unreadable> {
    let has = |name: &str| entries.iter().any(|e| e.name.eq_ignore_ascii_case(name));
    if has("xl/workbook.bin") {
        return Err(Code::Xlsb.alone());
    }
    if has("[Content_Types].xml") && entries.iter().any(|e| e.name.to_lowercase().contains("workbook")) {
        return Ok(());
    }
    Err(Code::Archive.alone())
}

/// Entries that share bytes are how a small zip expands without end.
fn no_overlap(bytes: &[u8], entries: &[Entry]) -> Result<(), Unreadable> {
    let mut spans: Vec<(u64, u64)> = Vec::with_capacity(entries.len());
    for entry in entries {
        let at = usize::try_from(entry.start).unwrap_or(usize::MAX);
        let local = bytes.get(at..).filter(|b| b.starts_with(b"PK\x03\x04"));
        let local = local.ok_or_else(|| Unreadable::broken(&entry.name))?;
        let lengths = [26, 28].map(|o| u64::from(u16_at(local, o).unwrap_or(0)));
        let end = entry.start + 30 + lengths[0] + lengths[1];
        let end = end.checked_add(entry.packed).filter(|e| *e <= bytes.len() as u64);
        spans.push((entry.start, end.ok_or_else(|| Unreadable::broken(&entry.name))?));
    }
    spans.sort_unstable();
    match spans.windows(2).any(|w| w[0].1 > w[1].0) {
        true => Err(bomb("overlap")),
        false => Ok(()),
    }
}

fn facts_from_names(entries: &[Entry]) -> PackageFacts {
    let lower: Vec<String> = entries.iter().map(|e| e.name.to_lowercase()).collect();
    let any = |part: &str| lower.iter().any(|n| n.contains(part));
    PackageFacts {
        macros: any("vbaproject.bin"),
        external_links: any("externallinks/"),
        pictures: lower.iter().filter(|n| n.contains("/media/")).count() as u32,
        comments: any("/comments"),
        hidden_rows: 0,
    }
}

/// Inflates every part once, dropping the bytes, and looks at every tag on the way.
fn inflate_all(bytes: &[u8], entries: &[Entry]) -> Result<u32, Unreadable> {
    let broken = |_| Unreadable::broken("zip");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if archive.len() != entries.len() {
        return Err(tricks("two_indexes"));
    }
    let mut total = 0;
    let mut hidden_rows = 0;
    for entry in entries {
        let mut part = archive.by_name(&entry.name).map_err(|_| Unreadable::broken(&entry.name))?;
        let most = (entry.packed * STEEPEST).max(SMALL).min(MOST_BYTES - total);
        let (size, hidden) = inflate(&mut part, most, &entry.name)?;
        total += size;
        hidden_rows += hidden;
    }
    Ok(hidden_rows)
}

fn inflate(part: &mut impl Read, most: u64, name: &str) -> Result<(u64, u32), Unreadable> {
    let mut guard: Option<XmlGuard> = None;
    let mut chunk = [0; 16 * 1024];
    let mut size = 0;
    loop {
        let got = part.read(&mut chunk).map_err(|_| Unreadable::broken(name))?;
        if got == 0 {
            break;
        }
        if size == 0 && is_markup(&chunk[..got]) {
            guard = Some(XmlGuard::new());
        }
        size += got as u64;
        if size > most {
            return Err(bomb("swells"));
        }
        if let Some(guard) = &mut guard {
            guard.feed(&chunk[..got])?;
        }
    }
    match guard {
        Some(guard) => guard.finish().map(|()| (size, guard.hidden_rows)),
        None => Ok((size, 0)),
    }
}

/// By content, not by name: relations may point a reader at any part. UTF-16 markup is caught by its NULs.
fn is_markup(head: &[u8]) -> bool {
    let wide = head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF");
    let body = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    wide || body.iter().find(|b| !b.is_ascii_whitespace()).is_some_and(|b| *b == b'<')
}

fn tricks(what: &str) -> Unreadable {
    Code::ZipTricks.with("what", what)
}

fn bomb(what: &str) -> Unreadable {
    Code::ZipBomb.with("what", what)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests;
