//! A line between a laptop and its township that behaves as lines in the mountains do: it cuts, crawls, loses the answer
//! after the question went through, or is somebody else's altogether.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use crate::dice::Dice;

/// How the line is today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weather {
    Fair,
    /// Every connection is cut after so many bytes at most, counted both ways.
    Cuts(usize),
    /// What the laptop says arrives, and as many bytes at most come back: the township has heard, the laptop does not know.
    Deaf(usize),
    /// Bytes a second.
    Slow(u64),
    /// Milliseconds that everything is late, at most.
    Late(u64),
    /// Nobody answers.
    Down,
    /// Whoever asks is shown a page to sign in at.
    Portal,
}

struct Line {
    to: Mutex<SocketAddr>,
    weather: Mutex<Weather>,
    dice: Mutex<Dice>,
    /// Bytes that went up and came down.
    carried: Mutex<(u64, u64)>,
}

/// The laptop's end of it.
pub struct Proxy {
    pub address: SocketAddr,
    line: Arc<Line>,
}

fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().expect("nobody panics holding it")
}

impl Proxy {
    pub fn to(to: SocketAddr, seed: u64) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("its number");
        let line = Line {
            to: Mutex::new(to),
            weather: Mutex::new(Weather::Fair),
            dice: Mutex::new(Dice::new(seed)),
            carried: Mutex::new((0, 0)),
        };
        let line = Arc::new(line);
        let theirs = Arc::clone(&line);
        thread::spawn(move || {
            for caller in listener.incoming().flatten() {
                let line = Arc::clone(&theirs);
                thread::spawn(move || line.carry(caller));
            }
        });
        Proxy { address, line }
    }

    pub fn set(&self, weather: Weather) {
        *held(&self.line.weather) = weather;
    }

    /// Leads elsewhere from the next call on.
    pub fn lead_to(&self, to: SocketAddr) {
        *held(&self.line.to) = to;
    }

    /// Bytes that went up and came down so far.
    pub fn carried(&self) -> (u64, u64) {
        *held(&self.line.carried)
    }
}

impl Line {
    fn below(&self, end: usize) -> usize {
        held(&self.dice).below(end)
    }

    fn carry(self: Arc<Line>, caller: TcpStream) {
        let weather = *held(&self.weather);
        let (up, down) = match weather {
            Weather::Down => return,
            Weather::Portal => return portal(caller),
            Weather::Cuts(most) => {
                let all = self.below(most);
                let up = self.below(all);
                (up, all - up)
            }
            Weather::Deaf(most) => (usize::MAX, self.below(most)),
            _ => (usize::MAX, usize::MAX),
        };
        let to = *held(&self.to);
        let Ok(township) = TcpStream::connect(to) else { return };
        let (Ok(from_caller), Ok(from_township)) = (caller.try_clone(), township.try_clone()) else { return };
        let theirs = Arc::clone(&self);
        let upward = thread::spawn(move || theirs.pour(from_caller, township, (weather, up), true));
        self.pour(from_township, caller, (weather, down), false);
        let _ = upward.join();
    }

    /// Carries one way until an end is reached or the line is cut; then neither side hears more.
    fn pour(&self, mut from: TcpStream, mut into: TcpStream, (weather, mut left): (Weather, usize), is_up: bool) {
        let mut bytes = [0; 1024];
        while left > 0 {
            let n = match from.read(&mut bytes) {
                Ok(0) => break,
                Ok(n) => n.min(left),
                Err(e) if e.kind() == ErrorKind::Interrupted => continue,
                Err(_) => break,
            };
            thread::sleep(self.takes(weather, n));
            if into.write_all(&bytes[..n]).is_err() {
                break;
            }
            left -= n;
            let mut carried = held(&self.carried);
            *(if is_up { &mut carried.0 } else { &mut carried.1 }) += n as u64;
        }
        // A caller who has said everything still listens; one who is cut off does not.
        if left == 0 {
            let _ = from.shutdown(Shutdown::Both);
            let _ = into.shutdown(Shutdown::Both);
        } else {
            let _ = into.shutdown(Shutdown::Write);
        }
    }

    fn takes(&self, weather: Weather, n: usize) -> Duration {
        match weather {
            Weather::Slow(per_second) => Duration::from_micros(n as u64 * 1_000_000 / per_second.max(1)),
            Weather::Late(most) => Duration::from_millis(self.below(most as usize) as u64),
            _ => Duration::ZERO,
        }
    }
}

fn portal(mut caller: TcpStream) {
    let page = "<html><body>请先登录无线网络</body></html>";
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n{page}", page.len());
    let _ = caller.read(&mut [0; 1024]);
    let _ = caller.write_all(answer.as_bytes());
}
