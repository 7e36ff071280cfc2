//! 乡镇 — the township as a whole: its key, its villages, and what it does for them. Every door, every command and every
//! page goes through here; the plan of `lianhu_sync` decides, the store keeps.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use lianhu_ledger::{Batch, BatchRef, Change, Result};
use lianhu_sync::enrolment::{Pin, hex, pin_of};
use lianhu_sync::plan::after::judge_again;
use lianhu_sync::plan::township::{Heard, Township, standing};
use lianhu_sync::{
    Answer, Ask, Command, Commit, Ed25519, Ed25519Key, Faults, Parcel, Root, Shelf, Signer, Standing, TownshipShelf,
    Why,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::machine::Machine;
use crate::shelf::{Rosters, Seat, VillageShelf, foreseen};
use crate::store::{self, Foreseen, Paper, Store, paper};

mod enrol;
mod found;
mod held;
mod members;

pub use enrol::Offer;
pub use found::{Founding, LISTENED};
pub use held::{Asked, Held};
pub use members::{Computer, Place};

/// What a stick brought: batches that were new, what is held and why, and what goes back.
pub type Brought = (usize, Vec<(BatchRef, Why)>, Vec<Parcel>);

/// A township, open.
pub struct Town {
    pub store: Arc<dyn Store>,
    pub machine: Machine,
    pub folder: PathBuf,
    pub name: String,
    /// `host:port` that goes into enrolment codes.
    pub address: String,
    pub seat: Seat,
    pub certificate: Vec<u8>,
    secret: [u8; 32],
    key: Ed25519Key,
    rosters: Rosters,
}

/// A village as the township lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Village {
    /// 12-digit code (统计用区划代码).
    pub code: String,
    pub name: String,
    /// Known from the first computer on that enrols.
    pub id: Option<Uuid>,
}

/// What the township made of an ask.
pub struct Taken {
    pub answer: Answer,
    /// Batches that came in.
    pub batches: usize,
    /// Parcels that found no room among those that wait.
    pub overfull: usize,
}

impl Town {
    /// The fingerprint of the certificate.
    pub fn pin(&self) -> Pin {
        pin_of(&self.certificate)
    }

    pub fn key(&self) -> &Ed25519Key {
        &self.key
    }

    /// The key as bytes: what is sealed to the township is opened with it.
    pub fn secret(&self) -> &[u8; 32] {
        &self.secret
    }

    pub fn root(&self) -> &Root {
        &self.seat.root
    }

