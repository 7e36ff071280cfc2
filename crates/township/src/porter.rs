//! 门卫 — counts who is inside: so many connections from one house and in all. Who comes beyond that is not let in, and
//! may come again when somebody has gone. A village office, or a whole county behind one carrier's address, is one house.

use std::collections::HashMap;
use std::future::{Ready, ready};
use std::io::{Error, ErrorKind, Result};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use axum_server::accept::Accept;
use tokio::net::TcpStream;
use tower::Service;

use crate::limits::house;

/// So many connections at the same time.
#[derive(Clone, Copy, Debug)]
pub struct Places {
    pub of_a_house: usize,
    pub in_all: usize,
}

impl Default for Places {
    fn default() -> Places {
        Places { of_a_house: 1_000, in_all: 8_000 }
    }
}

impl Places {
    /// No more than the system has handles for; one house never has all of them.
    pub fn within(self, guests: usize) -> Places {
        let in_all = self.in_all.min(guests);
        Places { of_a_house: self.of_a_house.min(in_all / 2), in_all }
    }
}

#[derive(Clone, Debug)]
pub struct Porter {
    places: Places,
    inside: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Porter {
    pub fn new(places: Places) -> Porter {
        Porter { places, inside: Arc::default() }
    }

    /// One comes in, unless it is full.
    fn let_in(&self, address: IpAddr) -> Option<Inside> {
        let of = house(address);
        let mut inside = counted(&self.inside);
        let from_there = inside.get(&of).copied().unwrap_or(0);
        if from_there >= self.places.of_a_house || inside.values().sum::<usize>() >= self.places.in_all {
            return None;
        }
        inside.insert(of, from_there + 1);
        Some(Inside { of, porter: self.clone() })
    }
}

fn counted(inside: &Mutex<HashMap<IpAddr, usize>>) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
    inside.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One who is inside; gone when this is dropped.
#[derive(Debug)]
struct Inside {
    of: IpAddr,
    porter: Porter,
}

impl Drop for Inside {
    fn drop(&mut self) {
        let mut inside = counted(&self.porter.inside);
        let left = inside.get_mut(&self.of).map_or(0, |from_there| {
            *from_there = from_there.saturating_sub(1);
            *from_there
        });
        if left == 0 {
            inside.remove(&self.of);
        }
    }
}

impl<S> Accept<TcpStream, S> for Porter {
    type Stream = TcpStream;
    type Service = Guest<S>;
    type Future = Ready<Result<(TcpStream, Guest<S>)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let let_in = || {
            let address = stream.peer_addr()?.ip();
            let inside = self.let_in(address).ok_or_else(|| Error::from(ErrorKind::ConnectionRefused))?;
            stream.set_nodelay(true)?;
            Ok(Guest { service, _inside: Arc::new(inside) })
        };
        ready(let_in().map(|guest| (stream, guest)))
    }
}

/// The service of one connection: as long as it lives, somebody is inside.
#[derive(Clone)]
pub struct Guest<S> {
    service: S,
    _inside: Arc<Inside>,
}

impl<R, S: Service<R>> Service<R> for Guest<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<std::result::Result<(), S::Error>> {
        self.service.poll_ready(cx)
    }

    fn call(&mut self, request: R) -> S::Future {
        self.service.call(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(coming: &[&str], in_all: usize, expected: usize) {
        let porter = Porter::new(Places { of_a_house: 2, in_all });
        let let_in: Vec<Inside> = coming.iter().filter_map(|from| porter.let_in(from.parse().ok()?)).collect();
        assert_eq!(let_in.len(), expected, "{coming:?}");
        drop(let_in);
        assert!(counted(&porter.inside).is_empty(), "nobody is left behind");
    }

    #[test]
    fn a_house_has_its_places_and_leaves_the_others_theirs() {
        check(&["10.0.0.1", "10.0.0.1", "10.0.0.1", "10.0.0.2"], 9, 3);
        check(&["2001::1", "2001::2", "2001::3", "10.0.0.2"], 9, 3);
        check(&["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"], 3, 3);
    }

    #[test]
    fn a_narrow_system_has_fewer_places() {
        let within = |guests| {
            let Places { of_a_house, in_all } = Places::default().within(guests);
            (of_a_house, in_all)
        };
        assert_eq!(within(8_000), (1_000, 8_000));
        assert_eq!(within(1_922), (961, 1_922));
        assert_eq!(within(386), (193, 386));
    }
}
