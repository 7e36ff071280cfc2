//! From names to the index: each character becomes a token of its role, each entry takes its place.

use std::collections::HashMap;

use super::query::Tail;
use super::spelling::{letters, readings, surname};
use super::{Entry, Index, SyllableId, Token, TokenId};

/// In which role a character stands. A surname is read as one, and a compound surname as a whole.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Role {
    Given,
    /// The first character of a name whose surname has nothing special about it.
    First,
    Surname,
    /// The character before (or after) it in a compound surname.
    Compound(char, bool),
}

#[derive(Default)]
struct Tokens {
    ids: HashMap<(char, Role), TokenId>,
    chars: Vec<char>,
    tokens: Vec<Token>,
    syllables: Vec<String>,
    syllable_ids: HashMap<String, SyllableId>,
}

struct Draft<H> {
    handle: H,
    group: u16,
    phone: Tail,
    id: Tail,
    /// Heads first, then the heavier: smaller is earlier.
    place: u16,
    start: u32,
    end: u32,
}

impl<H: Copy> Index<H> {
    pub fn build<'a>(entries: impl Iterator<Item = Entry<'a, H>>) -> Index<H> {
        let mut tokens = Tokens::default();
        let mut names: Vec<TokenId> = Vec::new();
        let mut drafts: Vec<Draft<H>> = entries.map(|e| Draft::read(&e, &mut tokens, &mut names)).collect();
        tokens.sort(&mut names);
        let name = |d: &Draft<H>| &names[d.start as usize..d.end as usize];
        drafts.sort_by(|a, b| (a.place, name(a), a.group).cmp(&(b.place, name(b), b.group)));
        lay_down(drafts, &names, tokens)
    }
}

impl<H: Copy> Draft<H> {
    fn read(entry: &Entry<'_, H>, tokens: &mut Tokens, names: &mut Vec<TokenId>) -> Draft<H> {
        let start = names.len() as u32;
        tokens.read(&letters(entry.name), names);
        Draft {
            handle: entry.handle,
            group: entry.group,
            phone: Tail::of(entry.phone),
            id: Tail::of(entry.id),
            place: u16::from(!entry.head) << 8 | u16::from(u8::MAX - entry.weight),
            start,
            end: names.len() as u32,
        }
    }
}

fn lay_down<H: Copy>(drafts: Vec<Draft<H>>, names: &[TokenId], tokens: Tokens) -> Index<H> {
    let mut starts = Vec::with_capacity(drafts.len() + 1);
    let mut ordered = Vec::with_capacity(names.len());
    for draft in &drafts {
        starts.push(ordered.len() as u32);
        ordered.extend_from_slice(&names[draft.start as usize..draft.end as usize]);
    }
    starts.push(ordered.len() as u32);
    Index {
        handles: drafts.iter().map(|d| d.handle).collect(),
        groups: drafts.iter().map(|d| d.group).collect(),
        phones: drafts.iter().map(|d| d.phone).collect(),
        ids: drafts.iter().map(|d| d.id).collect(),
        starts,
        names: ordered,
        of_char: tokens.by_char(),
        tokens: tokens.tokens,
        syllables: tokens.syllables,
    }
}

impl Tokens {
    fn read(&mut self, name: &[char], into: &mut Vec<TokenId>) {
        let family = surname(name);
        let length = family.and_then(|all| all.first()).map_or(0, Vec::len);
        for (at, c) in name.iter().enumerate() {
            let role = match (length, at) {
                (2, 0) => Role::Compound(name[1], true),
                (2, 1) => Role::Compound(name[0], false),
                (1, 0) => Role::Surname,
                (_, 0) => Role::First,
                _ => Role::Given,
            };
            let token = self.ids.get(&(*c, role)).copied();
            let sure = || family.into_iter().flatten().filter_map(|reading| reading.get(at));
            into.push(token.unwrap_or_else(|| self.add(*c, role, sure().cloned().collect())));
        }
    }

    fn add(&mut self, c: char, role: Role, family: Vec<String>) -> TokenId {
        let all = readings(c);
        let sure = match role {
            Role::Given => all.clone(),
            Role::First => all.iter().take(1).cloned().collect(),
            Role::Surname | Role::Compound(..) => family,
        };
        let id = self.tokens.len() as TokenId;
        let sure = self.intern(sure.into_iter());
        let all = self.intern(all.into_iter());
        let rest = all.iter().filter(|syllable| !sure.contains(syllable));
        let all = sure.iter().chain(rest).copied().collect();
        self.tokens.push(Token { sure, all });
        self.chars.push(c);
        self.ids.insert((c, role), id);
        id
    }

    fn intern(&mut self, syllables: impl Iterator<Item = String>) -> Box<[SyllableId]> {
        let known = &mut self.syllables;
        let ids = &mut self.syllable_ids;
        let intern = |syllable: String| {
            *ids.entry(syllable).or_insert_with_key(|text| {
                known.push(text.clone());
                (known.len() - 1) as SyllableId
            })
        };
        syllables.map(intern).collect()
    }

    /// Numbers the tokens in the order of their readings, so that names compare as plain numbers.
    fn sort(&mut self, names: &mut [TokenId]) {
        let spelled = |token: &Token| token.sure.first().map(|s| self.syllables[*s as usize].as_str());
        let mut order: Vec<usize> = (0..self.tokens.len()).collect();
        order.sort_by_key(|at| {
            let reading = spelled(&self.tokens[*at]);
            (reading.is_none(), reading, self.chars[*at])
        });
        let mut place = vec![0; order.len()];
        order.iter().enumerate().for_each(|(new, old)| place[*old] = new as TokenId);
        names.iter_mut().for_each(|token| *token = place[*token as usize]);
        self.chars = order.iter().map(|old| self.chars[*old]).collect();
        let mut tokens: Vec<Option<Token>> = std::mem::take(&mut self.tokens).into_iter().map(Some).collect();
        self.tokens = order.iter().filter_map(|old| tokens[*old].take()).collect();
    }

    fn by_char(&self) -> HashMap<char, Vec<TokenId>> {
        let mut of_char: HashMap<char, Vec<TokenId>> = HashMap::new();
        for (id, c) in self.chars.iter().enumerate() {
            of_char.entry(*c).or_default().push(id as TokenId);
        }
        of_char
    }
}
