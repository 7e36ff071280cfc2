//! Two laptops and a township, the real programs, over lines, sticks, kills and clocks as they are: in the end all three
//! print the same, nothing that was acknowledged is lost, nothing stands twice, and nobody was told “received” who was not.
//!
//! `LIANHU_SEED` starts elsewhere, `LIANHU_KILLS` goes on longer. Every story is told on the township's own files, and
//! those that hang on the store again on a real PostgreSQL server.

#[path = "township/consent.rs"]
mod consent;
#[path = "township/kills.rs"]
mod kills;
#[path = "township/line.rs"]
mod line;
#[path = "township/mishaps.rs"]
mod mishaps;
#[path = "township/month.rs"]
mod month;
#[path = "township/postgres.rs"]
mod postgres;

use std::path::Path;

use lianhu_tests::dice::wished;
use lianhu_tests::town::{Laptop, Town};
use serde_json::Value as Json;

/// Where a story begins that was not told where to; it says so when it fails.
fn seed() -> u64 {
    let seed = wished("LIANHU_SEED", 1);
    eprintln!("LIANHU_SEED={seed}");
    seed
}

/// A township, the secretary's laptop with a ledger that was there before it, and a cadre's that joined.
struct Village {
    town: Town,
    secretary: Laptop,
    cadre: Laptop,
}

impl Village {
    fn on(seed: u64, store: Option<String>) -> Village {
        let town = Town::new(seed, store);
        let secretary = town.secretary();
        (1..=3).for_each(|number| drop(secretary.household(number)));
        secretary.says(&["enrol", &town.code("secretary"), "--who", "韦志强"]).done();
        secretary.sync().done();
        let cadre = town.cadre("cadre");
        Village { town, secretary, cadre }
    }

    fn new(seed: u64) -> Village {
        Village::on(seed, None)
    }

    fn households(&self) -> Vec<String> {
        let list = self.secretary.says(&["list", "household", "--json"]).json();
        let ids = list.as_array().expect("a list").iter().map(|h| h["id"].as_str().expect("an id").to_owned());
        ids.collect()
    }

    /// Everyone speaks until nobody has more to say, and then all say the same.
    #[track_caller]
    fn all_agree(&self) -> String {
        for _round in 0..2 {
            self.secretary.sync_at_last(30);
            self.cadre.sync_at_last(30);
        }
        let dump = self.secretary.dump();
        assert_eq!(self.cadre.dump(), dump, "the two laptops");
        assert_eq!(self.town.dump(), dump, "the township and the laptops");
        for laptop in [&self.secretary, &self.cadre] {
            laptop.says(&["verify"]).done();
            assert_eq!(laptop.status()["waiting"], 0);
        }
        self.town.says(&["verify"]).done();
        dump
    }
}

/// How often a word stands in what somebody has.
fn times(dump: &str, word: &str) -> usize {
    dump.matches(word).count()
}

fn number(of: &Json, name: &str) -> u64 {
    of[name].as_u64().unwrap_or_else(|| panic!("no {name} in {of}"))
}

fn copy(from: &Path, to: &Path) {
    std::fs::copy(from, to).expect("it is copied");
}
