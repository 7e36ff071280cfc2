//! kill -9 of either side while they speak.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use lianhu_tests::dice::{Dice, wished};
use lianhu_tests::town::Laptop;
use serde_json::json;

use crate::{Village, seed, times};

/// Waits without giving up the processor: the moment is what is being tried.
fn pass(time: Duration) {
    let begun = Instant::now();
    while begun.elapsed() < time {
        std::hint::spin_loop();
    }
}

fn start(laptop: &Laptop) -> Child {
    laptop.program(&["sync"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts")
}

fn end(mut child: Child) {
    let _ = child.kill();
    let _ = child.wait();
}

/// How long an undisturbed exchange takes on this machine today: kills fall anywhere within it.
fn usual(village: &Village) -> Duration {
    village.cadre.household(900);
    let begun = Instant::now();
    village.cadre.sync().done();
    begun.elapsed()
}

pub fn killed_while_they_speak(village: &mut Village, seed: u64, kills: usize) {
    let mut dice = Dice::new(seed);
    let usual = usual(village);
    let mut written = Vec::new();
    for nth in 0..kills {
        let laptop = if nth % 2 == 0 { &village.cadre } else { &village.secretary };
        let word = format!("\"第{nth}户\"");
        laptop.put("household", &json!({ "number": 1000 + nth, "address": word.trim_matches('"') }));
        written.push(word);
        let moment = usual.mul_f64(dice.below(1000) as f64 / 1000.0);
        let speaking = start(laptop);
        pass(moment);
        match nth % 4 {
            0 | 1 => end(speaking),
            2 => {
                village.town.kill();
                end(speaking);
                village.town.serve();
            }
            // The laptop lives to see its township gone.
            _ => {
                village.town.kill();
                let mut speaking = speaking;
                let _ = speaking.wait();
                village.town.serve();
            }
        }
    }
    let dump = village.all_agree();
    for word in &written {
        assert_eq!(times(&dump, word), 1, "{word}");
    }
}

#[test]
fn a_hundred_kills_while_they_speak_lose_and_double_nothing() {
    let seed = seed();
    let kills = wished("LIANHU_KILLS", 100) as usize;
    killed_while_they_speak(&mut Village::new(seed), seed, kills);
}
