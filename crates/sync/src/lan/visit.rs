//! 上门 — the side that calls out and goes: who of the village opens its door here, and the exchange with each.

use std::borrow::BorrowMut;
use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

use lianhu_ledger::{Edge, Ledger};

use super::PACKAGE_PATH;
use super::announce::{Here, heard, question};
use crate::client::Line;
use crate::ledger_shelf::LedgerShelf;
use crate::shelf::{DeviceShelf, Shelf};
use crate::stick::{self, Read};
use crate::suite::Ed25519;
use crate::trouble::{Failed, Trouble};

/// One spell of listening; the question is asked again after each.
const SPELL: Duration = Duration::from_millis(500);

/// Datagrams of a spell that are looked at: more are somebody's noise.
const HEARD: usize = 1_000;

/// Calls out to these places for so many spells; each one is found once.
pub fn find<L: BorrowMut<Ledger>>(
    shelf: &LedgerShelf<L>,
    edge: &mut dyn Edge,
    places: &[SocketAddr],
    spells: u32,
) -> Result<Vec<(SocketAddr, Here)>, Failed> {
    let (village, me, roster, nonce) = (shelf.village(), shelf.me().device, shelf.roster()?, edge.random());
    let socket = UdpSocket::bind(("0.0.0.0", 0))?;
    socket.set_broadcast(true)?;
    socket.set_read_timeout(Some(SPELL))?;
    let mut found: Vec<(SocketAddr, Here)> = Vec::new();
    let mut bytes = [0; 512];
    for _ in 0..spells {
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
    Ok(found)
}

/// Leaves our package with it and takes its own in.
pub fn visit<L: BorrowMut<Ledger>>(
    shelf: &mut LedgerShelf<L>,
    edge: &mut dyn Edge,
    (place, here): &(SocketAddr, Here),
) -> Result<Read, Failed> {
    let key = shelf.roster()?.key_of(here.device).map(<[u8]>::to_vec).ok_or(Trouble::Stranger)?;
    let made = stick::make(shelf, edge, Some((here.device, &key)))?.ok_or(Trouble::Newer)?;
    let line = Line::to(&place.to_string(), here.pin)?;
    let package = line.post(PACKAGE_PATH, made.bytes)?;
    stick::read(shelf, edge, &package)?.map_err(|_| Trouble::NotOurTownship.into())
}
