//! A month apart, by line and by stick.

use serde_json::json;

use crate::{Village, seed, times};

/// What both do while neither hears of the other.
fn a_month_apart(village: &Village) {
    let households = village.households();
    for (day, household) in (1..=25).zip(households.iter().cycle()) {
        let on = format!("2026-11-{day:02}");
        let visitor =
            village.secretary.put("person", &json!({ "name": format!("访客{day}"), "unit": "松河镇人民政府" }));
        village.secretary.put(
            "visit",
            &json!({ "household": household, "visitor": visitor, "on": on, "note": format!("书记{day}") }),
        );
        let visitor = village.cadre.put("person", &json!({ "name": format!("干部{day}"), "unit": "松河镇人民政府" }));
        village.cadre.put(
            "visit",
            &json!({ "household": household, "visitor": visitor, "on": on, "note": format!("干部{day}") }),
        );
    }
    village.secretary.address(&households[0], "河东");
    village.cadre.address(&households[0], "河西");
}

/// Both kept every line of both; one choice settles what both changed, and is everybody's.
fn both_are_whole_and_one_choice_settles(village: &Village) {
    let dump = village.all_agree();
    for day in 1..=25 {
        for who in ["书记", "干部"] {
            assert!(times(&dump, &format!("\"{who}{day}\"")) >= 1, "{who}{day} is there");
        }
    }
    let open = village.secretary.says(&["conflicts", "--json"]).json();
    let open = open.as_array().expect("a list");
    assert_eq!(open.len(), 1, "one place was changed by both: {open:?}");
    let id = open[0]["id"].as_str().expect("its name");
    village.secretary.says(&["settle", id, "theirs"]).done();
    let settled = village.all_agree();
    for laptop in [&village.secretary, &village.cadre] {
        assert_eq!(laptop.says(&["conflicts", "--json"]).json(), json!([]));
    }
    assert_ne!(settled, dump);
}

pub fn apart_and_joined(village: &Village) {
    a_month_apart(village);
    both_are_whole_and_one_choice_settles(village);
}

#[test]
fn a_month_apart_is_joined_over_the_line() {
    apart_and_joined(&Village::new(seed()));
}

/// The stick goes to the township and comes back with the receipts and what the other wrote.
pub fn apart_and_joined_by_stick(village: &Village) {
    a_month_apart(village);
    village.secretary.sync().done();
    let [there, back] = ["there.lhb", "back.lhb"].map(|name| village.town.file(name));
    let [there, back] = [&there, &back].map(|path| path.to_str().expect("a path in letters"));
    let before = village.cadre.status();
    village.cadre.says(&["package", "make", there]).done();
    let packed = village.cadre.status();
    assert_eq!(packed["waiting"], before["waiting"], "a stick in the pocket is no receipt");
    village.town.says(&["package", "read", there, "--answer", back]).done();
    village.cadre.says(&["package", "read", back]).done();
    assert_eq!(village.cadre.status()["waiting"], 0, "the answer brought the receipts");
    // The same stick once more, on both sides: nothing is doubled.
    let dump = village.town.dump();
    village.town.says(&["package", "read", there, "--answer", back]).done();
    village.cadre.says(&["package", "read", back]).done();
    assert_eq!(village.town.dump(), dump);
    both_are_whole_and_one_choice_settles(village);
}

#[test]
fn a_month_apart_is_joined_by_a_stick() {
    apart_and_joined_by_stick(&Village::new(seed()));
}

#[test]
fn a_stick_that_was_cut_or_bent_is_refused_whole() {
    let village = Village::new(seed());
    village.cadre.household(77);
    let [good, bad] = ["good.lhb", "bad.lhb"].map(|name| village.town.file(name));
    village.cadre.says(&["package", "make", good.to_str().expect("letters")]).done();
    let bytes = std::fs::read(&good).expect("the package");
    let dump = village.town.dump();
    let cuts = (0..bytes.len()).step_by(1_000).chain([bytes.len() - 1]).map(|n| bytes[..n].to_vec());
    let bends = (0..bytes.len()).step_by(bytes.len() / 12).map(|at| {
        let mut bent = bytes.clone();
        bent[at] ^= 1;
        bent
    });
    for file in cuts.chain(bends) {
        std::fs::write(&bad, file).expect("it is written");
        village.town.says(&["package", "read", bad.to_str().expect("letters")]).refused();
    }
    assert_eq!(village.town.dump(), dump);
    village.town.says(&["package", "read", good.to_str().expect("letters")]).done();
}
