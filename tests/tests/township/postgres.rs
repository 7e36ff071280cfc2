//! The same stories with the township on a real PostgreSQL server, started by the test.

use lianhu_tests::postgres::{Postgres, Shooting, address};

use crate::{Village, kills, line, mishaps, month, seed};

/// Skipped with a clear word only where the server's programs are not on the machine.
fn on_a_server(story: impl FnOnce(&mut Village, &Postgres, u64)) {
    let Some(server) = Postgres::start() else { return };
    let seed = seed();
    story(&mut Village::on(seed, Some(address(&server))), &server, seed);
}

#[test]
fn a_month_apart_is_joined_over_the_line_and_by_stick() {
    on_a_server(|village, _, _| month::apart_and_joined(village));
    on_a_server(|village, _, _| month::apart_and_joined_by_stick(village));
}

#[test]
fn cuts_and_lost_answers_lose_and_double_nothing() {
    on_a_server(|village, _, seed| line::through_bad_weather(village, seed));
}

#[test]
fn kills_while_they_speak_lose_and_double_nothing() {
    on_a_server(|village, _, seed| kills::killed_while_they_speak(village, seed, 24));
}

#[test]
fn backends_that_are_shot_under_load_lose_and_double_nothing() {
    on_a_server(|village, server, seed| {
        let shooting = Shooting::at(server, 40);
        line::through_bad_weather(village, seed);
        shooting.stop();
        village.all_agree();
    });
}

#[test]
fn a_lost_laptop_is_shut_out() {
    on_a_server(|village, _, _| mishaps::a_lost_laptop_is_shut_out(village));
}
