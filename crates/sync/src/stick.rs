//! U盘往来 — a package made of this ledger and one read into it: the same steps as over a line, in a file.

use std::borrow::BorrowMut;
use std::collections::BTreeMap;

use lianhu_ledger::{Edge, Ledger, Result};

use crate::belonging::follow_roster;
use crate::faults::Faults;
use crate::ledger_shelf::LedgerShelf;
use crate::package::{self, Sealed, Unread};
use crate::plan::after::settle;
use crate::plan::device::Device;
use crate::shelf::{Chain, Commit, DeviceShelf, Shelf};
use crate::suite::{Ed25519, Ed25519Key};

/// A package that was made, to be written somewhere safe before [`keep`] remembers it.
pub struct Made {
    pub bytes: Vec<u8>,
    upto: BTreeMap<Chain, u64>,
}

/// What came of a package that was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Read {
    /// Who made it.
    pub maker: uuid::Uuid,
    /// Steps that were new here.
    pub applied: usize,
    /// Steps of ours that have got their receipt by it.
    pub received: u64,
}

fn chance(edge: &mut dyn Edge) -> [u8; 32] {
    [edge.random(), edge.random()].concat().try_into().expect("twice sixteen bytes")
}

/// Everything there is and what it stands on: a reader who has none of it can take it in. Sealed to the township where
/// it is not this computer itself that the village believes, or to `reader`. `None` when nobody can seal to that key.
pub fn make<L: BorrowMut<Ledger>>(
    shelf: &mut LedgerShelf<L>,
    edge: &mut dyn Edge,
    reader: Option<(uuid::Uuid, &[u8])>,
) -> Result<Option<Made>> {
    let key = Ed25519Key::new(shelf.secret()?);
    let now_ms = edge.now_ms();
    let device = Device { suite: &Ed25519, signer: &key, now_ms, leap: 0, most: usize::MAX, faults: Faults::NONE };
    let (commands, parcels) = device.parcels(shelf, &BTreeMap::new())?;
    shelf.commit(&commands)?;
    let (me, root) = (shelf.me().device, shelf.root().clone());
    let reader = reader.or(Some((root.device, root.key.as_slice())).filter(|_| root.device != me));
    let sealed = reader.map(|(reader, key)| Sealed { reader, key, chance: chance(edge) });
    let has: BTreeMap<Chain, u64> = shelf.heads()?.into_iter().map(|(chain, head)| (chain, head.seq)).collect();
    let upto = has.iter().filter(|(chain, _)| chain.device == me).map(|(chain, seq)| (*chain, *seq)).collect();
    let bytes = package::make(shelf.village(), me, &parcels, has, sealed.as_ref(), &key);
    Ok(bytes.map(|bytes| Made { bytes, upto }))
}

/// Remembers what a package brought, once it lies where it was to go.
pub fn keep<L: BorrowMut<Ledger>>(shelf: &mut LedgerShelf<L>, made: &Made) -> Result<()> {
    shelf.ledger_mut().exchange(|x| x.packed(&made.upto)).map(|_| ())
}

/// Reads a package, all of it or nothing.
pub fn read<L: BorrowMut<Ledger>>(
    shelf: &mut LedgerShelf<L>,
    edge: &mut dyn Edge,
    file: &[u8],
) -> Result<Result<Read, Unread>> {
    let secret = shelf.secret()?;
    let me = shelf.me().device;
    let roster = shelf.roster()?;
    let (head, parcels) = match package::read(file, shelf.village(), &roster, &Ed25519, (me, &secret)) {
        Ok(opened) => opened,
        Err(unread) => return Ok(Err(unread)),
    };
    let waited = shelf.ledger().steps_without_receipt()?;
    let applied = shelf.touched.applied;
    let key = Ed25519Key::new(secret);
    let leap = u32::from_le_bytes(edge.random()[..4].try_into().expect("four of sixteen bytes"));
    let now_ms = edge.now_ms();
    let device = Device { suite: &Ed25519, signer: &key, now_ms, leap, most: usize::MAX, faults: Faults::NONE };
    // What a window writes meanwhile must not be taken for what was looked at.
    loop {
        let seen = shelf.ledger().state()?;
        let commands = device.read(shelf, &parcels)?;
        if shelf.commit_upon(Some(seen), &commands)? {
            break;
        }
    }
    settle(shelf, &Ed25519, now_ms, Faults::NONE)?;
    if head.maker != me {
        let has = head.has.into_iter().filter(|(chain, _)| chain.device == me).collect();
        shelf.ledger_mut().exchange(|x| x.delivered(&has))?;
    }
    follow_roster(shelf)?;
    let applied = shelf.touched.applied - applied;
    let received = (waited + applied as u64).saturating_sub(shelf.ledger().steps_without_receipt()?);
    Ok(Ok(Read { maker: head.maker, applied, received }))
}
