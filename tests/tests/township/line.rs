//! Lines that cut, crawl, lose the answer, and lines to somebody else.

use lianhu_tests::dice::Dice;
use lianhu_tests::proxy::Weather;
use lianhu_tests::town::Town;
use serde_json::json;

use crate::{Village, number, seed, times};

/// What a laptop believes is received is there.
fn nobody_believes_too_much(village: &Village, written: &[String]) {
    let status = village.cadre.status();
    let waiting = number(&status, "waiting");
    let here = village.town.dump();
    let missing = written.iter().filter(|word| times(&here, word) == 0).count() as u64;
    assert!(missing <= waiting, "{missing} are not there, {waiting} are said to wait");
}

pub fn through_bad_weather(village: &Village, seed: u64) {
    let mut dice = Dice::new(seed);
    let mut written = Vec::new();
    for nth in 0..12 {
        let word = format!("\"第{nth}处\"");
        village.cadre.put("household", &json!({ "number": 100 + nth, "address": word.trim_matches('"') }));
        written.push(word);
        village.town.line.set(match nth % 3 {
            0 => Weather::Cuts(12_000),
            1 => Weather::Deaf(6_000),
            _ => Weather::Late(20),
        });
        for _try in 0..=dice.below(3) {
            village.cadre.sync();
            nobody_believes_too_much(village, &written);
        }
    }
    village.town.line.set(Weather::Cuts(40_000));
    village.cadre.sync_at_last(60);
    village.town.line.set(Weather::Fair);
    let dump = village.all_agree();
    for word in &written {
        assert_eq!(times(&dump, word), 1, "{word}");
    }
}

#[test]
fn cuts_and_lost_answers_lose_and_double_nothing() {
    let seed = seed();
    through_bad_weather(&Village::new(seed), seed);
}

#[test]
fn at_two_kilobytes_a_second_a_day_gets_through() {
    let village = Village::new(seed());
    for nth in 0..60 {
        village.cadre.household(300 + nth);
    }
    village.town.line.set(Weather::Slow(2_048));
    let (up, down) = village.town.line.carried();
    village.cadre.sync().done();
    let (up, down) = (village.town.line.carried().0 - up, village.town.line.carried().1 - down);
    eprintln!("60 households: {up} bytes up, {down} down");
    village.town.line.set(Weather::Fair);
    village.all_agree();
}

#[test]
fn no_line_a_portal_and_somebody_elses_server_change_nothing_and_are_told_apart() {
    let village = Village::new(seed());
    village.cadre.household(50);
    let before = village.cadre.dump();
    let waiting = village.cadre.status()["waiting"].clone();
    let elsewhere = Town::new(2, None);
    let mut sentences = Vec::new();
    let own = village.town.address();
    for weather in [Weather::Down, Weather::Portal] {
        village.town.line.set(weather);
        sentences.push(village.cadre.sync().refused());
    }
    village.town.line.set(Weather::Fair);
    village.town.line.lead_to(elsewhere.address());
    sentences.push(village.cadre.sync().refused());
    assert_eq!(village.cadre.dump(), before);
    assert_eq!(village.cadre.status()["waiting"], waiting);
    assert_ne!(sentences[0], sentences[2], "no line and a wrong server are two things");
    village.town.line.lead_to(own);
    village.all_agree();
}
