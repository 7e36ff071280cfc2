//! A query as a table of steps: from which letter each syllable leads to which.
//!
//! States are positions between the letters of the query, kept as the bits of one word: bit 0 is its
//! beginning, bit L its end. A character moves every state that one of its readings can carry on.

use super::query::Query;
use super::spelling::spellings;
use super::{Index, SyllableId, Token, TokenId};

pub(super) struct Plan {
    length: usize,
    /// The query is characters only.
    pub han: bool,
    whole: Steps,
    ending: Steps,
    loose: Steps,
    /// Per token the positions at which the query names that very character.
    literal: Vec<u64>,
    /// Per token where any of its readings leads from the beginning.
    first: Vec<u64>,
}

/// How much of a syllable must have been typed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Typed {
    /// All of it.
    Whole,
    /// All of it, the last syllable of the query perhaps in part.
    Ending,
    /// Its initial suffices, and any part at the end of a word.
    Loose,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Readings {
    Sure,
    All,
}

/// For each syllable and each position of the query the positions it leads to.
struct Steps(Vec<u64>);

impl Plan {
    pub fn new<H>(index: &Index<H>, query: &Query, dialect: bool) -> Plan {
        let length = query.units.len();
        let table = || Steps(vec![0; index.syllables.len() * length]);
        let mut plan = Plan {
            length,
            han: query.units.iter().all(|unit| !unit.is_ascii_alphabetic()),
            whole: table(),
            ending: table(),
            loose: table(),
            literal: vec![0; index.tokens.len()],
            first: Vec::new(),
        };
        for (id, syllable) in index.syllables.iter().enumerate() {
            for spelling in spellings(syllable, dialect) {
                plan.add(id, &spelling.chars().collect::<Vec<_>>(), query);
            }
        }
        plan.add_literals(index, query);
        let tokens = 0..index.tokens.len() as TokenId;
        plan.first = tokens.map(|t| plan.step(1, t, &index.tokens, Typed::Loose, Readings::All)).collect();
        plan
    }

    pub fn end(&self) -> u64 {
        1 << self.length
    }

    /// Where the token may lead from the beginning, by any reading and however little was typed.
    pub fn first(&self, token: TokenId) -> u64 {
        self.first[token as usize]
    }

    pub fn step(&self, states: u64, token: TokenId, tokens: &[Token], typed: Typed, by: Readings) -> u64 {
        let steps = match typed {
            Typed::Whole => &self.whole,
            Typed::Ending => &self.ending,
            Typed::Loose => &self.loose,
        };
        let known = &tokens[token as usize];
        let readings = if by == Readings::Sure { &known.sure } else { &known.all };
        let literal = (states & self.literal[token as usize]) << 1;
        readings.iter().fold(literal, |next, syllable| next | steps.from(states, *syllable, self.length))
    }

    fn add(&mut self, syllable: usize, spelled: &[char], query: &Query) {
        for at in 0..self.length {
            let rest = &query.units[at..];
            let row = syllable * self.length + at;
            let to = |taken: usize| 1u64 << (at + taken);
            let unbroken = |taken: usize| query.breaks >> (at + 1) & ((1 << (taken - 1)) - 1) == 0;
            if rest.starts_with(spelled) && unbroken(spelled.len()) {
                self.whole.0[row] |= to(spelled.len());
                self.ending.0[row] |= to(spelled.len());
                self.loose.0[row] |= to(spelled.len());
            }
            for taken in initials(spelled) {
                if rest.starts_with(&spelled[..taken]) && unbroken(taken) {
                    self.loose.0[row] |= to(taken);
                }
            }
            let word = word_length(query, at);
            if spelled.starts_with(&rest[..word]) {
                self.loose.0[row] |= to(word);
                let last = at + word == self.length && word > 1;
                self.ending.0[row] |= if last { to(word) } else { 0 };
            }
        }
    }

    fn add_literals<H>(&mut self, index: &Index<H>, query: &Query) {
        for (at, unit) in query.units.iter().enumerate() {
            for token in index.of_char.get(unit).into_iter().flatten() {
                self.literal[*token as usize] |= 1 << at;
            }
        }
    }
}

impl Steps {
    fn from(&self, mut states: u64, syllable: SyllableId, length: usize) -> u64 {
        let mut next = 0;
        states &= (1 << length) - 1;
        while states != 0 {
            next |= self.0[syllable as usize * length + states.trailing_zeros() as usize];
            states &= states - 1;
        }
        next
    }
}

/// The letters that may stand for a syllable: z for zhang, and zh.
fn initials(spelled: &[char]) -> std::ops::RangeInclusive<usize> {
    let two = spelled.len() > 1 && matches!(spelled[0], 'z' | 'c' | 's') && spelled[1] == 'h';
    1..=(if two { 2 } else { spelled.len().min(1) })
}

/// From a position to the next blank or to the end.
fn word_length(query: &Query, at: usize) -> usize {
    let ahead = query.breaks >> (at + 1);
    (ahead.trailing_zeros() as usize + 1).min(query.units.len() - at)
}
