//! 待确认 — mass changes that wait for a second yes, and what else came and waits.

use std::fmt;

use lianhu_ledger::{Batch, BatchRef, Result};
use lianhu_sync::guard::{self, Today};
use lianhu_sync::{Chain, Commit, Shelf, Why, roster};
use serde::Serialize;
use uuid::Uuid;

use super::{Town, Village, place, placed, voids};
use crate::failure::{Failure, Outcome};
use crate::shelf::VillageShelf;

/// A batch that waits and what waits with it, as it is printed and typed: `DEVICE/INC/SEQ`, or `DEVICE/INC/SEQ-LAST`
/// where the question is about more than one. What came after `LAST` nobody has looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    pub at: BatchRef,
    pub last: u64,
}

impl From<BatchRef> for Asked {
    fn from(at: BatchRef) -> Asked {
        Asked { at, last: at.seq }
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&place(self.at))?;
        if self.last > self.at.seq { write!(f, "-{}", self.last) } else { Ok(()) }
    }
}

impl Asked {
    pub fn typed(text: &str) -> Option<Asked> {
        // A device's name has dashes too, the last of them before its last slash.
        let (front, seqs) = text.trim().rsplit_once('/')?;
        let (seq, last) = seqs.split_once('-').map_or((seqs, None), |(seq, last)| (seq, Some(last)));
        let at = placed(&format!("{front}/{seq}"))?;
        let last = last.map_or(Some(at.seq), |last| last.parse().ok())?;
        (last >= at.seq).then_some(Asked { at, last })
    }
}

/// Something that came and is not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Held {
    /// [`Asked`]: what comes after it waits with it.
    pub at: String,
    pub why: &'static str,
    pub village: String,
    pub who: String,
    /// How many batches wait with it.
    pub batches: usize,
    /// Records that these change, and how many of them they void; of a mass change with what came in before it that day,
    /// for that is what makes it one.
    pub changes: usize,
    pub voids: usize,
}

/// One question, as it stands now.
struct Question<'a> {
    why: Why,
    /// What it is about, at least one.
    about: Vec<BatchRef>,
    /// All that waits for its answer.
    waits: Vec<&'a Batch>,
    before: Today,
}

impl Question<'_> {
    fn asked(&self) -> Asked {
        Asked { at: self.about[0], last: self.about[self.about.len() - 1].seq }
    }
}

impl Town {
    /// What waits in a village.
    pub fn held(&self, village: &Village) -> Result<Vec<Held>> {
        let Some(id) = village.id else { return Ok(Vec::new()) };
        Ok(self.with(id, |shelf| self.held_in(shelf, village))?.unwrap_or_default())
    }

    fn held_in(&self, shelf: &mut VillageShelf<'_>, village: &Village) -> Result<Vec<Held>> {
        let roster = shelf.roster()?;
        let told = |question: &Question<'_>| {
            let member = roster.members.get(&question.asked().at.device);
            let (waits, before) = (&question.waits, question.before);
            Held {
                at: question.asked().to_string(),
                why: question.why.name(),
                village: village.code.clone(),
                who: member.map_or_else(String::new, |member| member.who.clone()),
                batches: waits.len(),
                changes: before.changed as usize + waits.iter().map(|batch| batch.changes.len()).sum::<usize>(),
                voids: before.voids as usize + waits.iter().map(|batch| voids(batch)).sum::<usize>(),
            }
        };
        self.questions(shelf, |questions| questions.iter().map(told).collect())
    }

    fn questions<T>(&self, shelf: &mut VillageShelf<'_>, see: impl FnOnce(&[Question<'_>]) -> T) -> Result<T> {
        let parked = shelf.parked()?;
        let heard = self.township().revisit(shelf)?;
        let forks = parked.iter().filter(|parked| parked.why == Why::Fork);
        let forks = forks.map(|parked| (parked.key().0, parked.why));
        let heads = shelf.heads()?;
        let mut questions = Vec::new();
        for (at, why) in heard.held().iter().copied().chain(forks) {
            let mut parcels = parked.iter().map(|parked| &parked.parcel);
            let Some(parcel) = parcels.find(|parcel| parcel.batches.iter().any(|batch| batch.at == at)) else {
                continue;
            };
            let here = heads.get(&Chain::of(at)).map_or(0, |head| head.seq);
            let waits = parcel.batches.iter().filter(|batch| batch.at == at || batch.at.seq > here).collect();
            let (about, before) = match why {
                Why::Mass => (heard.asked(Chain::of(at)), guard::today(shelf, at.device, self.machine.now_ms())?),
                _ => (vec![at], Today::default()),
            };
            questions.push(Question { why, about, waits, before });
        }
        Ok(see(&questions))
    }

    /// Says yes to what waits, and takes in what it makes possible.
    pub fn approve_batch(&self, village: &Village, asked: Asked) -> Outcome<usize> {
        self.decide(village, asked, |shelf, batches| {
            shelf.commit(&guard::yes(asked.at.device, batches, self.machine.now_ms()))
        })
    }

    /// Says no to it: it is kept and never applied, and its writer is told.
    pub fn refuse_batch(&self, village: &Village, asked: Asked) -> Outcome<usize> {
        self.decide(village, asked, |shelf, batches| {
            self.write_in(shelf, "roster", batches.iter().copied().map(roster::refusing).collect())
        })
    }

    fn decide(
        &self,
        village: &Village,
        asked: Asked,
        mut say: impl FnMut(&mut VillageShelf<'_>, &[BatchRef]) -> Result<()>,
    ) -> Outcome<usize> {
        let id = village.id.unwrap_or(Uuid::nil());
        let decided = self.with(id, |shelf| {
            let about = self.questions(shelf, |questions| {
                let question = questions.iter().find(|question| question.asked().at == asked.at)?;
                let about = question.about.iter().copied().filter(|at| at.seq <= asked.last);
                Some(about.collect::<Vec<BatchRef>>())
            })?;
            let Some(about) = about else { return Ok(None) };
            say(shelf, &about)?;
            Ok(Some(self.revisit(shelf, &self.township())?))
        })?;
        decided.flatten().ok_or_else(|| Failure::said("township.no_such_batch", [("at", &asked.to_string())]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_about_is_typed_as_it_is_printed() {
        let check = |text: &str, last: Option<u64>| {
            let asked = Asked::typed(text);
            assert_eq!(asked.map(|asked| asked.last), last, "{text}");
            assert!(asked.is_none_or(|asked| asked.to_string() == text.trim()), "{text}");
        };
        let device = "0192f0c1-2345-7abc-8def-0123456789ab";
        check(&format!("{device}/1/5"), Some(5));
        check(&format!(" {device}/1/5-9"), Some(9));
        check(&format!("{device}/1/5-4"), None);
        check(&format!("{device}/1/5-"), None);
        check(&format!("{device}/1"), None);
        check("5-9", None);
    }
}
