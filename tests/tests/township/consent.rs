//! A further laptop of the village, let in by its secretary: both screens show the same six digits.

use lianhu_tests::town::Laptop;

use crate::{Village, seed};

#[test]
fn a_secretary_lets_a_further_laptop_in_by_the_six_digits_on_its_screen() {
    let village = Village::new(seed());
    let further = Laptop::at(village.town.file("further.lianhu"), "陆永平");
    let said = further.says(&["join", &village.town.code("cadre"), "--who", "陆永平"]).refused();
    let waiting = village.secretary.says(&["approve", "--json"]).json()["waiting"].clone();
    let short = waiting[0]["short"].as_str().expect("six digits").to_owned();
    assert!(said.contains(&short), "its own screen shows them too: {said}");
    assert_eq!((waiting.as_array().map(Vec::len), waiting[0]["who"].as_str()), (Some(1), Some("陆永平")));
    // Wrong digits let nobody in, nor does the word of who is no secretary.
    let wrong = if short == "000000" { "000001" } else { "000000" };
    assert!(village.secretary.says(&["approve", wrong]).refused().contains(wrong));
    village.cadre.says(&["approve", &short]).refused();
    further.sync().refused();
    village.secretary.says(&["approve", &short]).done();
    let none = village.secretary.says(&["approve", "--json"]).json();
    assert_eq!(none["waiting"].as_array().map(Vec::len), Some(0));
    further.sync().done();
    village.all_agree();
    further.sync().done();
    assert_eq!(further.dump(), village.secretary.dump());
}
