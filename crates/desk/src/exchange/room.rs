//! 同一间屋里的电脑互传 — two laptops of one village on one network, without township and stick: one waits with its door
//! open, the other looks for it. The door stands open for a while and then shuts by itself; it is the desk's and not a
//! page's: whoever leaves the page finds it as it is. Nobody waits for it, and a guest who says nothing holds up nobody.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use lianhu_ledger::{Edge, Touched};
use lianhu_sync::client::belonging;
use lianhu_sync::lan::{Came, Door, Knock, Leash, PORT, find as call_out, visit};
use lianhu_sync::{Failed, Trouble};
use serde::Serialize;
use ts_rs::TS;

use super::connection::way_to;
use super::talk::Hand;
use crate::desk::{Desk, held};
use crate::jobs::{self, Job, JobNo};
use crate::machine::forward;
use crate::problem::{Problem, Result};
use crate::session::Nothing;

/// So often it is looked who calls out and who knocks.
const LOOK: Duration = Duration::from_millis(50);
/// Guests who are received at the same time; others wait at the door.
const MOST: usize = 8;
/// A guest who stays longer is sent away, however busy it makes itself.
const LONGEST_STAY: Duration = Duration::from_secs(120);

/// Where doors and ears are; tests put them elsewhere.
#[derive(Clone, Debug)]
pub struct Room {
    pub door: SocketAddr,
    pub ears: SocketAddr,
    pub calls: Vec<SocketAddr>,
    pub open_for: Duration,
    /// How often is called out, half a second each.
    pub spells: u32,
}

impl Default for Room {
    fn default() -> Room {
        let any = |port| SocketAddr::from((Ipv4Addr::UNSPECIFIED, port));
        Room {
            door: any(0),
            ears: any(PORT),
            calls: vec![SocketAddr::from((Ipv4Addr::BROADCAST, PORT))],
            open_for: Duration::from_secs(10 * 60),
            spells: 8,
        }
    }
}

impl Room {
    /// A computer with several networks calls to all of them through one only: the one it would go out by is named, too.
    fn places(&self) -> Vec<SocketAddr> {
        let mut places = self.calls.clone();
        if let Some(IpAddr::V4(own)) = way_to("").filter(|_| places.iter().any(|place| is_everybody(*place))) {
            let [a, b, c, _] = own.octets();
            places.push(SocketAddr::from((Ipv4Addr::new(a, b, c, 255), PORT)));
        }
        places
    }
}

fn is_everybody(place: SocketAddr) -> bool {
    place.ip() == IpAddr::V4(Ipv4Addr::BROADCAST)
}

/// 等别的电脑来: how the door stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, TS)]
pub struct RoomDoor {
    pub open: bool,
    /// Seconds until it shuts by itself.
    pub left_s: u32,
    /// Who has come since it was opened last, the first one first.
    pub guests: Vec<RoomGuest>,
    /// Computers that came and are none of this village's, or are struck off; they were given nothing.
    pub strangers: u32,
    /// Why it could not be opened, as a word of the catalogue (`exchange.room.trouble.…`).
    pub trouble: Option<String>,
    pub problem: Option<Problem>,
}

/// One with whom was exchanged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct RoomGuest {
    /// Whose computer it is.
    pub who: String,
    /// Steps of it that were new here.
    pub applied: u32,
    /// Milliseconds since 1970.
    pub at_ms: u64,
    /// Why it did not come about, as a word of the catalogue (`exchange.room.trouble.…`).
    pub trouble: Option<String>,
}

/// 找旁边的电脑: who was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct RoomFound {
    pub trouble: Option<String>,
    pub met: Vec<RoomGuest>,
}

/// The door that was opened last.
#[derive(Default)]
pub(super) struct LastDoor(Mutex<Option<(JobNo, Arc<Told>)>>);

/// What its keeper says of it.
#[derive(Default)]
struct Told {
    shut: AtomicBool,
    until: Mutex<Option<Instant>>,
    guests: Mutex<Vec<RoomGuest>>,
    strangers: Mutex<u32>,
    trouble: Mutex<Option<String>>,
}

