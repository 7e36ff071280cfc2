//! What goes wrong, and what the township's clerk does.

use std::collections::BTreeSet;

use lianhu_ledger::{BatchRef, Value};
use lianhu_sync::{Chain, Command, Commit, May, Shelf, TownshipShelf, guard};
use uuid::Uuid;

use super::model::Place;
use super::oracle::Wrong;
use super::store::Store;
use super::{DAY, Event, HOUR, MINUTE, START, Sim};

const YEAR: i64 = 365 * DAY as i64;

impl<S: Store> Sim<S> {
    pub(super) fn mishap(&mut self) -> Result<(), Wrong> {
        if self.healing {
            return Ok(());
        }
        let pause = self.dice.below(3 * DAY as usize) as u64;
        self.at(pause, Event::Mishap);
        let who = self.dice.below(self.laptops.len());
        match self.dice.below(100) {
            0..12 => self.set_clock(who),
            12..40 => self.send_stick(who)?,
            40..54 => self.back_up(who),
            54..62 => self.township_copies.push(self.township.clone()),
            62..66 => self.restore(who),
            66..68 => self.clone_laptop(who),
            68..71 => self.restore_township(),
            71..79 => self.change_role(who),
            79..80 => self.revoke(who),
            80..84 => self.wipe_out(who),
            84..90 => self.laptops[who].store.upgrade(),
            90..92 => self.lose_a_row(who),
            92..93 => self.newcomer(who),
            _ => {}
        }
        Ok(())
    }

    /// Of every two villages one has its server lost, the other its disks copied: a number that two lives of a server
    /// have received with different content is more than the plan can put right, see `Device::hear`.
    fn servers_are_lost(&self) -> bool {
        self.settings.seed.is_multiple_of(2)
    }

    fn set_clock(&mut self, who: usize) {
        let settings =
            [0, 0, 72 * YEAR, -7 * YEAR, 7 * MINUTE as i64, -11 * MINUTE as i64, 3 * HOUR as i64, -30 * DAY as i64];
        self.laptops[who].skew_ms = *self.dice.pick(&settings).expect("there are settings");
        self.tally.count("clocks set");
    }

    fn back_up(&mut self, who: usize) {
        let copy = self.laptops[who].store.copy();
        self.laptops[who].copies.push(copy);
    }

    /// What only this laptop had is lost with its disk; nobody can be asked for it.
    fn restore(&mut self, who: usize) {
        let laptop = &mut self.laptops[who];
        if laptop.copies.is_empty() {
            return;
        }
        let nth = self.dice.below(laptop.copies.len());
        let before = laptop.store.words();
        laptop.store = S::from_copy(&laptop.copies[nth]);
        laptop.copies.truncate(nth + 1);
        laptop.session = None;
        // By the program's own way back it is a new incarnation; who copies the file by hand knows nothing of that.
        if self.servers_are_lost() || self.dice.percent(50) {
            let laptop = &mut self.laptops[who];
            let next = laptop.store.me().incarnation + 1 + self.dice.below(1 << 20) as u32;
            laptop.store.commit(&[Command::Incarnation(next)]).expect("it is writable");
        }
        self.tally.count("laptops restored");
        self.forget(before);
    }

    /// A bad spot on the disk: found by the sums, fetched again, and nobody need choose anything.
    fn lose_a_row(&mut self, who: usize) {
        let roll = self.dice.roll() as usize;
        if self.laptops[who].revoked {
            return;
        }
        let before = self.laptops[who].store.words();
        if let Some(at) = self.laptops[who].store.lose_a_row(roll) {
            self.oracle.lost_a_row(at);
            self.tally.count("rows lost");
            // It may have been the last to hold what a server lost.
            self.forget(before);
        }
    }

    /// Another computer joins and hears everything from the beginning.
    fn newcomer(&mut self, who: usize) {
        if self.laptops.len() > 5 {
            return;
        }
        let device = Uuid::from_u64_pair(self.dice.roll(), self.dice.roll());
        let Some(store) = self.laptops[who].store.newcomer(device) else { return };
        let key = self.dice.roll();
        self.add_laptop(store, key, Default::default());
        let nth = self.laptops.len() - 1;
        let member = lianhu_sync::Member::new("w", "cadre", self.laptops[nth].signer.public(), May::Everything);
        self.township_writes("roster", vec![lianhu_sync::roster::entering(device, &member, &[])]);
        self.tally.count("newcomers");
    }

    /// Two computers with one disk: each goes on as if it were the only one.
    fn clone_laptop(&mut self, who: usize) {
        if self.servers_are_lost() || self.laptops.len() > 5 || self.laptops[who].revoked {
            return;
        }
        let copy = self.laptops[who].store.copy();
        let store = S::from_copy(&copy);
        let told = self.laptops[who].told.clone();
        self.add_laptop(store, self.laptops[who].key, told);
        self.tally.count("laptops copied");
    }

    /// Last week's backup, or nothing at all but the key and the village's name.
    fn restore_township(&mut self) {
        if !self.servers_are_lost() {
            return;
        }
        let before = self.township.words();
        let old = self.township.feed.clone();
        let nth = self.dice.below(self.township_copies.len() + 1);
        let empty = nth == self.township_copies.len();
        let epoch = self.township.epoch;
        if empty {
            let root = lianhu_sync::Root { device: self.root.device, key: self.root_signer.public() };
            self.township = super::Model::new(self.township.village(), self.root, root, self.settings.faults);
            self.tally.count("servers emptied");
        } else {
            self.township = self.township_copies[nth].clone();
            self.township_copies.truncate(nth + 1);
            self.tally.count("servers restored");
        }
        // A program that starts on a copied folder cannot know it; one that restores begins another incarnation.
        let by_hand = !empty && self.dice.percent(40);
        self.township.epoch = if by_hand { self.township.epoch } else { epoch.max(self.township.epoch) + 1 };
        self.root.incarnation += 1;
        self.oracle.server_forgot(&old, &self.township.feed);
        self.forget(before);
        self.enrol_again();
    }

