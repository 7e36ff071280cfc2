//! 联网上报 — asks and hears over a line until nothing is open, waits a while when the township is busy or gone, and
//! says truthfully what is left.

use std::time::Duration;

use lianhu_ledger::{BatchRef, Edge, Ledger, Result};

use super::back_off::back_off;
use super::lends::{Lends, on_shelf};
use super::line::Line;
use super::talk::Talk;
use super::witness::{self, Found, Witness};
use crate::belonging::{HeldStep, belonging, follow_roster, note_end, note_trouble};
use crate::enrolment::SYNC_PATH;
use crate::ledger_shelf::LedgerShelf;
use crate::protocol::Why;
use crate::trouble::{Failed, Trouble};

/// Failures in a row before it is left for another time.
const ATTEMPTS: u32 = 4;
/// Nobody waits longer than this for a busy township; it is left for another time.
const LONGEST_WAIT_S: u64 = 120;

/// What a conversation needs of the world around it.
pub struct World<'a> {
    pub edge: &'a mut dyn Edge,
    /// Waits so long; `false` when a person has stopped it.
    pub pause: &'a mut dyn FnMut(Duration) -> bool,
}

impl World<'_> {
    /// Waits before asking again, if this trouble may pass and was not met too often.
    pub(super) fn waits_out(&mut self, trouble: Trouble, attempt: &mut u32) -> Result<(), Trouble> {
        *attempt += 1;
        if !trouble.passes() || *attempt > ATTEMPTS {
            return Err(trouble);
        }
        let chance = u64::from_le_bytes(self.edge.random()[..8].try_into().expect("eight of sixteen bytes"));
        let mut wait = back_off(*attempt - 1, chance);
        if let Trouble::Busy { after_s: Some(after) } = trouble {
            if after > LONGEST_WAIT_S {
                return Err(trouble);
            }
            wait = wait.max(Duration::from_secs(after));
        }
        if (self.pause)(wait) { Ok(()) } else { Err(Trouble::Stopped) }
    }
}

/// How far it has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Steps without receipt.
    pub unsent: u64,
    /// The township's number that has come, and its newest.
    pub upto: u64,
    pub newest: u64,
    pub sent_bytes: u64,
    pub got_bytes: u64,
}

/// What a conversation came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub rounds: u32,
    pub sent_bytes: u64,
    pub got_bytes: u64,
    /// Steps of others that were new here.
    pub applied: usize,
    /// Steps that still have no receipt.
    pub left: u64,
    /// The township's numbers that have not come yet.
    pub behind: u64,
    pub held: Vec<(BatchRef, Why)>,
    /// How often the two sides were found to differ and put right.
    pub repairs: u32,
    /// What was otherwise than the township's last word.
    pub found: Vec<Found>,
    /// Everything of ours has its receipt and everything of others is here.
    pub is_all: bool,
}

/// Speaks with the township until nothing is open. Cut anywhere it goes on from there the next time.
pub fn converse<H: Lends>(
    hand: &mut H,
    line: &Line,
    world: &mut World<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Outcome, Failed> {
    let said = rounds(hand, line, world, progress);
    let now_ms = world.edge.now_ms();
    if let Err(Failed::Trouble(trouble)) = said {
        let told = hand.lend(|ledger| {
            let waits = belonging(ledger)?.is_some_and(|b| b.waits);
            let told = if waits && trouble == Trouble::Stranger { Trouble::Waits } else { trouble };
            note_trouble(ledger, now_ms, told)?;
            Ok(told)
        })?;
        return Err(told.into());
    }
    said
}

fn rounds<H: Lends>(
    hand: &mut H,
    line: &Line,
    world: &mut World<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Outcome, Failed> {
    let mut talk = Talk::default();
    let leap = u32::from_le_bytes(world.edge.random()[..4].try_into().expect("four of sixteen bytes"));
    let (witness, mut found) = on_shelf(hand, |shelf| {
        let witness = Witness::read(shelf);
        let found: Vec<Found> = witness.look_back(shelf, leap)?.into_iter().collect();
        Ok((witness, found))
    })?;
    let (mut sent, mut got) = (0, 0);
    loop {
        let (said, heard) = exchange(&mut talk, hand, line, world)?;
        sent += said as u64;
        got += heard.len() as u64;
        let (unsent, goes_on) = on_shelf(hand, |shelf| {
            talk.hear(shelf, world.edge, &heard)?;
            Ok((shelf.ledger().steps_without_receipt()?, talk.goes_on(shelf)?))
        })?;
        let (upto, newest) = talk.told;
        if talk.rounds == 1 {
            found.extend(witness.compare(talk.epoch, newest));
        }
        progress(Progress { unsent, upto, newest, sent_bytes: sent, got_bytes: got });
        if !goes_on {
            break;
        }
    }
    let now_ms = world.edge.now_ms();
    let mut outcome = on_shelf(hand, |shelf| conclude(&talk, shelf, &witness, now_ms))?;
    (outcome.sent_bytes, outcome.got_bytes) = (sent, got);
    found.append(&mut outcome.found);
    outcome.found = found;
    Ok(outcome)
}

/// One request and its answer, asked again while the trouble may pass.
fn exchange<H: Lends>(
    talk: &mut Talk,
    hand: &mut H,
    line: &Line,
    world: &mut World<'_>,
) -> Result<(usize, Vec<u8>), Failed> {
    let mut attempt = 0;
    loop {
        let bytes = on_shelf(hand, |shelf| Ok(talk.ask(shelf, world.edge)?))?;
        let said = bytes.len();
        match line.post(SYNC_PATH, bytes) {
            Ok(heard) => return Ok((said, heard)),
            Err(Trouble::TooLarge) if talk.smaller() => {}
            Err(trouble) => {
                world.waits_out(trouble, &mut attempt)?;
                if trouble == Trouble::TimedOut {
                    talk.slower();
                }
            }
        }
    }
}

fn conclude(
    talk: &Talk,
    shelf: &mut LedgerShelf<&mut Ledger>,
    witness: &Witness,
    now_ms: u64,
) -> Result<Outcome, Failed> {
    let held = talk.held(shelf)?;
    let (upto, newest) = talk.told;
    let mut outcome = Outcome {
        rounds: talk.rounds,
        applied: talk.applied,
        left: shelf.ledger().steps_without_receipt()?,
        behind: newest.saturating_sub(upto),
        held,
        repairs: talk.repairs,
        is_all: talk.is_all(shelf)?,
        ..Outcome::default()
    };
    follow_roster(shelf)?;
    let steps = outcome.held.iter().map(|(at, why)| HeldStep::new(*at, *why)).collect();
    note_end(shelf.ledger_mut(), now_ms, outcome.is_all, steps, outcome.behind)?;
    if outcome.behind == 0 {
        if witness.is_kept(shelf)? {
            witness::write(shelf, talk.epoch, talk.told.1)?;
        } else {
            outcome.found.push(Found::Rewritten);
        }
    }
    Ok(outcome)
}
