//! The whole of the exchange in a world that is against it: laptops, a township, sticks that travel for a month, a
//! network that drops, doubles, delays and reorders, crashes between any two steps, clocks anywhere, copied disks,
//! restored laptops and servers, an emptied server, members revoked, releases mixed. Every throw is seeded; the seed is
//! in every failure.
//!
//! It runs the plan that the programs run. What must hold is said in [`oracle`].

mod keys;
mod mishaps;
pub mod model;
mod oracle;
pub mod real;
pub mod store;
mod turns;

use std::collections::BTreeMap;

use lianhu_ledger::{BatchRef, Value};
use lianhu_sync::plan::device::{Device, Session};
use lianhu_sync::plan::township::Township;
use lianhu_sync::{Answer, Ask, Chain, Faults, May, Member, Parcel, Root, Signer, Suite};
use uuid::Uuid;

use crate::dice::Dice;
use model::{Model, Place};
use oracle::Oracle;
use store::Store;

pub use oracle::Wrong;

pub const MINUTE: u64 = 60_000;
pub const HOUR: u64 = 60 * MINUTE;
pub const DAY: u64 = 24 * HOUR;
/// A morning in November 2026.
const START: u64 = 1_793_840_400_000;

/// How a run is set up.
#[derive(Clone, Copy)]
pub struct Settings {
    pub seed: u64,
    pub days: u64,
    pub faults: Faults,
}

/// What happened: a run in which nothing happened proves nothing.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub device_days: u64,
    pub did: BTreeMap<&'static str, u64>,
}

impl Tally {
    pub fn count(&mut self, what: &'static str) {
        *self.did.entry(what).or_default() += 1;
    }

    pub fn add(&mut self, other: &Tally) {
        self.device_days += other.device_days;
        other.did.iter().for_each(|(what, times)| *self.did.entry(what).or_default() += times);
    }
}

enum Event {
    Live(usize),
    Sync(usize),
    Ask(usize, Box<Ask>),
    Answer(usize, Box<Answer>),
    /// A stick arrives, at a laptop or at the township.
    Package(Option<usize>, Vec<Parcel>),
    Mishap,
    /// The township's clerk says yes or no to what waits.
    Decide(BatchRef),
}

pub struct Laptop<S: Store> {
    pub store: S,
    signer: Box<dyn Signer>,
    key: u64,
    skew_ms: i64,
    session: Option<Session>,
    rounds: u32,
    copies: Vec<S::Copy>,
    revoked: bool,
    /// What this laptop last told its neighbours by stick, so that a stick carries what is new.
    told: BTreeMap<Chain, u64>,
}

pub struct Sim<S: Store> {
    settings: Settings,
    dice: Dice,
    now: u64,
    nth: u64,
    events: BTreeMap<(u64, u64), Event>,
    pub laptops: Vec<Laptop<S>>,
    pub township: Model,
    root: Chain,
    root_signer: Box<dyn Signer>,
    suite: &'static dyn Suite,
    keys: Keys,
    township_copies: Vec<Model>,
    oracle: Oracle,
    healing: bool,
    records: Vec<Uuid>,
    words: u64,
    pub tally: Tally,
}

/// A laptop's key, made of its seed.
type Keys = fn(u64) -> Box<dyn Signer>;

pub fn quick_keys(seed: u64) -> Box<dyn Signer> {
    Box::new(keys::QuickKey(seed.to_le_bytes().to_vec()))
}

pub const QUICK: &dyn Suite = &keys::Quick;

impl<S: Store> Sim<S> {
    /// A township, and laptops whose stores are made by `make` from what they believe.
    pub fn new(
        settings: Settings,
        suite: &'static dyn Suite,
        keys: Keys,
        mut make: impl FnMut(usize, Uuid, Root, Faults) -> S,
    ) -> Sim<S> {
        let mut dice = Dice::new(settings.seed);
        let mut id = || Uuid::from_u64_pair(dice.roll(), dice.roll());
        let (village, root_device) = (id(), id());
        let records = (0..10).map(|_| id()).collect();
        let root_signer = keys(settings.seed ^ 0x5eed);
        let root = Root { device: root_device, key: root_signer.public() };
        let chain = Chain { device: root_device, incarnation: 1 };
        let number = 2 + dice.below(3);
        let mut sim = Sim {
            now: START,
            nth: 0,
            events: BTreeMap::new(),
            laptops: Vec::new(),
            township: Model::new(village, chain, root.clone(), settings.faults),
            root: chain,
            root_signer,
            suite,
            keys,
            township_copies: Vec::new(),
            oracle: Oracle::default(),
            healing: false,
            records,
            words: 0,
            tally: Tally::default(),
            settings,
            dice,
        };
        for nth in 0..number {
            let store = make(nth, village, root.clone(), settings.faults);
            sim.add_laptop(store, settings.seed.wrapping_mul(31).wrapping_add(nth as u64), BTreeMap::new());
        }
        sim.enrol_all();
        sim.found();
        sim
    }

    fn add_laptop(&mut self, store: S, key: u64, told: BTreeMap<Chain, u64>) {
        let nth = self.laptops.len();
        self.laptops.push(Laptop {
            store,
            signer: (self.keys)(key),
            key,
            skew_ms: 0,
            session: None,
            rounds: 0,
            copies: Vec::new(),
            revoked: false,
            told,
        });
        let (live, sync) = (self.dice.below(DAY as usize) as u64, self.dice.below(DAY as usize) as u64);
        self.at(live, Event::Live(nth));
        self.at(sync, Event::Sync(nth));
    }

