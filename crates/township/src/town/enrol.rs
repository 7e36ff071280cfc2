//! 接入 at the township: codes that are handed out, and computers that come with one.

use lianhu_ledger::Result;
use lianhu_sync::enrolment::{Code, Enrol, Enrolled, Refused, hex};
use lianhu_sync::{Ed25519, Member, Roster, Shelf, roles, roster};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::members::Waiting;
use super::{Town, Village, read, written};
use crate::failure::{Failure, Outcome};
use crate::shelf::VillageShelf;
use crate::store::{self, Changes, Tx, damaged, paper};

/// How long a code holds.
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// A code as it was handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub code: Code,
    pub expires_ms: u64,
}

/// A code as it is kept: its secret is not, only the hash under which this lies.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Promise {
    village: String,
    role: String,
    expires_ms: u64,
    /// The computer that used it, and its key.
    used: Option<(Uuid, String)>,
}

fn name_of(secret: &[u8; 16]) -> Vec<u8> {
    blake3::derive_key("lianhu 2026 enrolment secret", secret).to_vec()
}

impl Town {
    /// Hands out a code for one computer of a village.
    pub fn offer(&self, village: &str, role: &str, address: Option<&str>) -> Outcome<Offer> {
        let village = self.listed(village)?;
        if roles::may(role).is_none() {
            return Err(Failure::said("township.no_such_role", [("role", role)]));
        }
        let address = address.unwrap_or(&self.address);
        if !address.contains(':') || address.len() > 200 {
            return Err(Failure::said("township.no_address", []));
        }
        let secret = self.machine.chance();
        let expires_ms = self.machine.now_ms() + DAY_MS;
        let promise = Promise { village: village.code, role: role.to_owned(), expires_ms, used: None };
        let row = written(paper::CODE, name_of(&secret), &promise);
        self.town(|tx| tx.append(&Changes { papers: vec![row.clone()], ..Changes::default() }))?;
        Ok(Offer { code: Code { secret, pin: self.pin(), address: address.to_owned() }, expires_ms })
    }

    pub(super) fn town<T>(&self, work: impl FnMut(&mut dyn Tx) -> Result<T>) -> Result<T> {
        store::town(self.store.as_ref(), work)
    }

    /// The village of that code, or a sentence.
    pub fn listed(&self, code: &str) -> Outcome<Village> {
        self.village(code)?.ok_or_else(|| Failure::said("township.no_such_village", [("code", code)]))
    }

    /// A computer comes with a code. The same computer may ask again: an answer may have been lost.
    pub fn enrol(&self, enrol: &Enrol) -> Result<Result<Enrolled, Refused>> {
        let Some((secret, key)) = enrol.proven(&Ed25519) else { return Ok(Err(Refused::Unknown)) };
        let named = enrol.who.chars().count() <= 64 && !enrol.who.chars().any(char::is_control);
        let well_formed = enrol.incarnation >= 1 && named && !enrol.device.is_nil();
        if !well_formed || enrol.device == self.seat.root.device || enrol.village.is_some_and(|id| id.is_nil()) {
            return Ok(Err(Refused::Unknown));
        }
        let (village, role) = match self.redeem(enrol, &name_of(&secret), &key)? {
            Ok(found) => found,
            Err(refused) => return Ok(Err(refused)),
        };
        let id = village.id.ok_or_else(|| damaged(&village.code, "a village that was just named has no id"))?;
        self.store.found(id)?;
        let entered = self.with(id, |shelf| self.enter(shelf, enrol, &role, &key))?;
        let waits = match entered.ok_or_else(|| damaged(&id, "a village that was just made is not there"))? {
            Ok(waits) => waits,
            Err(refused) => return Ok(Err(refused)),
        };
        let root = &self.seat.root;
        Ok(Ok(Enrolled {
            village: id,
            code: village.code,
            name: village.name,
            township: self.name.clone(),
            role,
            root_device: root.device,
            root_key: hex(&root.key),
            waits,
        }))
    }

