//! 归属 — which township this ledger belongs to, in which role, and how things stand between the two: kept in the
//! ledger's own file, beside the log.

use std::borrow::BorrowMut;

use lianhu_ledger::{BatchRef, Exchange, Fault, Ledger, Permit, Result};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::enrolment::{Pin, short};
use crate::ledger_shelf::{LedgerShelf, believe, root_of, secret_of};
use crate::protocol::Why;
use crate::roster::{May, Root};
use crate::shelf::{DeviceShelf, Shelf};
use crate::suite::{Ed25519Key, Signer};
#[cfg(feature = "client")]
use crate::trouble::Trouble;

const KEPT: &str = "township/belonging";

/// What went wrong last, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastTrouble {
    /// Name of a [`Trouble`], or `left` when there was none and not everything had its receipt.
    pub name: String,
    pub at_ms: u64,
}

/// A step that the township keeps and does not take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldStep {
    pub device: Uuid,
    pub incarnation: u32,
    pub seq: u64,
    /// Name of a [`Why`].
    pub why: String,
}

impl HeldStep {
    pub fn new(at: BatchRef, why: Why) -> HeldStep {
        HeldStep { device: at.device, incarnation: at.incarnation, seq: at.seq, why: why.name().to_owned() }
    }

    pub fn at(&self) -> BatchRef {
        BatchRef { device: self.device, incarnation: self.incarnation, seq: self.seq }
    }
}

/// As it is kept. What a newer release adds is not lost on an older one's reading, only not seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    /// Empty in a village without township.
    address: String,
    pin: Pin,
    township: String,
    village_name: String,
    village_code: String,
    role: String,
    who: String,
    waits: bool,
    revoked: bool,
    last_success_ms: Option<u64>,
    last_trouble: Option<LastTrouble>,
    held: Vec<HeldStep>,
    pictures: bool,
    behind: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Belonging {
    /// `host:port`; empty in a village without township.
    pub address: String,
    pub pin: Pin,
    pub root: Root,
    /// Name of the township, and of the village with its 12-digit code, as the township has them.
    pub township: String,
    pub village_name: String,
    pub village_code: String,
    pub role: String,
    /// Whose computer this is, as it was enrolled.
    pub who: String,
    /// Enrolled, and not yet confirmed.
    pub waits: bool,
    /// Struck off the roster: nothing is typed in here any more.
    pub revoked: bool,
    /// When everything of ours had its receipt and everything of others was here.
    pub last_success_ms: Option<u64>,
    pub last_trouble: Option<LastTrouble>,
    pub held: Vec<HeldStep>,
    /// 照片也传.
    pub pictures: bool,
    /// Numbers of the township that were not fetched yet when they last spoke.
    pub behind: u64,
    /// 核对码: the six digits that the other screen shows too.
    pub short: String,
}

impl Belonging {
    pub fn has_township(&self) -> bool {
        !self.address.is_empty()
    }
}

/// How this ledger stands; `None` where it has not been enrolled.
pub fn belonging(ledger: &Ledger) -> Result<Option<Belonging>> {
    let Some(root) = root_of(ledger)? else { return Ok(None) };
    let kept = read(ledger)?;
    let key = Ed25519Key::new(secret_of(ledger)?.unwrap_or_default()).public();
    Ok(Some(Belonging {
        short: short(&key, &root),
        root,
        address: kept.address,
        pin: kept.pin,
        township: kept.township,
        village_name: kept.village_name,
        village_code: kept.village_code,
        role: kept.role,
        who: kept.who,
        waits: kept.waits,
        revoked: kept.revoked,
        last_success_ms: kept.last_success_ms,
        last_trouble: kept.last_trouble,
        held: kept.held,
        pictures: kept.pictures,
        behind: kept.behind,
    }))
}

fn read(ledger: &Ledger) -> Result<Kept> {
    let Some(bytes) = ledger.setting(KEPT)? else { return Ok(Kept::default()) };
    let damaged = |_| Fault::Log { at: "exchange".into(), what: "where this ledger belongs cannot be read".into() };
    Ok(serde_json::from_slice(&bytes).map_err(damaged)?)
}

