//! 老格式检查 — .xls and older .et: an OLE file with a stream of BIFF records. The reader we use lays a sheet out dense,
//! so the bounds are read here first: a lone cell in the last corner must not cost half a gigabyte.

use crate::unreadable::{Code, Unreadable};
use serde::{Deserialize, Serialize};

pub const MAGIC: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
/// Rows × columns of one sheet as the reader would lay it out.
const MOST_CELLS: u64 = 4_000_000;
const LAST_SECTOR: u32 = 0xFFFF_FFFA;

/// What the workbook stream holds besides values.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct OleFacts {
    pub formulas: u32,
    pub external_links: bool,
    pub macros: bool,
}

/// Looks through the records of the workbook stream.
pub fn inspect(bytes: &[u8]) -> Result<OleFacts, Unreadable> {
    let ole = Ole::open(bytes).ok_or_else(|| Unreadable::broken("head"))?;
    let entries = ole.entries().ok_or_else(|| Unreadable::broken("index"))?;
    let find = |name: &str| entries.iter().find(|e| e.name.eq_ignore_ascii_case(name));
    if find("EncryptedPackage").is_some() {
        return Err(locked());
    }
    let book = find("Workbook").or_else(|| find("Book"));
    let book = book.ok_or_else(|| Code::NotABook.alone())?;
    let mut facts = OleFacts { macros: find("_VBA_PROJECT_CUR").is_some(), ..OleFacts::default() };
    // A stream this short lives in the mini stream and cannot hold enough records to matter.
    if book.size >= ole.mini_cutoff {
        let stream = ole.stream(book.start, book.size).ok_or_else(|| Unreadable::broken("workbook"))?;
        walk(&stream, &mut facts)?;
    }
    Ok(facts)
}

fn locked() -> Unreadable {
    Code::Password.alone()
}

struct Ole<'a> {
    bytes: &'a [u8],
    shift: u16,
    fat: Vec<u32>,
    directory: u32,
    mini_cutoff: u64,
}

struct OleEntry {
    name: String,
    start: u32,
    size: u64,
}

impl<'a> Ole<'a> {
    fn open(bytes: &'a [u8]) -> Option<Self> {
        let shift = u16_at(bytes, 30).filter(|s| *s == 9 || *s == 12)?;
        let mut ole = Ole {
            bytes,
            shift,
            fat: Vec::new(),
            directory: u32_at(bytes, 48)?,
            mini_cutoff: u64::from(u32_at(bytes, 56)?),
        };
        for sector in ole.fat_sectors()? {
            let body = ole.sector(sector)?;
            ole.fat.extend(body.chunks_exact(4).map(|c| u32::from_le_bytes([c[0], c[1], c[2], c[3]])));
        }
        Some(ole)
    }

    fn sector(&self, number: u32) -> Option<&'a [u8]> {
        let size = 1usize << self.shift;
        let from = (number as usize).checked_add(1)?.checked_mul(size)?;
        self.bytes.get(from..(from + size).min(self.bytes.len())).filter(|s| !s.is_empty())
    }

    /// The first 109 are in the header; more are chained, at most as many as the file has room for.
    fn fat_sectors(&self) -> Option<Vec<u32>> {
        let mut sectors: Vec<u32> = (0..109).filter_map(|i| u32_at(self.bytes, 76 + 4 * i)).collect();
        let mut next = u32_at(self.bytes, 68)?;
        let mut left = self.bytes.len() >> self.shift;
        while next < LAST_SECTOR && left > 0 {
            let body = self.sector(next)?;
            let (list, link) = body.split_at_checked(body.len().checked_sub(4)?)?;
            sectors.extend(list.chunks_exact(4).map(|c| u32::from_le_bytes([c[0], c[1], c[2], c[3]])));
            next = u32_at(link, 0)?;
            left -= 1;
        }
        sectors.retain(|s| *s < LAST_SECTOR);
        Some(sectors)
    }

    fn stream(&self, start: u32, size: u64) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        let mut next = start;
        let mut left = self.bytes.len() >> self.shift;
        while next < LAST_SECTOR && (out.len() as u64) < size {
            // A chain longer than the file is a ring.
            left = left.checked_sub(1)?;
            out.extend_from_slice(self.sector(next)?);
            next = *self.fat.get(next as usize)?;
        }
        out.truncate(usize::try_from(size).unwrap_or(usize::MAX));
        Some(out)
    }

    fn entries(&self) -> Option<Vec<OleEntry>> {
        let directory = self.stream(self.directory, u64::MAX)?;
        Some(directory.chunks_exact(128).filter_map(entry).collect())
    }
}

fn entry(raw: &[u8]) -> Option<OleEntry> {
    let length = usize::from(u16_at(raw, 64)?).checked_sub(2).filter(|l| *l <= 62)?;
    let units: Vec<u16> = raw[..length].chunks_exact(2).map(|c| u16::from_le_bytes([c[0], c[1]])).collect();
    let name = String::from_utf16_lossy(&units);
    Some(OleEntry { name, start: u32_at(raw, 116)?, size: u64::from(u32_at(raw, 120)?) })
}

#[derive(Default)]
struct Bounds {
    rows: Option<(u16, u16)>,
    columns: Option<(u16, u16)>,
}

impl Bounds {
    fn add(&mut self, row: u16, first: u16, last: u16) {
        self.rows = Some(self.rows.map_or((row, row), |(a, b)| (a.min(row), b.max(row))));
        self.columns = Some(self.columns.map_or((first, last), |(a, b)| (a.min(first), b.max(last))));
    }

    fn check(&self) -> Result<(), Unreadable> {
        let span = |s: Option<(u16, u16)>| s.map_or(0, |(a, b)| u64::from(b - a) + 1);
        if self.columns.is_some_and(|(_, last)| u32::from(last) >= crate::grid::MOST_COLUMNS) {
            return Err(crate::grid::too_wide());
        }
        match span(self.rows) * span(self.columns) > MOST_CELLS {
            true => Err(crate::grid::too_long()),
            false => Ok(()),
        }
    }
}

fn walk(stream: &[u8], facts: &mut OleFacts) -> Result<(), Unreadable> {
    let mut bounds = Bounds::default();
    let mut at = 0;
    while let (Some(id), Some(length)) = (u16_at(stream, at), u16_at(stream, at + 2)) {
        let body = stream.get(at + 4..at + 4 + usize::from(length)).unwrap_or(&[]);
        match id {
            0x0809 => {
                bounds.check()?;
                bounds = Bounds::default();
            }
            0x002F => return Err(locked()),
            0x01AE => facts.external_links |= u16_at(body, 2) != Some(0x0401),
            0x0006 => facts.formulas += 1,
            _ => {}
        }
        if let Some((row, first, last)) = cell_span(id, body) {
            bounds.add(row, first, last.max(first));
        }
        at += 4 + usize::from(length);
    }
    bounds.check()
}

/// Records that carry a value: number, packed number(s), text, rich text, error, formula.
fn cell_span(id: u16, body: &[u8]) -> Option<(u16, u16, u16)> {
    let (row, first) = (u16_at(body, 0)?, u16_at(body, 2)?);
    match id {
        0x0006 | 0x00D6 | 0x00FD | 0x0203 | 0x0204 | 0x0205 | 0x027E => Some((row, first, first)),
        0x00BD => Some((row, first, u16_at(body, body.len() - 2)?)),
        _ => None,
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests;