    /// Uses the code up for this computer, and learns the village's id from it when nobody has named it before.
    fn redeem(&self, enrol: &Enrol, name: &[u8], key: &[u8]) -> Result<Result<(Village, String), Refused>> {
        let (now, fresh) = (self.machine.now_ms(), Uuid::from_bytes(self.machine.chance()));
        let user = (enrol.device, hex(key));
        self.town(|tx| {
            let Some(bytes) = tx.paper(paper::CODE, name)? else { return Ok(Err(Refused::Unknown)) };
            let mut promise: Promise = read(&bytes, "code")?;
            let again = promise.used.as_ref() == Some(&user);
            match &promise.used {
                Some(_) if !again => return Ok(Err(Refused::Used)),
                None if now > promise.expires_ms => return Ok(Err(Refused::Expired)),
                _ => {}
            }
            let villages: Vec<Village> =
                tx.papers(paper::VILLAGE)?.iter().map(|(_, bytes)| read(bytes, "village")).collect::<Result<_>>()?;
            let Some(mut village) = villages.iter().find(|village| village.code == promise.village).cloned() else {
                return Ok(Err(Refused::Unknown));
            };
            let id = village.id.or(enrol.village).unwrap_or(fresh);
            let anothers = villages.iter().any(|other| other.code != village.code && other.id == Some(id));
            if anothers || enrol.village.is_some_and(|own| own != id) {
                return Ok(Err(Refused::OtherVillage));
            }
            village.id = Some(id);
            promise.used = Some(user.clone());
            let papers = vec![
                written(paper::CODE, name.to_vec(), &promise),
                written(paper::VILLAGE, village.code.as_bytes().to_vec(), &village),
            ];
            tx.append(&Changes { papers, ..Changes::default() })?;
            Ok(Ok((village, promise.role)))
        })
    }

    /// Puts a computer on the roster, or among those that wait. Gives whether it waits.
    fn enter(
        &self,
        shelf: &mut VillageShelf<'_>,
        enrol: &Enrol,
        role: &str,
        key: &[u8],
    ) -> Result<Result<bool, Refused>> {
        let roster = shelf.roster()?;
        if let Some(member) = roster.members.get(&enrol.device) {
            let same = member.key == key && !roster.is_out(enrol.device);
            return Ok(if same { Ok(false) } else { Err(Refused::DeviceKnown) });
        }
        let waiting = Waiting {
            who: enrol.who.clone(),
            role: role.to_owned(),
            key: hex(key),
            incarnation: enrol.incarnation,
            asked_ms: self.machine.now_ms(),
        };
        if let Some(bytes) = shelf.paper(paper::WAITING, enrol.device.as_bytes())? {
            let known: Waiting = read(&bytes, "waiting")?;
            return Ok(if known.key == waiting.key { Ok(true) } else { Err(Refused::DeviceKnown) });
        }
        if role == roles::SECRETARY && !has_secretary(&roster) {
            self.admit(shelf, enrol.device, &waiting)?;
            return Ok(Ok(false));
        }
        shelf.put(vec![written(paper::WAITING, enrol.device.as_bytes().to_vec(), &waiting)])?;
        Ok(Ok(true))
    }

    /// Puts a computer on the roster; what it had sent before may come in.
    pub(super) fn admit(&self, shelf: &mut VillageShelf<'_>, device: Uuid, waiting: &Waiting) -> Result<()> {
        let key =
            lianhu_sync::enrolment::unhex(&waiting.key).ok_or_else(|| damaged(&device, "a key cannot be read"))?;
        let may = roles::may(&waiting.role).ok_or_else(|| damaged(&device, "there is no such role"))?;
        let member = Member::new(&waiting.who, &waiting.role, key, may.clone());
        self.write_in(shelf, "roster", vec![roster::entering(device, &member, &[])])
    }
}

/// Whether anybody may say yes to others.
pub(super) fn has_secretary(roster: &Roster) -> bool {
    secretaries(roster).next().is_some()
}

pub(super) fn secretaries(roster: &Roster) -> impl Iterator<Item = Uuid> {
    let members = roster.members.iter();
    members.filter(|(id, member)| member.role == roles::SECRETARY && !roster.is_out(**id)).map(|(id, _)| *id)
}
