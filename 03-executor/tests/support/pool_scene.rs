//! A pool whose end is watched, and the rules of that end.

#![allow(unreachable_pub)]

use std::{
    ops::Deref,
    sync::{
        Arc, Barrier,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    thread,
};

use course::Recorder;
use executor::{JoinError, JoinHandle, PoolHandle, ThreadPool};

use crate::{
    awaited::{Otherwise, fail, must_come, output, returns, value},
    probe::Probe,
    workers::Workers,
};

/// What is wrong when a task that can go on does not.
pub const NOT_RUN: Otherwise<'_> = (
    "woken-not-polled",
    "a task was spawned, every thread of the process sleeps, and its handle has had no answer: nobody \
     runs it, or nobody says that it has run",
);

/// What is wrong when `drop` does not return.
pub const NO_END: Otherwise<'_> = (
    "endless-shutdown",
    "dropping the pool does not return, and every thread of the process sleeps: it waits for a thread \
     that nobody has told, or for a lock that it holds itself",
);

/// A pool whose end is watched.
pub struct Pool<'a> {
    rec: &'a Recorder,
    pool: Option<Arc<ThreadPool>>,
}

impl<'a> Pool<'a> {
    pub fn new(rec: &'a Recorder, threads: usize) -> Self {
        Self::of(rec, ThreadPool::new(threads))
    }

    pub fn of(rec: &'a Recorder, pool: ThreadPool) -> Self {
        let pool = Some(Arc::new(pool));
        Pool { rec, pool }
    }

    /// Runs one task of no consequence to its end.
    pub fn run_another(&self) {
        value(self.rec, self.spawn(nothing()), NOT_RUN);
    }

    /// Drops it, and fails if that does not return.
    pub fn end(self) {}

    /// Drops it on another thread.
    pub fn ending(mut self) -> thread::JoinHandle<()> {
        let pool = self.pool.take();
        thread::spawn(move || drop(pool))
    }
}

impl Deref for Pool<'_> {
    type Target = Arc<ThreadPool>;

    fn deref(&self) -> &Arc<ThreadPool> {
        self.pool.as_ref().expect("only `drop` takes it")
    }
}

impl Drop for Pool<'_> {
    fn drop(&mut self) {
        let Some(pool) = self.pool.take() else {
            return;
        };
        if thread::panicking() {
            // The test is over, and the pool may be in a state in which its drop does not return.
            std::mem::forget(pool);
        } else {
            returns(self.rec, move || drop(pool), NO_END);
        }
    }
}

/// A task that does nothing but run.
pub async fn nothing() {}

/// A place where tasks block their threads until all of them are there.
#[derive(Clone)]
pub struct Meeting {
    everybody: Arc<Barrier>,
    arrived: Arc<AtomicUsize>,
}

impl Meeting {
    pub fn of(tasks: usize) -> Self {
        Meeting {
            everybody: Arc::new(Barrier::new(tasks)),
            arrived: Arc::default(),
        }
    }

    /// How many have come so far.
    pub fn arrived(&self) -> usize {
        self.arrived.load(SeqCst)
    }

    pub async fn attend(self) {
        self.arrived.fetch_add(1, SeqCst);
        self.everybody.wait();
    }
}

/// Leads back into the pool when its task is dropped.
pub struct SpawnsWhenDropped(pub PoolHandle);

impl Drop for SpawnsWhenDropped {
    fn drop(&mut self) {
        drop(self.0.spawn(nothing()));
    }
}

/// The rule that the pool's drop returns on its other thread.
pub fn must_end(rec: &Recorder, ending: &thread::JoinHandle<()>) {
    must_come(rec, || ending.is_finished(), NO_END);
}

/// The rule that no thread outlives its pool.
pub fn must_have_ended(rec: &Recorder, workers: &Workers) {
    let seen = "the pool was dropped, nothing is left to do, and a thread of it does not end";
    // Who counts the workers, and does not join them, is done a moment before they are.
    let all_ended = || workers.ended() == workers.started();
    must_come(rec, all_ended, ("threads-left", seen));
}

/// The rule that a task which the pool will not finish says so.
pub fn must_be_cancelled<T>(rec: &Recorder, handle: JoinHandle<T>, which: &str) {
    let seen = format!(
        "the pool has been dropped, and the handle of {which} waits on: nobody has dropped the task"
    );
    match output(rec, handle, ("forgotten-task", &seen)) {
        Err(JoinError::Cancelled) => {}
        Err(other) => {
            let seen = format!("{which} was dropped, and its handle gives `{other}`");
            fail(rec, "wrong-value", seen)
        }
        Ok(_) => {
            let seen = format!("the pool was dropped, and {which} was run after that");
            fail(rec, "works-on", seen)
        }
    }
}

/// The rule that a task which the pool will not finish is gone.
pub fn must_be_dropped(rec: &Recorder, probe: &Probe) {
    let name = probe.name();
    let seen = format!("the pool has been dropped, and the future of `{name}` is still there");
    // Its handle may have heard of it a moment before, from another thread.
    must_come(rec, || probe.is_dropped(), ("forgotten-task", &seen));
}
