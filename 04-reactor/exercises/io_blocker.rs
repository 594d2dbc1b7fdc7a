//! # io_blocker: ask once, for all
//!
//! One thread can look after any number of sockets, if the system does the looking: say once which sockets
//! you care about, and then sleep until something happens to one of them. The book *Asynchronous Programming in Rust*
//! draws an `IoBlocker` for that and leaves its bodies out. Write them.
//!
//! The system is reached through [`selector`](crate::selector): `open` gives you the three things that a selector
//! consists of.
//!
//! What is checked:
//!
//! 1. After `add_io_event_interest`, `block` brings what happens to the source: with the id and the signals that
//!    were asked for.
//! 2. It brings all that has happened, in one go, and *adds* it to what is in the list.
//! 3. It waits as long as it is told and no longer: not at all for zero, without an end for `None`,
//!    and 900 microseconds are not nothing. `Duration::MAX` does not panic.
//! 4. `Interrupted` is no error: a signal handler ran, and the wait goes on.
//! 5. But the time that has been waited until then is gone. With a signal after 10 of 60 seconds, 50 are left. The time is
//!    that of [`clock`](waker_timer::clock).
//! 6. Whoever calls what `interrupt` gave out makes `block` come back, with nothing if nothing has happened.
//! 7. A source is added once: a second time is the system's error `AlreadyExists`, and to `remove` what is not there
//!    is `NotFound`. Errors of the system reach the caller, all but those of point 4.
//! 8. What `registry` gave out takes sources while `block` sleeps, also from another thread.
//!
//! Settled: how often the system is asked is free, as long as the thread sleeps. Whether a look without waiting follows when
//! the time is over is free, too.
//!
//! Read first: README.md, "Ask once, for all". About 25 minutes.
//!
//! Check: `cargo xtask check-stage 4 --exercise io_blocker`. Stuck: `cargo xtask hint io_blocker`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_imports, unused_variables)]

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use mio::event::Source;
use waker_timer::clock;

use crate::Event;
use crate::selector::{self, Interrupt, Opened, Registry, Selector};

/// Blocks one thread until something happens to one of many sources.
pub struct IoBlocker {
    // What does `selector::open` give you?
}

impl IoBlocker {
    /// A blocker that looks after no source yet.
    ///
    /// # Errors
    ///
    /// What the system says: no file descriptor left, for one.
    pub fn new() -> io::Result<Self> {
        todo!("open a selector")
    }

    /// Looks for `event.signals` on `source` from now on. What is found comes with `event.id`.
    ///
    /// # Errors
    ///
    /// `AlreadyExists` if the source was added before; else what the system says.
    pub fn add_io_event_interest(&self, source: &mut dyn Source, event: Event) -> io::Result<()> {
        todo!("tell the system")
    }

    /// Looks after `source` no longer.
    ///
    /// # Errors
    ///
    /// `NotFound` if it was never added; else what the system says.
    pub fn remove(&self, source: &mut dyn Source) -> io::Result<()> {
        todo!("tell the system")
    }

    /// Adds what has happened to `events`. If that is nothing, this thread sleeps until something
    /// happens, at most as long as `timeout`. It may come back with nothing before that.
    ///
    /// # Errors
    ///
    /// What the system says; but a signal handler that ran meanwhile is no error.
    pub fn block(&mut self, timeout: Option<Duration>, events: &mut Vec<Event>) -> io::Result<()> {
        todo!("select; after a signal once more, with the time that is left")
    }

    /// Where sources are added and removed, also by other threads while this one blocks.
    #[must_use]
    pub fn registry(&self) -> Arc<dyn Registry> {
        todo!("another handle to the same selector's registry")
    }

    /// What makes [`block`](Self::block) come back, from any thread.
    #[must_use]
    pub fn interrupt(&self) -> Arc<dyn Interrupt> {
        todo!("another handle to the same selector's bell")
    }
}

impl fmt::Debug for IoBlocker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IoBlocker").finish_non_exhaustive()
    }
}