    /// A server that was emptied or put back does not know everybody, and tells them so; its clerk enrols them again.
    fn enrol_again(&mut self) {
        let mut seen: BTreeSet<Uuid> = match self.township.roster() {
            Ok(roster) => roster.members.keys().copied().collect(),
            Err(_) => BTreeSet::new(),
        };
        for nth in 0..self.laptops.len() {
            let (device, key) = (self.laptops[nth].store.me().device, self.laptops[nth].signer.public());
            if !self.laptops[nth].revoked && seen.insert(device) {
                let member = lianhu_sync::Member::new("w", "cadre", key, May::Everything);
                self.township_writes("roster", vec![lianhu_sync::roster::entering(device, &member, &[])]);
            }
        }
    }

    fn permit(&mut self, device: Uuid, may: May) {
        let roster = self.township.roster().expect("the model can be read");
        let Some(mut member) = roster.members.get(&device).cloned() else { return };
        let heads = self.township.heads().expect("the model can be read");
        let heard = heads.iter().filter(|(chain, _)| chain.device == device);
        member.then(heard.map(|(chain, head)| (chain.incarnation, head.seq)).collect(), may);
        self.township_writes("roster", vec![lianhu_sync::roster::entering(device, &member, &[])]);
    }

    fn change_role(&mut self, who: usize) {
        let device = self.laptops[who].store.me().device;
        if who == 0 || self.laptops[who].revoked || self.township.newest().unwrap_or(0) < 3 {
            return;
        }
        let may = if self.dice.percent(70) { May::Kinds(["household".to_owned()].into()) } else { May::Everything };
        self.permit(device, may);
        self.tally.count("roles changed");
    }

    fn revoke(&mut self, who: usize) {
        let device = self.laptops[who].store.me().device;
        if self.laptops[0].store.me().device == device || self.now < START + 40 * DAY {
            return;
        }
        self.permit(device, May::Nothing);
        let mut before = BTreeSet::new();
        for laptop in self.laptops.iter_mut().filter(|laptop| laptop.store.me().device == device) {
            laptop.revoked = true;
            before.extend(laptop.store.words());
        }
        // It may have been the last to hold what others wrote and a server lost.
        self.forget(before);
        // What the township has not received of it is refused from now on.
        let kept = self.township.words();
        self.oracle.only_these(|word| kept.contains(word), device, |who| self.laptops[who].store.me().device == device);
        self.tally.count("revoked");
    }

    /// Somebody voids sixty records at one stroke.
    fn wipe_out(&mut self, who: usize) {
        if !S::TAKES_ANYTHING || self.laptops[who].revoked {
            return;
        }
        let wishes: Vec<(Place, Value)> = (0..60)
            .map(|_| {
                let id = Uuid::from_u64_pair(self.dice.roll(), self.dice.roll());
                (("group".into(), id, "gone".into()), Value::text("gone"))
            })
            .collect();
        self.edit(who, "void", &wishes, false);
        self.tally.count("mass changes");
    }

    pub(super) fn decide(&mut self, at: BatchRef) {
        let yes = self.healing || self.dice.percent(60);
        let asked = self.asked_about(at);
        asked.iter().for_each(|at| self.oracle.decided(*at));
        if yes {
            self.township.commit(&guard::yes(at.device, &asked, self.now)).expect("the model takes it");
            self.revisit();
        } else {
            self.township_writes("roster", asked.into_iter().map(lianhu_sync::roster::refusing).collect());
        }
        self.tally.count(if yes { "mass changes let in" } else { "mass changes refused" });
    }

    /// All that waits with that batch: the township's clerk is shown the day, and answers for it once.
    fn asked_about(&mut self, at: BatchRef) -> Vec<BatchRef> {
        let signer = self.take_signer();
        let heard = self.office(signer.as_ref()).revisit(&self.township).expect("the model can be read");
        self.root_signer = signer;
        let asked = heard.asked(Chain::of(at));
        if asked.contains(&at) { asked } else { vec![at] }
    }

    /// From here on everything works, and everyone is on the line.
    pub(super) fn heal(&mut self) -> Result<(), Wrong> {
        self.one_last_evening();
        self.healing = true;
        for who in 0..self.laptops.len() {
            self.laptops[who].store.upgrade();
            self.laptops[who].session = None;
            let pause = 1 + self.dice.below(4 * MINUTE as usize) as u64;
            self.at(pause, Event::Sync(who));
        }
        self.township.knows_newer = true;
        for at in self.oracle.undecided() {
            self.decide(at);
        }
        Ok(())
    }

    /// Everyone writes to the same few places, unseen by the others.
    fn one_last_evening(&mut self) {
        for who in 0..self.laptops.len() {
            let mut wishes: Vec<(Place, Value)> = Vec::new();
            for nth in 0..4 {
                let word = self.word();
                wishes.push((("household".into(), self.records[nth], "note".into()), word));
            }
            self.edit(who, "put", &wishes, false);
        }
    }

    /// Words that were lost with a disk and are nowhere else.
    fn forget(&mut self, before: BTreeSet<String>) {
        let mut elsewhere = self.township.words();
        for laptop in self.laptops.iter_mut().filter(|laptop| !laptop.revoked) {
            elsewhere.extend(laptop.store.words());
        }
        self.oracle.gone_with_the_disk(before.difference(&elsewhere));
    }

    pub(super) fn chain_of(&self, who: usize) -> Chain {
        self.laptops[who].store.me()
    }
}