fn write(x: &mut Exchange<'_>, kept: &Kept) -> Result<()> {
    x.set(KEPT, &serde_json::to_vec(kept).expect("what is kept is plain data"))
}

fn change(ledger: &mut Ledger, change: impl FnOnce(&mut Kept)) -> Result<()> {
    let before = read(ledger)?;
    let mut kept = before.clone();
    change(&mut kept);
    if kept == before {
        return Ok(());
    }
    ledger.exchange(|x| write(x, &kept)).map(|_| ())
}

/// Where a computer has just been enrolled.
#[derive(Clone, Debug, Default)]
pub(crate) struct Entry<'a> {
    pub address: &'a str,
    pub pin: Pin,
    pub township: &'a str,
    pub village_name: &'a str,
    pub village_code: &'a str,
    pub role: &'a str,
    pub who: &'a str,
    pub waits: bool,
}

pub(crate) fn enter(ledger: &mut Ledger, root: &Root, secret: &[u8; 32], entry: &Entry<'_>) -> Result<()> {
    let kept = Kept {
        address: entry.address.to_owned(),
        pin: entry.pin,
        township: entry.township.to_owned(),
        village_name: entry.village_name.to_owned(),
        village_code: entry.village_code.to_owned(),
        role: entry.role.to_owned(),
        who: entry.who.to_owned(),
        waits: entry.waits,
        revoked: false,
        ..read(ledger)?
    };
    ledger.exchange(|x| {
        believe(x, root, secret)?;
        x.permit(&Permit::Everything)?;
        write(x, &kept)
    })?;
    Ok(())
}

/// Whether pictures travel too.
pub fn set_pictures(ledger: &mut Ledger, yes: bool) -> Result<()> {
    change(ledger, |kept| kept.pictures = yes)
}

/// What a conversation came to, when it was no trouble.
#[cfg(feature = "client")]
pub(crate) fn note_end(ledger: &mut Ledger, now_ms: u64, is_all: bool, held: Vec<HeldStep>, behind: u64) -> Result<()> {
    change(ledger, |kept| {
        kept.waits = false;
        kept.revoked = false;
        kept.held = held;
        kept.behind = behind;
        if is_all {
            kept.last_success_ms = Some(now_ms);
            kept.last_trouble = None;
        } else {
            kept.last_trouble = Some(LastTrouble { name: "left".into(), at_ms: now_ms });
        }
    })
}

/// One that was told it is revoked remembers it, and nothing more is typed in.
#[cfg(feature = "client")]
pub(crate) fn note_trouble(ledger: &mut Ledger, now_ms: u64, trouble: Trouble) -> Result<()> {
    if trouble == Trouble::Revoked {
        ledger.exchange(|x| x.permit(&Permit::Nothing))?;
    }
    change(ledger, |kept| {
        kept.revoked |= trouble == Trouble::Revoked;
        kept.last_trouble = Some(LastTrouble { name: trouble.name().to_owned(), at_ms: now_ms });
    })
}

/// Takes over from the roster what this computer is called and may write.
pub(crate) fn follow_roster<L: BorrowMut<Ledger>>(shelf: &mut LedgerShelf<L>) -> Result<()> {
    let roster = shelf.roster()?;
    let me = shelf.me().device;
    let Some(member) = roster.members.get(&me).filter(|_| me != roster.root.device) else { return Ok(()) };
    let permit = match member.terms.last().map(|term| &term.may) {
        Some(May::Everything) => Permit::Everything,
        Some(May::Kinds(kinds)) => Permit::Kinds { role: member.role.clone(), kinds: kinds.clone() },
        Some(May::Nothing) | None => Permit::Nothing,
    };
    let out = permit == Permit::Nothing;
    let ledger = shelf.ledger_mut();
    if ledger.permit()? != permit {
        ledger.exchange(|x| x.permit(&permit))?;
    }
    change(ledger, |kept| {
        kept.waits = false;
        kept.revoked = out;
        kept.role.clone_from(&member.role);
        kept.who.clone_from(&member.who);
    })
}
