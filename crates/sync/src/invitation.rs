//! 邀请 — how a further computer comes into a village that has no township: a stick goes there and back once.
//!
//! The new computer makes its key and writes a request (加入申请). The village's first computer, whom everyone believes,
//! enters it in the roster and writes an answer (答复): whom to believe, and a package sealed to the new key. Both show
//! the same six digits; they are typed in on the new computer, so that nobody between the two can put another root in.

use std::borrow::BorrowMut;

use lianhu_ledger::{Edge, Ledger, Result};
use minicbor::{Decoder, Encoder};
use uuid::Uuid;

use crate::belonging::{Entry, enter};
use crate::enrolment::short;
use crate::faults::Faults;
use crate::ledger_shelf::{LedgerShelf, keep_secret, root_of, secret_of};
use crate::plan::device::Device;
use crate::protocol::wire::put;
use crate::roster::{May, Member, Root, entering};
use crate::shelf::{Commit, DeviceShelf, Shelf};
use crate::stick;
use crate::suite::{Ed25519, Ed25519Key, Signer, Suite};

const REQUEST: &[u8] = b"lianhu-request\n";
const ANSWER: &[u8] = b"lianhu-answer\n";

/// Why a request or an answer is not taken. Each has its sentence, `invitation.<name>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Untaken {
    /// Neither request nor answer.
    NoInvitation,
    /// Cut or bent on its way.
    Damaged,
    /// An answer to another computer.
    NotForUs,
    /// The digits are not those of the other screen.
    DigitsDiffer,
    /// Another computer, or a township, looks after this village.
    NotFirst,
}

impl Untaken {
    pub const ALL: [Untaken; 5] =
        [Untaken::NoInvitation, Untaken::Damaged, Untaken::NotForUs, Untaken::DigitsDiffer, Untaken::NotFirst];

    pub fn name(self) -> &'static str {
        match self {
            Untaken::NoInvitation => "no_invitation",
            Untaken::Damaged => "damaged",
            Untaken::NotForUs => "not_for_us",
            Untaken::DigitsDiffer => "digits_differ",
            Untaken::NotFirst => "not_first",
        }
    }
}

/// What a request says.
struct Request {
    device: Uuid,
    key: Vec<u8>,
    who: String,
}

/// The key this computer signs with, made when there is none.
pub(crate) fn own_key(ledger: &mut Ledger, edge: &mut dyn Edge) -> Result<[u8; 32]> {
    if let Some(secret) = secret_of(ledger)? {
        return Ok(secret);
    }
    let secret: [u8; 32] = [edge.random(), edge.random()].concat().try_into().expect("twice sixteen bytes");
    ledger.exchange(|x| keep_secret(x, &secret))?;
    Ok(secret)
}

/// The new computer's request, and its ledger's key is kept.
pub fn request(ledger: &mut Ledger, who: &str, edge: &mut dyn Edge) -> Result<Vec<u8>> {
    let key = Ed25519Key::new(own_key(ledger, edge)?);
    let mut bytes = REQUEST.to_vec();
    let e = &mut Encoder::new(&mut bytes);
    put(e.bytes(ledger.device().as_bytes()));
    put(e.bytes(&key.public()));
    put(e.str(who));
    Ok(closed(bytes, &key))
}

/// A signature at the end, by which a cut is seen and who wrote it is bound to its key.
fn closed(mut bytes: Vec<u8>, key: &Ed25519Key) -> Vec<u8> {
    let signature = key.sign(&bytes);
    put(Encoder::new(&mut bytes).bytes(&signature));
    bytes
}

fn read_request(file: &[u8]) -> Result<Request, Untaken> {
    let rest = file.strip_prefix(REQUEST).ok_or(Untaken::NoInvitation)?;
    let d = &mut Decoder::new(rest);
    let said = |d: &mut Decoder<'_>| {
        let device = Uuid::from_slice(d.bytes().ok()?).ok()?;
        Some(Request { device, key: d.bytes().ok()?.to_vec(), who: d.str().ok()?.to_owned() })
    };
    let request = said(d).ok_or(Untaken::Damaged)?;
    let end = REQUEST.len() + d.position();
    let signature = d.bytes().map_err(|_| Untaken::Damaged)?;
    let whole = d.position() == rest.len() && Ed25519.verify(&request.key, &file[..end], signature);
    if whole { Ok(request) } else { Err(Untaken::Damaged) }
}

/// What the first computer made of a request.
pub struct Admitted {
    pub answer: Vec<u8>,
    pub who: String,
    /// 核对码.
    pub short: String,
}

