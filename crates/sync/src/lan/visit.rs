//! 上门 — the side that calls out and goes: who of the village opens its door here, and the exchange with each.

use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

use lianhu_ledger::Edge;

use super::announce::{Here, heard, question};
use super::{PACKAGE_PATH, whose};
use crate::client::{Lends, Line, on_shelf};
use crate::shelf::{DeviceShelf, Shelf};
use crate::stick::{self, Read};
use crate::suite::Ed25519;
use crate::trouble::{Failed, Trouble};

/// One spell of listening; the question is asked again after each.
const SPELL: Duration = Duration::from_millis(500);

/// Datagrams of a spell that are looked at: more are somebody's noise.
const HEARD: usize = 1_000;

/// One that opens its door here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Met {
    pub at: SocketAddr,
    pub here: Here,
    /// Whose computer it is.
    pub who: String,
}

/// Somebody who was found is visited soon: so many spells are listened for whoever else is there.
const AT_LEAST: u32 = 2;

/// Calls out to these places until it has listened for so many spells, or is told to go on no longer; each one is found
/// once.
pub fn find<H: Lends>(
    hand: &mut H,
    edge: &mut dyn Edge,
    places: &[SocketAddr],
    spells: u32,
    goes_on: &dyn Fn() -> bool,
) -> Result<Vec<Met>, Failed> {
    let (village, me, roster) = on_shelf(hand, |shelf| Ok((shelf.village(), shelf.me().device, shelf.roster()?)))?;
    let nonce = edge.random();
    let socket = UdpSocket::bind(("0.0.0.0", 0))?;
    socket.set_broadcast(true)?;
    socket.set_read_timeout(Some(SPELL))?;
    let mut found: Vec<(SocketAddr, Here)> = Vec::new();
    let mut bytes = [0; 512];
    for spell in 0..spells {
        if !goes_on() || (spell >= AT_LEAST && !found.is_empty()) {
            break;
        }
        for place in places {
            // A network that is not there is no fault; another may be.
            let _ = socket.send_to(&question(village, &nonce), place);
        }
        for _ in 0..HEARD {
            let Ok((n, from)) = socket.recv_from(&mut bytes) else { break };
            let Some(here) = heard(&bytes[..n], village, &nonce, &roster, &Ed25519) else { continue };
            if here.device != me && found.iter().all(|(_, known)| known.device != here.device) {
                found.push((SocketAddr::new(from.ip(), here.port), here));
            }
        }
    }
    on_shelf(hand, |shelf| {
        let named = |(at, here): (SocketAddr, Here)| Ok(Met { at, here, who: whose(shelf, here.device)? });
        found.into_iter().map(named).collect()
    })
}

/// Leaves our package with it and takes its own in.
pub fn visit<H: Lends>(hand: &mut H, edge: &mut dyn Edge, met: &Met) -> Result<Read, Failed> {
    let made = on_shelf(hand, |shelf| {
        let key = shelf.roster()?.key_of(met.here.device).map(<[u8]>::to_vec).ok_or(Trouble::Stranger)?;
        Ok(stick::make(shelf, edge, Some((met.here.device, &key)))?.ok_or(Trouble::Newer)?)
    })?;
    let line = Line::to(&met.at.to_string(), met.here.pin)?;
    let package = line.post(PACKAGE_PATH, made.bytes)?;
    on_shelf(hand, |shelf| stick::read(shelf, edge, &package)?.map_err(|_| Trouble::NotOurTownship.into()))
}
