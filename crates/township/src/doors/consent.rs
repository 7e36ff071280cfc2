//! `POST /v1/consent` — the village's secretary sees who waits, and says yes.

use axum::extract::{Request, State};
use axum::response::Response;
use lianhu_sync::Roster;
use lianhu_sync::consent::{Answer, Ask, SECRETARY, WaitingComputer, bytes};
use lianhu_sync::protocol::wire::seal;
use uuid::Uuid;

use super::signed::allowed;
use crate::failure::{Failure, Outcome};
use crate::server::{Desk, Server};
use crate::town::{Place, Village};

pub async fn consent(State(desk): State<Desk>, request: Request) -> Response {
    match desk.body(request).await {
        Ok((body, _room)) => desk.work(move |server| heard(server, &body)).await,
        Err(response) => response,
    }
}

fn heard(server: &Server, body: &[u8]) -> Response {
    let ask: Ask = match allowed(server, body, is_secretary) {
        Ok(ask) => ask,
        Err(response) => return response,
    };
    match answer(server, &ask) {
        Ok(answer) => server.bytes(seal(&bytes(&answer), server.town.key())),
        // Somebody else has said yes or no meanwhile; who still waits is told the next time.
        Err(Failure::Said(..)) => server.nothing(),
        Err(Failure::Ledger(error)) => server.failed(&error),
    }
}

fn is_secretary(roster: &Roster, device: Uuid) -> bool {
    !roster.is_out(device) && roster.members.get(&device).is_some_and(|member| member.role == SECRETARY)
}

fn answer(server: &Server, ask: &Ask) -> Outcome<Answer> {
    let Some(village) = server.town.village_of(ask.village)? else { return Ok(Answer::default()) };
    if let Some(yes) = ask.yes
        && waiting(server, &village)?.iter().any(|computer| computer.device == yes)
    {
        server.town.approve(yes)?;
        server.town.note(&ask.device.to_string(), "approve", &yes.to_string())?;
        tracing::info!("a secretary let a computer in");
    }
    Ok(Answer { waiting: waiting(server, &village)? })
}

fn waiting(server: &Server, village: &Village) -> Outcome<Vec<WaitingComputer>> {
    let computers = server.town.computers(village)?.into_iter().filter(|computer| computer.place == Place::Waits);
    let told =
        |c: crate::town::Computer| WaitingComputer { device: c.device, who: c.who, role: c.role, short: c.short };
    Ok(computers.map(told).collect())
}