/// 等别的电脑来. One that is open stays open.
pub fn open(desk: &Desk, _: Nothing) -> Result<RoomDoor> {
    let mut last = held(&desk.exchange().door.0);
    if !last.as_ref().is_some_and(|(job, told)| is_open(desk, *job, told)) {
        let told = Arc::new(Told::default());
        *held(&told.until) = Some(forward() + desk.place().room.open_for);
        let (keeper, before) = (told.clone(), last.take().map(|(job, _)| job));
        let job = desk.begin(move |desk, job| {
            before.into_iter().for_each(|before| end(desk, before));
            kept(desk, job, &keeper)
        });
        *last = Some((job, told));
    }
    drop(last);
    look(desk, Nothing {})
}

pub fn look(desk: &Desk, _: Nothing) -> Result<RoomDoor> {
    let last = held(&desk.exchange().door.0);
    let Some((job, told)) = last.as_ref() else { return Ok(RoomDoor::default()) };
    let open = is_open(desk, *job, told);
    let left = held(&told.until).map_or(Duration::ZERO, |until| until.saturating_duration_since(forward()));
    Ok(RoomDoor {
        open,
        left_s: if open { u32::try_from(left.as_secs()).unwrap_or(u32::MAX) } else { 0 },
        guests: held(&told.guests).clone(),
        strangers: *held(&told.strangers),
        trouble: held(&told.trouble).clone(),
        problem: jobs::look(desk, *job)?.problem,
    })
}

/// 不等了. Guests who are inside are sent away; nothing of theirs is half taken in.
pub fn shut(desk: &Desk, _: Nothing) -> Result<RoomDoor> {
    if let Some((job, told)) = held(&desk.exchange().door.0).as_ref() {
        told.shut.store(true, Ordering::Relaxed);
        let _ = jobs::stop(desk, *job);
    }
    look(desk, Nothing {})
}

/// Another ledger comes on the desk: who came to this one's door is nothing to it.
pub(crate) fn leave(desk: &Desk) {
    let _ = shut(desk, Nothing {});
    if let Some((_, told)) = held(&desk.exchange().door.0).as_ref() {
        held(&told.guests).clear();
        *held(&told.strangers) = 0;
        *held(&told.trouble) = None;
    }
}

fn is_open(desk: &Desk, job: JobNo, told: &Told) -> bool {
    !told.shut.load(Ordering::Relaxed) && !has_ended(desk, job)
}

fn has_ended(desk: &Desk, job: JobNo) -> bool {
    jobs::look(desk, job).map_or(true, |now| now.ended)
}

/// Its ears must be free before others listen there.
fn end(desk: &Desk, before: JobNo) {
    while !has_ended(desk, before) {
        std::thread::sleep(LOOK);
    }
    let _ = desk.result::<()>(before);
}

fn kept(desk: &Desk, job: &Job, told: &Told) -> Result<()> {
    match keep(desk, job, told) {
        Ok(()) => Ok(()),
        Err(Failed::Ledger(error)) => Err(error),
        Err(Failed::Trouble(trouble)) => {
            *held(&told.trouble) = Some(trouble.name().to_owned());
            Ok(())
        }
    }
}

/// One whom the township has not let in, or has struck off, has nothing to exchange with anybody.
fn is_of_the_village(desk: &Desk) -> Result<(), Failed> {
    match desk.read(belonging)? {
        None => Err(Trouble::NotEnrolled.into()),
        Some(about) if about.revoked => Err(Trouble::Revoked.into()),
        Some(about) if about.waits => Err(Trouble::Waits.into()),
        Some(_) => Ok(()),
    }
}

/// A guest inside.
struct Inside<'scope> {
    thread: std::thread::ScopedJoinHandle<'scope, ()>,
    leash: Leash,
    since: Instant,
}