/// Enters the computer of a request in the roster and writes the answer. A village that nobody looks after yet believes
/// this computer from now on.
pub fn admit(
    ledger: &mut Ledger,
    file: &[u8],
    (role, may): (&str, May),
    author: &str,
    edge: &mut dyn Edge,
) -> Result<Result<Admitted, Untaken>> {
    let request = match read_request(file) {
        Ok(request) => request,
        Err(untaken) => return Ok(Err(untaken)),
    };
    if !is_first(ledger)? {
        return Ok(Err(Untaken::NotFirst));
    }
    found(ledger, author, edge)?;
    let Some(mut shelf) = LedgerShelf::of(ledger)? else { return Ok(Err(Untaken::NotFirst)) };
    let known = shelf.roster()?.members.get(&request.device).map(|member| member.key.clone());
    if known.is_some_and(|key| key != request.key) || request.device == shelf.me().device {
        return Ok(Err(Untaken::Damaged));
    }
    enter_member(&mut shelf, &request, (role, may), author, edge)?;
    let reader = (request.device, request.key.as_slice());
    let Some(made) = stick::make(&mut shelf, edge, Some(reader))? else { return Ok(Err(Untaken::Damaged)) };
    let root = shelf.root().clone();
    let mut answer = ANSWER.to_vec();
    let e = &mut Encoder::new(&mut answer);
    put(e.bytes(request.device.as_bytes()));
    put(e.bytes(root.device.as_bytes()));
    put(e.bytes(&root.key));
    put(e.bytes(shelf.village().as_bytes()));
    put(e.str(role));
    put(e.str(&request.who));
    put(e.bytes(&made.bytes));
    let answer = closed(answer, &Ed25519Key::new(shelf.secret()?));
    Ok(Ok(Admitted { answer, who: request.who, short: short(&request.key, &root) }))
}

/// Nobody else looks after this village.
fn is_first(ledger: &Ledger) -> Result<bool> {
    Ok(root_of(ledger)?.is_none_or(|root| root.device == ledger.device()))
}

/// The first computer believes itself.
fn found(ledger: &mut Ledger, author: &str, edge: &mut dyn Edge) -> Result<()> {
    if root_of(ledger)?.is_some() {
        return Ok(());
    }
    let secret = own_key(ledger, edge)?;
    let root = Root { device: ledger.device(), key: Ed25519Key::new(secret).public() };
    enter(ledger, &root, &secret, &Entry { role: "secretary", who: author, ..Entry::default() })
}

fn enter_member<L: BorrowMut<Ledger>>(
    shelf: &mut LedgerShelf<L>,
    request: &Request,
    (role, may): (&str, May),
    author: &str,
    edge: &mut dyn Edge,
) -> Result<()> {
    let key = Ed25519Key::new(shelf.secret()?);
    let member = Member::new(&request.who, role, request.key.clone(), may);
    if shelf.roster()?.members.get(&request.device) == Some(&member) {
        return Ok(());
    }
    let now_ms = edge.now_ms();
    let device = Device { suite: &Ed25519, signer: &key, now_ms, leap: 0, most: usize::MAX, faults: Faults::NONE };
    let commands = device.write(shelf, "roster", author, vec![entering(request.device, &member, &[])])?;
    shelf.commit(&commands)
}

/// The new computer believes the root of the answer, if its digits are those that were typed, and takes the package in.
pub fn accept(
    ledger: &mut Ledger,
    file: &[u8],
    digits: &str,
    edge: &mut dyn Edge,
) -> Result<Result<usize, crate::invitation::NotAccepted>> {
    let answer = match read_answer(file) {
        Ok(answer) => answer,
        Err(untaken) => return Ok(Err(untaken.into())),
    };
    let Some(secret) = secret_of(ledger)?.filter(|_| answer.device == ledger.device()) else {
        return Ok(Err(Untaken::NotForUs.into()));
    };
    if short(&Ed25519Key::new(secret).public(), &answer.root) != digits.trim() {
        return Ok(Err(Untaken::DigitsDiffer.into()));
    }
    ledger.belong_to(answer.village)?;
    let entry = Entry { role: &answer.role, who: &answer.who, ..Entry::default() };
    enter(ledger, &answer.root, &secret, &entry)?;
    let Some(mut shelf) = LedgerShelf::of(ledger)? else { return Ok(Err(Untaken::NotForUs.into())) };
    Ok(stick::read(&mut shelf, edge, &answer.package)?.map(|read| read.applied).map_err(NotAccepted::Package))
}

/// Why an answer was not taken: of itself, or of the package in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAccepted {
    Answer(Untaken),
    Package(crate::package::Unread),
}

impl From<Untaken> for NotAccepted {
    fn from(untaken: Untaken) -> NotAccepted {
        NotAccepted::Answer(untaken)
    }
}

impl NotAccepted {
    /// Where its sentence stands in the catalogue.
    pub fn key(self) -> String {
        match self {
            NotAccepted::Answer(untaken) => format!("invitation.{}", untaken.name()),
            NotAccepted::Package(unread) => format!("package.{}", unread.name()),
        }
    }
}

