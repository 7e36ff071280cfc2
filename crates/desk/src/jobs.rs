//! Long work: it runs beside the window, says how far it has come, and can be stopped. Its result is fetched by the
//! command that belongs to it, with its own type.

use std::any::Any;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use lianhu_ledger::{Code, Refusal};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::{Desk, held};
use crate::problem::{Problem, Result};

#[derive(Default)]
pub struct Jobs {
    last: AtomicU32,
    running: Mutex<HashMap<u32, Arc<Job>>>,
}

/// One piece of long work, as the worker sees it.
#[derive(Default)]
pub struct Job {
    at: Mutex<(String, u32, u32)>,
    stop: AtomicBool,
    end: Mutex<Option<Result<Box<dyn Any + Send>, Problem>>>,
    ended: AtomicBool,
}

/// The number of a job that has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct JobNo {
    pub job: u32,
}

/// How far a job has come.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Progress {
    /// What it does now, as a word of the catalogue.
    pub step: String,
    pub done: u32,
    pub of: u32,
    pub ended: bool,
    pub problem: Option<Problem>,
}

impl Job {
    /// Says how far it has come; ends the work when somebody has stopped it.
    pub fn at(&self, step: &str, done: u32, of: u32) -> Result<()> {
        *held(&self.at) = (step.to_owned(), done, of);
        match self.stop.load(Ordering::Relaxed) {
            true => Err(Refusal::new(Code::Stopped).into()),
            false => Ok(()),
        }
    }

    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

impl Desk {
    /// Begins long work on a thread of its own.
    pub fn begin<T: Send + 'static>(&self, work: impl FnOnce(&Desk, &Job) -> Result<T> + Send + 'static) -> JobNo {
        let job = Arc::new(Job::default());
        let no = self.jobs().last.fetch_add(1, Ordering::Relaxed) + 1;
        held(&self.jobs().running).insert(no, job.clone());
        let desk = self.clone();
        std::thread::spawn(move || {
            let worked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(&desk, &job)));
            let end = match worked {
                Ok(Ok(value)) => Ok(Box::new(value) as Box<dyn Any + Send>),
                Ok(Err(error)) => Err(Problem::from(error)),
                Err(_) => Err(Problem::logged("a job panicked")),
            };
            *held(&job.end) = Some(end);
            job.ended.store(true, Ordering::Release);
        });
        JobNo { job: no }
    }

    /// The result of a finished job, once.
    pub fn result<T: 'static>(&self, no: JobNo) -> Result<T> {
        let job = find(self, no)?;
        let end = held(&job.end).take().and_then(Result::ok);
        held(&self.jobs().running).remove(&no.job);
        let value = end.and_then(|value| value.downcast::<T>().ok());
        value.map(|value| *value).ok_or_else(|| no_such(no).into())
    }
}

fn find(desk: &Desk, no: JobNo) -> Result<Arc<Job>, Refusal> {
    held(&desk.jobs().running).get(&no.job).cloned().ok_or_else(|| no_such(no))
}

fn no_such(no: JobNo) -> Refusal {
    Refusal::new(Code::NoSuchJob).with("job", no.job)
}

pub fn look(desk: &Desk, no: JobNo) -> Result<Progress> {
    let job = find(desk, no)?;
    let ended = job.ended.load(Ordering::Acquire);
    let (step, done, of) = held(&job.at).clone();
    let problem = match held(&job.end).as_ref() {
        Some(Err(problem)) => Some(problem.clone()),
        _ => None,
    };
    Ok(Progress { step, done, of, ended, problem })
}

/// Asks a job to stop; what it had not finished is put back by itself.
pub fn stop(desk: &Desk, no: JobNo) -> Result<()> {
    find(desk, no)?.stop.store(true, Ordering::Relaxed);
    Ok(())
}