    fn township(&self) -> Township<'_> {
        Township { suite: &Ed25519, signer: &self.key, now_ms: self.machine.now_ms(), faults: Faults::NONE }
    }

    /// Does something in one transaction of a village; `None` when there is no such village.
    pub fn with<T>(&self, village: Uuid, work: impl FnMut(&mut VillageShelf<'_>) -> Result<T>) -> Result<Option<T>> {
        self.with_foreseen(village, &Foreseen::default(), work)
    }

    fn with_foreseen<T>(
        &self,
        village: Uuid,
        foreseen: &Foreseen,
        mut work: impl FnMut(&mut VillageShelf<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        if village == store::TOWN {
            return Ok(None);
        }
        store::transact_upon(self.store.as_ref(), village, foreseen, |tx| {
            work(&mut VillageShelf::open(village, &self.seat, &self.rosters, tx)?)
        })
    }

    /// The key by which a device's word is checked, before a village is locked for it. It is looked at again inside.
    pub fn key_of(&self, village: Uuid, device: Uuid) -> Option<Vec<u8>> {
        let known = self.rosters.last(village).and_then(|roster| roster.key_of(device).map(<[u8]>::to_vec));
        known.or_else(|| {
            let roster = self.with(village, |shelf| shelf.roster()).ok().flatten()?;
            roster.key_of(device).map(<[u8]>::to_vec)
        })
    }

    /// One ask, answered after everything it brought has been kept. `None` for a stranger and where there is no such
    /// village.
    pub fn hear(&self, ask: &Ask) -> Result<Option<Taken>> {
        let foreseen = foreseen(&ask.parcels);
        let taken = self.with_foreseen(ask.village, &foreseen, |shelf| {
            if standing(shelf, ask)? == Standing::Stranger {
                return Ok(None);
            }
            let township = self.township();
            shelf.foresee(&ask.parcels, &foreseen)?;
            let heard = township.hear(shelf, ask)?;
            let batches = self.keep(shelf, &township, &heard)?;
            shelf.heard_of(ask.me.device, township.now_ms)?;
            let answer = township.answer(shelf, ask, heard)?;
            Ok(Some(Taken { answer, batches, overfull: shelf.overfull }))
        })?;
        Ok(taken.flatten())
    }

    /// Keeps what was heard, and takes in what it made possible. Gives how many batches came in.
    fn keep(&self, shelf: &mut VillageShelf<'_>, township: &Township<'_>, heard: &Heard) -> Result<usize> {
        shelf.commit(&heard.commands)?;
        let judged = judge_again(shelf, Faults::NONE)?;
        shelf.commit(&judged)?;
        let mut batches = taken(&heard.commands);
        if shelf.may_go_on(&heard.commands)? {
            batches += self.revisit(shelf, township)?;
        }
        Ok(batches)
    }

    /// Looks again at what waits.
    fn revisit(&self, shelf: &mut VillageShelf<'_>, township: &Township<'_>) -> Result<usize> {
        let heard = township.revisit(shelf)?;
        shelf.commit(&heard.commands)?;
        let judged = judge_again(shelf, Faults::NONE)?;
        shelf.commit(&judged)?;
        Ok(taken(&heard.commands))
    }

    /// Takes parcels that came by a stick, and gives what goes back to who has so much. `overfull` parcels found no room.
    pub fn take(
        &self,
        village: Uuid,
        parcels: &[Parcel],
        head: &lianhu_sync::package::Head,
    ) -> Result<Option<Brought>> {
        let foreseen = foreseen(parcels);
        self.with_foreseen(village, &foreseen, |shelf| {
            let township = self.township();
            shelf.foresee(parcels, &foreseen)?;
            let heard = township.take(shelf, parcels, 0)?;
            let batches = self.keep(shelf, &township, &heard)?;
            let back = township.parcels(shelf, &head.spans, &head.has)?;
            Ok((batches, heard.held().to_vec(), back))
        })
    }

    /// Writes a batch of the township's own into a village: signed, received, and on its way to everyone.
    pub fn write(&self, village: Uuid, op: &str, changes: &[Change]) -> Result<bool> {
        let written = self.with(village, |shelf| self.write_in(shelf, op, changes.to_vec()))?;
        Ok(written.is_some())
    }

    fn write_in(&self, shelf: &mut VillageShelf<'_>, op: &str, changes: Vec<Change>) -> Result<()> {
        let township = self.township();
        let heard = township.write(shelf, self.seat.chain(), op, changes)?;
        self.keep(shelf, &township, &heard)?;
        self.revisit(shelf, &township).map(|_| ())
    }

    /// The newest number of a village.
    pub fn newest(&self, village: Uuid) -> Result<Option<u64>> {
        self.with(village, |shelf| shelf.newest())
    }

    pub fn villages(&self) -> Result<Vec<Village>> {
        let papers = store::town(self.store.as_ref(), |tx| tx.papers(paper::VILLAGE))?;
        papers.iter().map(|(name, bytes)| read(bytes, &String::from_utf8_lossy(name))).collect()
    }

    /// The village of that code.
    pub fn village(&self, code: &str) -> Result<Option<Village>> {
        let bytes = store::town(self.store.as_ref(), |tx| tx.paper(paper::VILLAGE, code.as_bytes()))?;
        bytes.map(|bytes| read(&bytes, code)).transpose()
    }

    /// Lists a new village; `false` when one of that code is there.
    pub fn add_village(&self, code: &str, name: &str) -> Result<bool> {
        let village = Village { code: code.to_owned(), name: name.to_owned(), id: None };
        let row = written(paper::VILLAGE, code.as_bytes().to_vec(), &village);
        store::town(self.store.as_ref(), |tx| {
            if tx.paper(paper::VILLAGE, code.as_bytes())?.is_some() {
                return Ok(false);
            }
            tx.append(&store::Changes { papers: vec![row.clone()], ..store::Changes::default() })?;
            Ok(true)
        })
    }

    /// Takes down who did what; never anybody's personal data.
    pub fn note(&self, who: &str, what: &str, of: &str) -> Result<()> {
        let name = [self.machine.now_ms().to_be_bytes().as_slice(), &self.machine.chance()[..4]].concat();
        let row = written(paper::AUDIT, name, &serde_json::json!({ "who": who, "what": what, "of": of }));
        store::town(self.store.as_ref(), |tx| {
            tx.append(&store::Changes { papers: vec![row.clone()], ..store::Changes::default() })
        })
    }
}

fn taken(commands: &[Command]) -> usize {
    commands.iter().filter(|command| matches!(command, Command::Take { .. })).count()
}

/// A paper of ours as JSON.
pub(crate) fn written(kind: &'static str, name: Vec<u8>, what: &impl Serialize) -> Paper {
    (kind, name, Some(serde_json::to_vec(what).expect("what is of ours can be written")))
}

pub(crate) fn read<T: for<'d> Deserialize<'d>>(bytes: &[u8], at: &str) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|_| store::damaged(&at, "a paper cannot be read").into())
}

/// The one device id of a township: it follows from its key, so that an emptied store is the same township again.
pub fn device_of(public: &[u8]) -> Uuid {
    let hash = blake3::derive_key("lianhu 2026 township device", public);
    uuid::Builder::from_custom_bytes(hash[..16].try_into().expect("half of 32 bytes")).into_uuid()
}

/// A batch's place as it is typed: `DEVICE/INC/SEQ`.
pub fn place(at: BatchRef) -> String {
    format!("{}/{}/{}", at.device, at.incarnation, at.seq)
}

/// The place that was typed.
pub fn placed(text: &str) -> Option<BatchRef> {
    let mut parts = text.trim().split('/');
    let at = BatchRef {
        device: Uuid::parse_str(parts.next()?).ok()?,
        incarnation: parts.next()?.parse().ok()?,
        seq: parts.next()?.parse().ok()?,
    };
    parts.next().is_none().then_some(at)
}

/// How many records a batch voids: what a person wants to know who says yes to it.
pub(crate) fn voids(batch: &Batch) -> usize {
    let gone = |change: &&Change| change.cells.iter().any(|cell| cell.field == "gone" && !cell.value.is_null());
    batch.changes.iter().filter(gone).count()
}

/// For messages: the public key's first digits.
pub fn fingerprint(key: &Ed25519Key) -> String {
    hex(&key.public()[1..9])
}

/// Where a township keeps its key.
pub fn key_file(folder: &Path) -> PathBuf {
    folder.join("township.key")
}

impl Town {
    /// Where a village's pictures lie.
    pub fn pictures(&self, village: Uuid) -> PathBuf {
        self.folder.join("attachments").join(village.to_string())
    }

    /// Whether the store can be asked.
    pub fn is_well(&self) -> Result<()> {
        store::town(self.store.as_ref(), |tx| tx.paper(paper::SETTING, b"name")).map(|_| ())
    }
}
