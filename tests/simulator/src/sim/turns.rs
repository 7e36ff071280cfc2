//! Asks and answers on a network that drops, doubles, delays and reorders, with a crash possible between any two steps.

use std::collections::BTreeMap;

use lianhu_ledger::Change;
use lianhu_sync::plan::after::{judge_again, settle};
use lianhu_sync::plan::device::Session;
use lianhu_sync::plan::township::Heard;
use lianhu_sync::plan::{Half, order};
use lianhu_sync::protocol::wire;
use lianhu_sync::{Answer, Ask, Command, Commit, Parcel, Why, package};

use super::oracle::Wrong;
use super::store::Store;
use super::{DAY, Event, HOUR, MINUTE, Sim};

/// Asks of one session.
const ROUNDS: u32 = 40;

impl<S: Store> Sim<S> {
    pub(super) fn begin_sync(&mut self, who: usize) -> Result<(), Wrong> {
        let pause = if self.healing { 4 * MINUTE } else { self.dice.below(2 * DAY as usize) as u64 };
        self.at(pause + 1, Event::Sync(who));
        if self.laptops[who].revoked {
            return Ok(());
        }
        // Whoever was still waiting for an answer has given up by now.
        self.laptops[who].session = Some(Session::default());
        self.laptops[who].rounds = 0;
        self.ask(who)
    }

    fn ask(&mut self, who: usize) -> Result<(), Wrong> {
        let Some(mut session) = self.laptops[who].session.take() else { return Ok(()) };
        let leap = self.dice.roll() as u32;
        let (commands, ask) = {
            let laptop = &self.laptops[who];
            let device = self.device(laptop, self.clock(who), leap);
            device.ask(&laptop.store, &mut session).map_err(|e| self.wrong(who, &e.to_string()))?
        };
        self.look_at(who, &commands)?;
        self.commit(who, &commands)?;
        self.laptops[who].session = Some(session);
        if !self.crashes(who) {
            let ask = self.over_the_wire(ask);
            self.send(|sim| sim.happens_at_township(who, &ask));
        }
        Ok(())
    }

    fn happens_at_township(&self, who: usize, ask: &Ask) -> Event {
        debug_assert!(who < self.laptops.len());
        Event::Ask(who, Box::new(ask.clone()))
    }

    fn send(&mut self, event: impl Fn(&Self) -> Event) {
        if self.healing {
            let event = event(self);
            self.at(500, event);
            return;
        }
        let copies = match self.dice.below(100) {
            0..12 => 0,
            12..18 => 2,
            _ => 1,
        };
        if copies == 0 {
            self.tally.count("messages dropped");
        }
        for _ in 0..copies {
            let delay = match self.dice.below(100) {
                0..2 => self.dice.below(30 * DAY as usize) as u64,
                2..10 => self.dice.below(HOUR as usize) as u64,
                _ => 200 + self.dice.below(2000) as u64,
            };
            let event = event(self);
            self.at(delay, event);
        }
    }

    /// Now and then a message really becomes bytes and comes back.
    fn over_the_wire(&mut self, ask: Ask) -> Ask {
        if !self.dice.percent(2) {
            return ask;
        }
        let back = wire::read_ask(&wire::ask_bytes(&ask)).expect("an ask comes back from its bytes");
        assert!(back == ask, "seed {}: an ask is another when it comes back from its bytes", self.settings.seed);
        back
    }

    fn crashes(&mut self, who: usize) -> bool {
        let crashes = !self.healing && self.dice.percent(4);
        if crashes {
            self.tally.count("crashes");
            self.laptops[who].session = None;
            self.laptops[who].store.restart();
        }
        crashes
    }

    pub(super) fn commit(&mut self, who: usize, commands: &[Command]) -> Result<(), Wrong> {
        if commands.is_empty() {
            return Ok(());
        }
        let done = self.laptops[who].store.commit(commands);
        done.map_err(|e| self.wrong(who, &format!("a commit fails: {e}")))?;
        self.chains_hold(who, commands)
    }

