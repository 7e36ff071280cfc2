//! A wire between laptop and township that breaks after so many bytes.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Where the laptop connects to instead. Each connection carries `most` bytes, both ways together, and breaks.
pub struct Cutting {
    pub address: String,
    pub most: Arc<AtomicI64>,
}

pub fn cutting(to: &str) -> Cutting {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (to, most) = (to.to_owned(), Arc::new(AtomicI64::new(i64::MAX)));
    let limit = most.clone();
    std::thread::spawn(move || {
        for near in listener.incoming().flatten() {
            let Ok(far) = TcpStream::connect(&to) else { continue };
            let left = Arc::new(AtomicI64::new(limit.load(Ordering::Relaxed)));
            for (from, to) in [(near.try_clone(), far.try_clone()), (far.try_clone(), near.try_clone())] {
                let (Ok(from), Ok(to), left) = (from, to, left.clone()) else { continue };
                std::thread::spawn(move || carry(from, to, &left));
            }
        }
    });
    Cutting { address, most }
}

fn carry(mut from: TcpStream, mut to: TcpStream, left: &AtomicI64) {
    let mut bytes = [0; 512];
    while let Ok(n) = from.read(&mut bytes) {
        let before = left.fetch_sub(n as i64, Ordering::Relaxed);
        let may = usize::try_from(before).unwrap_or(0).min(n);
        if to.write_all(&bytes[..may]).is_err() || n == 0 || may < n {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