fn keep(desk: &Desk, job: &Job, told: &Told) -> Result<(), Failed> {
    is_of_the_village(desk)?;
    let room = &desk.place().room;
    let until = forward() + room.open_for;
    let stop = std::cell::Cell::new(false);
    let mut hand = Hand::of(desk, &stop)?;
    let chain = hand.chain();
    let door = Door::open(&mut hand, room.door, room.ears)?;
    std::thread::scope(|scope| {
        let mut inside: Vec<Inside<'_>> = Vec::new();
        while !job.is_stopped() && (forward() < until || !inside.is_empty()) {
            inside.retain(|guest| !guest.thread.is_finished());
            inside.iter().filter(|guest| guest.since.elapsed() > LONGEST_STAY).for_each(|guest| guest.leash.cut());
            door.answer_calls();
            let knock = if forward() < until && inside.len() < MOST { door.knock()? } else { None };
            let Some(knock) = knock else {
                std::thread::sleep(LOOK);
                continue;
            };
            let leash = knock.leash()?;
            let thread = scope.spawn(move || received(desk, chain, knock, told));
            inside.push(Inside { thread, leash, since: forward() });
        }
        inside.iter().for_each(|guest| guest.leash.cut());
        Ok(())
    })
}

fn received(desk: &Desk, chain: (uuid::Uuid, uuid::Uuid), knock: Knock, told: &Told) {
    let stop = std::cell::Cell::new(false);
    let mut machine = desk.machine();
    match knock.receive(&mut Hand::for_chain(desk, chain, &stop), &mut machine) {
        Ok(Came::Guest(guest)) => {
            let applied = guest.read.applied as u32;
            let guest = RoomGuest { who: guest.who, applied, at_ms: machine.now_ms(), trouble: None };
            held(&told.guests).push(guest);
            desk.exchange().heard(&Touched::default());
        }
        Ok(Came::Stranger) => *held(&told.strangers) += 1,
        Ok(Came::Nobody) | Err(Failed::Trouble(_)) => {}
        Err(Failed::Ledger(error)) => {
            tracing::warn!(code = error.code().map(lianhu_ledger::Code::name), "a guest was not taken in");
        }
    }
}

/// 找旁边的电脑.
pub fn find(desk: &Desk, _: Nothing) -> Result<JobNo> {
    Ok(desk.begin(|desk, job| match sought(desk, job) {
        Ok(met) => Ok(RoomFound { trouble: None, met }),
        Err(Failed::Ledger(error)) => Err(error),
        Err(Failed::Trouble(trouble)) => {
            Ok(RoomFound { trouble: Some(trouble.name().to_owned()), ..RoomFound::default() })
        }
    }))
}

pub fn found(desk: &Desk, job: JobNo) -> Result<RoomFound> {
    desk.result(job)
}

fn sought(desk: &Desk, job: &Job) -> Result<Vec<RoomGuest>, Failed> {
    is_of_the_village(desk)?;
    let step = |name: &str, done: usize, of: usize| job.at(name, done as u32, of as u32).map_err(|_| Trouble::Stopped);
    step("calling", 0, 0)?;
    let stop = std::cell::Cell::new(false);
    let mut hand = Hand::of(desk, &stop)?;
    let mut machine = desk.machine();
    let room = &desk.place().room;
    let all = call_out(&mut hand, &mut machine, &room.places(), room.spells, &|| !job.is_stopped())?;
    let mut met = Vec::new();
    for (nth, one) in all.iter().enumerate() {
        step("meeting", nth, all.len())?;
        let mut guest = RoomGuest { who: one.who.clone(), at_ms: machine.now_ms(), ..RoomGuest::default() };
        match visit(&mut hand, &mut machine, one) {
            Ok(read) => guest.applied = read.applied as u32,
            Err(Failed::Trouble(trouble)) => guest.trouble = Some(trouble.name().to_owned()),
            Err(error) => return Err(error),
        }
        met.push(guest);
    }
    step("meeting", all.len(), all.len())?;
    desk.exchange().heard(&Touched::default());
    Ok(met)
}

#[cfg(test)]
mod tests;
