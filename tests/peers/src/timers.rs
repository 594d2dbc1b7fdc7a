//! Many timers at once: made, fired, and cancelled.
//!
//! One task polls them all, with a waker that only counts, so that the figures are those of the
//! timers and not of an executor. tokio's limit on what a task may do in one poll is lifted for it
//! (`task::unconstrained`): without that, every 128th timer would be polled in another turn.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};
use std::{future, thread};

use futures::task::AtomicWaker;

use crate::runtimes::Timers;

/// Fires nothing before the creation of all is over.
const SOON: Duration = Duration::from_millis(40);

/// The deadlines of those that fire lie within this.
const SPREAD: Duration = Duration::from_millis(50);

/// Wheels and helper threads work in whole milliseconds: after this, every deadline has passed.
const SURELY: Duration = Duration::from_millis(3);

/// The three figures.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// Made and polled once, each with its own deadline within the next hour.
    pub create: Duration,
    /// Dropped before their time.
    pub cancel: Duration,
}

/// Makes `count` timers with deadlines up to an hour away, and cancels them.
pub fn create_and_cancel<R: Timers>(runtime: &mut R, count: u64) -> Times {
    let deadlines = deadlines(count, Duration::from_secs(1), Duration::from_secs(3600));
    runtime.run_unlimited(future::ready(()));
    let (times, pending) = in_one_poll(runtime, move || {
        let mut places = places::<R>(deadlines.len());
        let now = Instant::now();
        let mut cx = Context::from_waker(Waker::noop());
        let start = Instant::now();
        let pending = arm::<R>(&mut places, &deadlines, now, &mut cx);
        let create = start.elapsed();
        let start = Instant::now();
        for place in &mut places {
            place.set(None);
        }
        let cancel = start.elapsed();
        (Times { create, cancel }, pending)
    });
    assert_eq!(pending, count, "{}: no timer was early", R::NAME);
    times
}

/// Makes `count` timers, lets all their deadlines pass while nobody looks, and gives the time that
/// it then takes until the last of them has woken its task.
pub fn fire<R: Timers>(runtime: &mut R, count: u64) -> Duration {
    let deadlines = deadlines(count, SOON, SPREAD);
    let fired = Arc::new(Fired {
        left: AtomicU64::new(count),
        task: AtomicWaker::new(),
    });
    let mut places = places::<R>(deadlines.len());
    // The timers stay on this thread: the main future of each runtime is polled here.
    let places = Polled(&mut places);
    todo!("{places:?} {fired:?}")
}
