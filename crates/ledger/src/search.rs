//! 拼音查找 — finding a person or a household by what a clerk types: 张建国, zjg, zhangjg, 张jg, 3组张, 5983.
//!
//! An index of our own over the readings of the `pinyin` crate: names are kept as small numbers, one
//! per character *and its role* (单 at the head of a name is shan, inside it dan or shan), a query
//! becomes a table of which syllable carries it from which letter to which, and one pass over the
//! names collects the best. Entries are laid down in the order in which equals shall appear (heads of
//! household, then weight, then name), so nothing is sorted while somebody types.
//!
//! Measured unoptimised (opt-level 1) on two shared cores, the best twenty of each query: 3,500
//! people 0.02–0.09 ms; 1,000,000 people 3–20 ms, 49 MB with 16-byte handles, built in under 3 s.

use std::collections::HashMap;

mod build;
mod find;
#[cfg(test)]
mod measure;
mod query;
mod spelling;
#[cfg(test)]
mod stories;
mod syllable;

pub use spelling::{initials, readings};

/// What the index knows of one person or household.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a, H> {
    pub handle: H,
    pub name: &'a str,
    /// 村民小组, 0 where none is known.
    pub group: u16,
    /// The phone number or only its tail; may be empty.
    pub phone: &'a str,
    /// The resident ID or only its tail; may be empty.
    pub id: &'a str,
    /// 户主
    pub head: bool,
    /// Recently opened, paired with this user …: the heavier goes first.
    pub weight: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit<H> {
    pub handle: H,
    pub reason: Reason,
}

/// Why an entry was found, the best reason first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Reason {
    /// 张建国 for 张建国.
    Exact,
    /// 张建 for 张建国.
    HanPrefix,
    /// zhangjianguo for 张建国.
    Pinyin,
    /// zhangji for 张建国.
    PinyinPrefix,
    /// zhangjg or 张jg for 张建国.
    SurnameInitials,
    /// zjg for 张建国.
    Initials,
    /// 建国 or jianguo for 张建国.
    Within,
    /// jg for 张建国.
    InitialsWithin,
    /// danjianguo for 单建国, whose name begins with shan.
    OtherReading,
    /// 5983 for the end of a phone number or an ID.
    Number,
    /// 3组 for everybody in it.
    Group,
}

/// How strictly a query is spelled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Spelling {
    #[default]
    Standard,
    /// n for l, z for zh, in for ing and so on: as people type who speak so.
    Dialect,
}

/// Names in memory, ready to be searched. Built anew when people change: a village takes milliseconds.
pub struct Index<H> {
    handles: Vec<H>,
    groups: Vec<u16>,
    phones: Vec<query::Tail>,
    ids: Vec<query::Tail>,
    /// Where each name begins in `names`; one more than there are entries.
    starts: Vec<u32>,
    names: Vec<TokenId>,
    tokens: Vec<Token>,
    of_char: HashMap<char, Vec<TokenId>>,
    syllables: Vec<String>,
}

type TokenId = u32;
type SyllableId = u16;

/// A character in its role.
struct Token {
    /// The readings it has in this role; the first decides the order of names.
    sure: Box<[SyllableId]>,
    /// These and every other reading of the character.
    all: Box<[SyllableId]>,
}

impl<H: Copy> Index<H> {
    pub fn len(&self) -> usize {
        self.handles.len()
    }

    pub fn is_empty(&self) -> bool {
        self.handles.is_empty()
    }

    /// The best `limit` entries for what was typed; nothing for a query that says nothing.
    pub fn find(&self, query: &str, limit: usize) -> Vec<Hit<H>> {
        self.find_spelled(query, limit, Spelling::Standard)
    }

    /// How many bytes the index holds.
    pub fn bytes(&self) -> usize {
        let token = |t: &Token| size_of::<Token>() + 2 * (t.sure.len() + t.all.len());
        self.handles.capacity() * size_of::<H>()
            + self.groups.capacity() * size_of::<u16>()
            + (self.phones.capacity() + self.ids.capacity()) * size_of::<query::Tail>()
            + (self.starts.capacity() + self.names.capacity()) * size_of::<u32>()
            + self.tokens.iter().map(token).sum::<usize>()
            + self.of_char.len() * 64
    }

    fn name(&self, entry: usize) -> &[TokenId] {
        &self.names[self.starts[entry] as usize..self.starts[entry + 1] as usize]
    }
}