struct Answer {
    device: Uuid,
    root: Root,
    village: Uuid,
    role: String,
    who: String,
    package: Vec<u8>,
}

fn read_answer(file: &[u8]) -> Result<Answer, Untaken> {
    let rest = file.strip_prefix(ANSWER).ok_or(Untaken::NoInvitation)?;
    let d = &mut Decoder::new(rest);
    let id = |d: &mut Decoder<'_>| Uuid::from_slice(d.bytes().ok()?).ok();
    let said = |d: &mut Decoder<'_>| {
        Some(Answer {
            device: id(d)?,
            root: Root { device: id(d)?, key: d.bytes().ok()?.to_vec() },
            village: id(d)?,
            role: d.str().ok()?.to_owned(),
            who: d.str().ok()?.to_owned(),
            package: d.bytes().ok()?.to_vec(),
        })
    };
    let answer = said(d).ok_or(Untaken::Damaged)?;
    let end = ANSWER.len() + d.position();
    let signature = d.bytes().map_err(|_| Untaken::Damaged)?;
    let whole = d.position() == rest.len() && Ed25519.verify(&answer.root.key, &file[..end], signature);
    if whole { Ok(answer) } else { Err(Untaken::Damaged) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use lianhu_ledger::text::{Lang, say};
    use lianhu_ledger::{FixedEdge, Founding};
    use tempfile::TempDir;

    use super::*;

    fn edge(seed: u64) -> FixedEdge {
        FixedEdge { ms: 1_793_840_400_000, seed, counter: 0 }
    }

    fn two(folder: &TempDir) -> (Ledger, Ledger) {
        let founding =
            Founding { village: "禾坪村", code: "990101102207", township: "松河镇", clerk: "王文书" };
        let a = Ledger::create(&folder.path().join("a"), None, &founding, Box::new(edge(1))).unwrap();
        let b = Ledger::begin_joining(&folder.path().join("b"), None, Box::new(edge(2))).unwrap();
        (a, b)
    }

    fn dump(ledger: &Ledger) -> String {
        let mut out = Vec::new();
        ledger.dump(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_further_computer_comes_in_by_one_trip_of_a_stick_and_the_same_digits() {
        let folder = TempDir::new().unwrap();
        let (mut a, mut b) = two(&folder);
        let asked = request(&mut b, "陆永平", &mut edge(3)).unwrap();
        let admitted = admit(&mut a, &asked, ("cadre", May::Everything), "王文书", &mut edge(4)).unwrap().ok().unwrap();
        assert_eq!(admitted.who, "陆永平");
        assert!(accept(&mut b, &admitted.answer, &admitted.short, &mut edge(5)).unwrap().unwrap() > 0);
        assert_eq!(dump(&a), dump(&b));
        assert!(!dump(&b).is_empty());
    }

    #[test]
    fn other_digits_bent_files_and_other_computers_are_refused_and_change_nothing() {
        let folder = TempDir::new().unwrap();
        let (mut a, mut b) = two(&folder);
        let asked = request(&mut b, "陆永平", &mut edge(3)).unwrap();
        for end in 0..asked.len() {
            assert!(admit(&mut a, &asked[..end], ("cadre", May::Everything), "w", &mut edge(4)).unwrap().is_err());
        }
        let admitted = admit(&mut a, &asked, ("cadre", May::Everything), "w", &mut edge(4)).unwrap().ok().unwrap();
        let wrong = if admitted.short == "000000" { "000001" } else { "000000" };
        let refused = accept(&mut b, &admitted.answer, wrong, &mut edge(5)).unwrap();
        assert_eq!(refused, Err(Untaken::DigitsDiffer.into()));
        for end in 0..admitted.answer.len() {
            assert!(accept(&mut b, &admitted.answer[..end], &admitted.short, &mut edge(5)).unwrap().is_err());
        }
        let mut other = Ledger::begin_joining(&folder.path().join("c"), None, Box::new(edge(9))).unwrap();
        let refused = accept(&mut other, &admitted.answer, &admitted.short, &mut edge(5)).unwrap();
        assert_eq!(refused, Err(Untaken::NotForUs.into()));
        assert_eq!(dump(&b), "");
        accept(&mut b, &admitted.answer, &admitted.short, &mut edge(5)).unwrap().unwrap();
        let further = request(&mut other, "韦志强", &mut edge(6)).unwrap();
        let second = admit(&mut b, &further, ("cadre", May::Everything), "w", &mut edge(7)).unwrap();
        assert_eq!(second.err(), Some(Untaken::NotFirst));
    }

    #[test]
    fn every_reason_has_its_sentence() {
        for untaken in Untaken::ALL {
            let key = NotAccepted::from(untaken).key();
            for lang in [Lang::ZhCn, Lang::En] {
                assert_ne!(say(lang, &key, &[]), key);
            }
        }
    }
}
