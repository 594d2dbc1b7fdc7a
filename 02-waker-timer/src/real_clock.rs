//! The clock on the wall.

use std::thread;
use std::time::{Duration, Instant};

use crate::clock::Clock;

/// The clock that runs when nobody replaced it: one sleeping thread for each ring.
///
/// This is how the timer of *Asynchronous Programming in Rust* waits. It is simple, and it costs a
/// thread for each timer; stage 04 lets one thread wait for them all.
#[derive(Clone, Copy, Debug)]
pub struct RealClock;

impl Clock for RealClock {
    fn now(&self) -> Instant {
        Instant::now()
    }

    /// # Panics
    ///
    /// Panics if the operating system has no thread left to give.
    fn ring_after(&self, after: Duration, callback: Box<dyn FnOnce() + Send>) {
        let Some(when) = Instant::now().checked_add(after) else {
            return;
        };
        thread::spawn(move || {
            // The system's sleep and `Instant` may follow different clocks, so look again.
            while Instant::now() < when {
                thread::sleep(when.saturating_duration_since(Instant::now()));
            }
            callback();
        });
    }
}
