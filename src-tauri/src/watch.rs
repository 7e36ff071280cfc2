//! The page's heartbeat. A page whose engine has died (out of memory, a driver's fault) shows white for ever; here it is
//! found by its silence, on every system alike, and loaded again, into the drafts it had.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use tauri::{AppHandle, Manager, State};

/// A page in sight beats every five seconds; one out of sight is slowed down by the engine, to a minute and more.
const SILENCE_IN_SIGHT: Duration = Duration::from_secs(20);
const SILENCE_OUT_OF_SIGHT: Duration = Duration::from_secs(600);
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// When the page was last heard, and whether it was in sight.
pub struct Heard(Mutex<(Instant, bool)>);

impl Heard {
    pub fn now() -> Heard {
        // Until the first beat the page is still loading, perhaps from a slow disk.
        Heard(Mutex::new((Instant::now(), false)))
    }

    fn set(&self, in_sight: bool) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = (Instant::now(), in_sight);
    }

    fn is_silent(&self) -> bool {
        let (at, in_sight) = *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        at.elapsed() > if in_sight { SILENCE_IN_SIGHT } else { SILENCE_OUT_OF_SIGHT }
    }
}

#[tauri::command(async)]
pub fn host_beat(heard: State<'_, Heard>, in_sight: bool, settled: bool) {
    heard.set(in_sight);
    if settled {
        tracing::info!("the first page is drawn");
    }
}

pub fn watch(app: AppHandle) {
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(LOOK_EVERY);
            let heard = app.state::<Heard>();
            if !heard.is_silent() {
                continue;
            }
            tracing::warn!("the page fell silent and is loaded again");
            heard.set(false);
            if let Some(window) = app.get_webview_window("main") {
                let _ = window.reload();
            }
        }
    });
}