    fn enrol_all(&mut self) {
        for nth in 0..self.laptops.len() {
            let laptop = &self.laptops[nth];
            let role = if nth == 0 { "secretary" } else { "cadre" };
            let member = Member::new("w", role, laptop.signer.public(), May::Everything);
            let change = lianhu_sync::roster::entering(laptop.store.me().device, &member, &[]);
            self.township_writes("roster", vec![change]);
        }
        self.at(DAY / 2, Event::Mishap);
    }

    /// The first laptop begins the ledger.
    fn found(&mut self) {
        let mut wishes: Vec<(Place, Value)> = Vec::new();
        for nth in 0..self.records.len() {
            let word = self.word();
            wishes.push((("household".into(), self.records[nth], "address".into()), word));
        }
        self.edit(0, "import", &wishes, false);
    }

    fn word(&mut self) -> Value {
        self.words += 1;
        Value::Text(format!("w{}", self.words))
    }

    fn at(&mut self, after: u64, event: Event) {
        self.nth += 1;
        self.events.insert((self.now + after, self.nth), event);
    }

    /// Runs through the days, heals, and looks at what came of it.
    pub fn run(mut self) -> Result<Tally, Wrong> {
        let end = START + self.settings.days * DAY;
        self.until(end)?;
        self.heal()?;
        self.until(end + HOUR + MINUTE)?;
        self.check_the_end()?;
        self.tally.device_days = self.settings.days * self.laptops.len() as u64;
        Ok(self.tally)
    }

    fn until(&mut self, end: u64) -> Result<(), Wrong> {
        while let Some(((when, nth), event)) = self.events.pop_first() {
            if when > end {
                self.events.insert((when, nth), event);
                break;
            }
            self.now = when;
            self.happen(event)?;
        }
        self.now = end;
        Ok(())
    }

    fn happen(&mut self, event: Event) -> Result<(), Wrong> {
        match event {
            Event::Live(who) => self.live(who),
            Event::Sync(who) => self.begin_sync(who)?,
            Event::Ask(who, ask) => self.township_hears(who, &ask)?,
            Event::Answer(who, answer) => self.laptop_hears(who, *answer)?,
            Event::Package(to, parcels) => self.package_arrives(to, &parcels)?,
            Event::Mishap => self.mishap()?,
            Event::Decide(at) => self.decide(at),
        }
        Ok(())
    }

    fn clock(&self, who: usize) -> u64 {
        u64::try_from(i64::try_from(self.now).unwrap_or(i64::MAX).saturating_add(self.laptops[who].skew_ms))
            .unwrap_or(0)
    }

    fn device<'d>(&self, laptop: &'d Laptop<S>, now_ms: u64, leap: u32) -> Device<'d> {
        Device {
            suite: self.suite,
            signer: laptop.signer.as_ref(),
            now_ms,
            leap,
            most: 20_000,
            faults: self.settings.faults,
        }
    }

    fn office<'d>(&self, signer: &'d dyn Signer) -> Township<'d> {
        // Its clock ticks in minutes, so that many batches are received at one time.
        let now_ms = self.now - self.now % (10 * MINUTE);
        Township { suite: self.suite, signer, now_ms, faults: self.settings.faults }
    }

    fn live(&mut self, who: usize) {
        if self.healing {
            return;
        }
        let pause = self.dice.below(3 * DAY as usize) as u64;
        self.at(pause, Event::Live(who));
        let edits = 1 + self.dice.below(3);
        for _ in 0..edits {
            self.one_deed(who);
        }
    }

    fn one_deed(&mut self, who: usize) {
        let id = *self.dice.pick(&self.records).expect("there are records");
        let word = self.word();
        let (kind, field) = match self.dice.below(100) {
            0..6 => ("group", "name"),
            6..10 => ("household", "newer_field"),
            10..50 => ("household", "address"),
            50..80 => ("household", "note"),
            _ => ("household", "moved_to"),
        };
        let settles = self.dice.percent(30);
        let wish = ((kind.into(), id, field.into()), word);
        self.edit(who, if settles { "settle" } else { "put" }, &[wish], settles);
    }

    fn edit(&mut self, who: usize, op: &str, wishes: &[(Place, Value)], settles: bool) {
        // Clerks' clocks tick in quarters of a day, so that two of them write at one time.
        let clock = self.clock(who);
        let clock = clock - clock % (6 * HOUR);
        if self.laptops[who].store.edit(op, clock, wishes, settles).is_some() {
            self.tally.count("edits");
            for word in wishes.iter().filter_map(|(_, value)| store::words_of(value)) {
                self.oracle.written(word, who, self.laptops[who].revoked);
            }
        }
    }
}

/// One seed over models.
pub fn in_memory(settings: Settings) -> Result<Tally, Wrong> {
    let mut devices = Dice::new(settings.seed ^ 0xd0d0);
    let sim = Sim::new(settings, QUICK, quick_keys, |_, village, root, faults| {
        let device = Uuid::from_u64_pair(devices.roll(), devices.roll());
        let mut model = Model::new(village, Chain { device, incarnation: 1 }, root, faults);
        model.knows_newer = devices.percent(60);
        model
    });
    sim.run()
}
