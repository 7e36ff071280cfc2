//! What the server counts of itself, as Prometheus reads it. Numbers only: no village, no computer, no person.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

macro_rules! counts {
    ($($name:ident = $said:literal),* $(,)?) => {
        /// Counters since the start.
        #[derive(Default)]
        pub struct Counts { $(pub $name: AtomicU64),* }

        impl Counts {
            /// Every counter, with what it means.
            fn all(&self) -> Vec<(&'static str, &'static str, u64)> {
                vec![$((stringify!($name), $said, self.$name.load(Relaxed))),*]
            }
        }
    };
}

counts! {
    requests = "Requests that came to any door",
    refused = "Requests answered as if there were nothing here",
    limited = "Requests sent away for a while",
    busy = "Requests sent away because too much was going on",
    faults = "Requests that failed by our doing",
    panics = "Requests that ended in a panic",
    asks = "Asks of computers that were answered",
    batches = "Batches that were received",
    overfull = "Parcels that found no room among those that wait",
    enrolled = "Computers that enrolled",
    guesses = "Enrolment codes that are none, or are used or expired",
    pieces = "Pieces of pictures that went either way",
    bytes_in = "Bytes that were read",
    bytes_out = "Bytes that were sent",
    work_microseconds = "Time spent on asks",
}

/// One more.
pub fn one(count: &AtomicU64) {
    count.fetch_add(1, Relaxed);
}

pub fn some(count: &AtomicU64, n: usize) {
    count.fetch_add(n as u64, Relaxed);
}

impl Counts {
    /// The text that is fetched.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (name, said, value) in self.all() {
            let name = format!("lianhu_township_{name}_total");
            let written = write!(text, "# HELP {name} {said}.\n# TYPE {name} counter\n{name} {value}\n");
            written.expect("memory takes every byte");
        }
        text
    }
}