    pub(super) fn township_hears(&mut self, who: usize, ask: &Ask) -> Result<(), Wrong> {
        let signer = self.take_signer();
        let office = self.office(signer.as_ref());
        let faults = self.settings.faults;
        let heard = office.hear(&self.township, ask).expect("the model can be read");
        self.tally.count("asks");
        for half in order(faults) {
            match half {
                Half::Commit => self.township_commits(&heard)?,
                Half::Answer => {
                    let answer = office.answer(&self.township, ask, heard.clone()).expect("the model can be read");
                    let answer = self.answer_over_the_wire(answer);
                    self.send(|_| Event::Answer(who, Box::new(answer.clone())));
                }
            }
            if !self.healing && self.dice.percent(3) {
                self.tally.count("server crashes");
                break;
            }
        }
        self.root_signer = signer;
        Ok(())
    }

    fn answer_over_the_wire(&mut self, answer: Answer) -> Answer {
        if !self.dice.percent(2) {
            return answer;
        }
        let back = wire::read_answer(&wire::answer_bytes(&answer)).expect("an answer comes back from its bytes");
        assert!(back == answer, "seed {}: an answer is another when it comes back", self.settings.seed);
        back
    }

    pub(super) fn take_signer(&mut self) -> Box<dyn lianhu_sync::Signer> {
        std::mem::replace(&mut self.root_signer, Box::new(super::keys::QuickKey(Vec::new())))
    }

    pub(super) fn township_commits(&mut self, heard: &Heard) -> Result<(), Wrong> {
        self.no_receipt_over_another(&heard.commands)?;
        self.township.commit(&heard.commands).expect("the model takes it");
        let commands = judge_again(&self.township, self.settings.faults).expect("the model can be read");
        self.township.commit(&commands).expect("the model takes it");
        for (at, why) in heard.held() {
            if *why == Why::Mass && self.oracle.waits(*at) {
                // In the last hour he sits at it: a day beyond the guard may hold two dozen, each asked for in its turn.
                let pause = if self.healing { MINUTE / 12 } else { DAY };
                self.at(pause, Event::Decide(*at));
            }
        }
        Ok(())
    }

    pub(super) fn township_writes(&mut self, op: &str, changes: Vec<Change>) {
        let signer = self.take_signer();
        let heard = self.office(signer.as_ref()).write(&self.township, self.root, op, changes);
        self.root_signer = signer;
        let heard = heard.expect("the model can be read");
        self.township_commits(&heard).expect("the township's own batch is received");
        self.revisit();
    }

    pub(super) fn revisit(&mut self) {
        let signer = self.take_signer();
        let heard = self.office(signer.as_ref()).revisit(&self.township).expect("the model can be read");
        self.root_signer = signer;
        self.township_commits(&heard).expect("what waited is received");
    }

    pub(super) fn laptop_hears(&mut self, who: usize, answer: Answer) -> Result<(), Wrong> {
        let waiting = self.laptops[who].session.take();
        let mut session = waiting.clone().unwrap_or_default();
        let leap = self.dice.roll() as u32;
        let before = self.laptops[who].store.cursor().expect("it can be read");
        let steps = {
            let laptop = &self.laptops[who];
            let device = self.device(laptop, self.clock(who), leap);
            device.hear(&laptop.store, &mut session, answer).map_err(|e| self.wrong(who, &e.to_string()))?
        };
        if session.repairs > waiting.as_ref().map_or(0, |s| s.repairs) {
            self.a_repair(who)?;
        }
        if session.revoked {
            self.laptops[who].revoked = true;
        }
        for step in &steps {
            if self.crashes(who) {
                return self.cursor_stands_on_data(who, before);
            }
            self.look_at(who, step)?;
            self.oracle.set_aside(step);
            self.commit(who, step)?;
        }
        self.settle(who)?;
        self.cursor_stands_on_data(who, before)?;
        let goes_on = waiting.is_some() && self.laptops[who].rounds < ROUNDS;
        let open = session.is_open(&self.laptops[who].store).map_err(|e| self.wrong(who, &e.to_string()))?;
        if goes_on && open && !self.crashes(who) {
            self.laptops[who].rounds += 1;
            self.laptops[who].session = Some(session);
            return self.ask(who);
        }
        Ok(())
    }

