//! 电脑与名册 — the computers of a village: who they are, who waits, who was revoked.

use std::collections::BTreeMap;

use lianhu_ledger::Result;
use lianhu_sync::enrolment::{hex, short, unhex};
use lianhu_sync::{May, Roster, Shelf, roster};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::enrol::secretaries;
use super::{Town, Village, read};
use crate::failure::{Failure, Outcome};
use crate::shelf::VillageShelf;
use crate::store::paper;

/// A computer that has enrolled and has no yes yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    pub who: String,
    pub role: String,
    pub key: String,
    pub incarnation: u32,
    pub asked_ms: u64,
}

/// How a computer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    Member,
    Waits,
    Revoked,
}

impl Place {
    pub fn name(self) -> &'static str {
        match self {
            Place::Member => "member",
            Place::Waits => "waits",
            Place::Revoked => "revoked",
        }
    }
}

/// A computer of a village.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Computer {
    pub device: Uuid,
    pub who: String,
    pub role: String,
    pub place: Place,
    /// 核对码: the six digits that its own screen shows too.
    pub short: String,
    /// When it was heard last.
    pub seen_ms: Option<u64>,
    /// Batches of it that are here.
    pub batches: u64,
}

impl Town {
    /// The computers of a village: those that wait first.
    pub fn computers(&self, village: &Village) -> Result<Vec<Computer>> {
        let Some(id) = village.id else { return Ok(Vec::new()) };
        Ok(self.with(id, |shelf| self.computers_in(shelf))?.unwrap_or_default())
    }

    fn computers_in(&self, shelf: &VillageShelf<'_>) -> Result<Vec<Computer>> {
        let roster = shelf.roster()?;
        let mut sent: BTreeMap<Uuid, u64> = BTreeMap::new();
        for (chain, head) in shelf.heads()? {
            *sent.entry(chain.device).or_default() += head.seq;
        }
        let seen: BTreeMap<Vec<u8>, Vec<u8>> = shelf.papers(paper::SEEN)?.into_iter().collect();
        let seen_ms = |device: Uuid| {
            let bytes = seen.get(device.as_bytes().as_slice())?;
            Some(u64::from_le_bytes(bytes.as_slice().try_into().ok()?))
        };
        let mut computers = Vec::new();
        for (device, waiting) in waiting_in(shelf)? {
            let short = short(&unhex(&waiting.key).unwrap_or_default(), &self.seat.root);
            let Waiting { who, role, .. } = waiting;
            computers.push(Computer { device, who, role, place: Place::Waits, short, seen_ms: None, batches: 0 });
        }
        for (device, member) in &roster.members {
            computers.push(Computer {
                device: *device,
                who: member.who.clone(),
                role: member.role.clone(),
                place: if roster.is_out(*device) { Place::Revoked } else { Place::Member },
                short: short(&member.key, &self.seat.root),
                seen_ms: seen_ms(*device),
                batches: sent.get(device).copied().unwrap_or(0),
            });
        }
        Ok(computers)
    }

    /// Says yes to a computer that waits.
    pub fn approve(&self, device: Uuid) -> Outcome<Village> {
        self.first_of(device, "township.nobody_waits", |shelf| {
            let Some(bytes) = shelf.paper(paper::WAITING, device.as_bytes())? else { return Ok(None) };
            let waiting: Waiting = read(&bytes, "waiting")?;
            self.admit(shelf, device, &waiting)?;
            shelf.put(vec![(paper::WAITING, device.as_bytes().to_vec(), None)])?;
            Ok(Some(Ok(())))
        })
    }

    /// Revokes a computer: nothing it writes from here on is taken, and the others learn it with their next answer. One
    /// that waits is sent away.
    pub fn revoke(&self, device: Uuid) -> Outcome<Village> {
        self.first_of(device, "township.no_such_device", |shelf| {
            if shelf.paper(paper::WAITING, device.as_bytes())?.is_some() {
                shelf.put(vec![(paper::WAITING, device.as_bytes().to_vec(), None)])?;
                return Ok(Some(Ok(())));
            }
            let roster = shelf.roster()?;
            let Some(member) = roster.members.get(&device) else { return Ok(None) };
            if roster.is_out(device) {
                return Ok(Some(Err(Failure::said("township.revoked_already", []))));
            }
            if is_last_secretary(&roster, device) {
                return Ok(Some(Err(Failure::said("township.last_secretary", []))));
            }
            let mut member = member.clone();
            let heard = shelf.heads()?.into_iter().filter(|(chain, _)| chain.device == device);
            member.then(heard.map(|(chain, head)| (chain.incarnation, head.seq)).collect(), May::Nothing);
            self.write_in(shelf, "roster", vec![roster::entering(device, &member, &[])])?;
            Ok(Some(Ok(())))
        })
    }

    /// Does something in the village to which a computer belongs.
    fn first_of(
        &self,
        device: Uuid,
        nowhere: &'static str,
        mut work: impl FnMut(&mut VillageShelf<'_>) -> Result<Option<Outcome>>,
    ) -> Outcome<Village> {
        for village in self.villages()? {
            let Some(id) = village.id else { continue };
            if let Some(done) = self.with(id, &mut work)?.flatten() {
                return done.map(|()| village);
            }
        }
        Err(Failure::said(nowhere, [("device", &device.to_string())]))
    }

    /// The village that an id names.
    pub fn village_of(&self, id: Uuid) -> Result<Option<Village>> {
        Ok(self.villages()?.into_iter().find(|village| village.id == Some(id)))
    }
}

fn is_last_secretary(roster: &Roster, device: Uuid) -> bool {
    secretaries(roster).collect::<Vec<_>>() == [device]
}

fn waiting_in(shelf: &VillageShelf<'_>) -> Result<Vec<(Uuid, Waiting)>> {
    let papers = shelf.papers(paper::WAITING)?;
    let waiting = papers.iter().map(|(name, bytes)| {
        let device = crate::store::id(name)?;
        Ok((device, read(bytes, &hex(name))?))
    });
    waiting.collect()
}