    fn settle(&mut self, who: usize) -> Result<(), Wrong> {
        let (suite, now, faults) = (self.suite, self.clock(who), self.settings.faults);
        let settled = settle(&mut self.laptops[who].store, suite, now, faults);
        settled.map_err(|e| self.wrong(who, &format!("settling fails: {e}")))
    }

    pub(super) fn package_arrives(&mut self, to: Option<usize>, parcels: &[Parcel]) -> Result<(), Wrong> {
        self.tally.count("packages");
        let Some(who) = to else {
            let signer = self.take_signer();
            let heard = self.office(signer.as_ref()).take(&self.township, parcels, 0).expect("the model can be read");
            self.root_signer = signer;
            self.township_commits(&heard)?;
            self.revisit();
            return Ok(());
        };
        let leap = self.dice.roll() as u32;
        let commands = {
            let laptop = &self.laptops[who];
            let device = self.device(laptop, self.clock(who), leap);
            device.read(&laptop.store, parcels).map_err(|e| self.wrong(who, &e.to_string()))?
        };
        if self.crashes(who) {
            return Ok(());
        }
        self.look_at(who, &commands)?;
        self.commit(who, &commands)?;
        self.settle(who)
    }

    /// A stick with one flipped bit is no stick; the same one unbent is.
    fn a_stick_is_bent(&mut self, from: usize, parcels: &[Parcel]) -> Result<(), Wrong> {
        let (suite, secret) = (self.suite, [0; 32]);
        let (store, signer) = (&self.laptops[from].store, self.laptops[from].signer.as_ref());
        let (village, me) = (store.village(), store.me().device);
        let roster = store.roster().map_err(|e| self.wrong(from, &e.to_string()))?;
        let Some(mut file) = package::make(village, me, parcels, BTreeMap::new(), None, signer) else { return Ok(()) };
        if let Ok((_, read)) = package::read(&file, village, &roster, suite, (me, &secret))
            && read != parcels
        {
            return Err(self.wrong(from, "a package says otherwise than what was put into it"));
        }
        let bit = self.dice.below(file.len() * 8);
        file[bit / 8] ^= 1 << (bit % 8);
        self.tally.count("sticks bent");
        match package::read(&file, village, &roster, suite, (me, &secret)) {
            Ok(_) => Err(self.wrong(from, &format!("a package with bit {bit} flipped is read"))),
            Err(_) => Ok(()),
        }
    }

    /// A stick is written, and arrives somewhere sooner or later, perhaps twice.
    pub(super) fn send_stick(&mut self, from: usize) -> Result<(), Wrong> {
        let whole = self.dice.percent(10);
        let (commands, parcels) = {
            let laptop = &self.laptops[from];
            let device = self.device(laptop, self.clock(from), 0);
            let has = if whole { Default::default() } else { laptop.told.clone() };
            device.parcels(&laptop.store, &has).map_err(|e| self.wrong(from, &e.to_string()))?
        };
        self.commit(from, &commands)?;
        if self.dice.percent(5) {
            self.a_stick_is_bent(from, &parcels)?;
        }
        let heads = self.laptops[from].store.heads().map_err(|e| self.wrong(from, &e.to_string()))?;
        self.laptops[from].told = heads.into_iter().map(|(chain, head)| (chain, head.seq)).collect();
        let to = Some(self.dice.below(self.laptops.len() + 1)).filter(|to| *to < self.laptops.len());
        for _ in 0..=self.dice.below(2) {
            let delay = self.dice.below(30 * DAY as usize) as u64;
            self.at(delay, Event::Package(to, parcels.clone()));
        }
        Ok(())
    }
}
