//! # graceful_shutdown: an orderly end
//!
//! Write the end of a server: nobody is let in any more, and nobody is thrown out who is being served. A
//! [`Shutdown`] is what all parts of the server share of it, and [`serve_connections`] is the loop that
//! lets connections in, for servers of any kind: `http_server.rs` runs on it.
//!
//! What is checked:
//!
//! 1. `begin` says to all clones that it is over, for good. `begun` waits for that: it is ready at once if it
//!    is over already, and `begin` wakes everybody who waits, by the waker of the latest poll, whatever
//!    comes in between the look and the registration. Nothing is woken while nothing happens.
//! 2. `or` gives what `future` gives, or `None` when it is over first. Of two that are ready in one poll,
//!    `future` wins: a request that has arrived is not thrown away.
//! 3. Who `enter`s counts as `inside` until what it got is dropped: at the end of its task, by a panic, or
//!    because its task was cancelled, at whatever await.
//! 4. `drained` is 0 as soon as nobody is inside, for everybody who waits for that. When `grace` is over, it is the
//!    number of those who still are.
//! 5. A wait that is dropped leaves no waker behind. A server waits once for each request.
//! 6. `serve_connections` serves all connections at once, each in a task of its own. Each counts as inside
//!    from the moment it was accepted until its future is dropped. An error of `incoming` is one connection's; it
//!    is no end. After it nobody is let in for a moment, a second at most: where a system has no descriptors left,
//!    each accept fails, and at once. The end is heard in this pause, too, and everybody else has his turns. (Who
//!    asks again without a pause gets a remark.)
//! 7. When it is over, `serve_connections` lets nobody in, also if somebody calls in the same moment, and drops
//!    `incoming` before it waits for anything: whoever calls then is refused at once, and does not wait.
//! 8. Then those inside have as long as `grace`. Whoever answers a request by then has answered it. Idle
//!    connections end by themselves, through `or`, and keep nobody waiting.
//! 9. When `grace` is over, the connections that are left are cut off: their futures are dropped, and nobody is
//!    inside any more as soon as their tasks have had a turn. The result says how many they were.
//! 10. Of a connection that is over, nothing is kept: a server may live for months.
//!
//! Settled: the tests have a clock of their own, which `timeout` and `sleep` go by; `Instant` does not know of it.
//! `incoming` does not end by itself. `serve_connections` may return before the tasks that it cuts off have
//! had that turn, as `abort` does. Who drops the future of `serve_connections` may leave its connections running.
//! Wakers that are woken under a lock pass, with a remark. How you keep what you share is up to you: a lock and
//! `WaitQueue`, channels, `Semaphore`, or whatever the crate has.
//!
//! Read first: README.md, "The first of two", "Dropped in the middle" and "An orderly end". Do
//! `timeout_select` before this. About 75 minutes.
//!
//! Check: `cargo xtask check-stage 5 --exercise graceful_shutdown`. Stuck:
//! `cargo xtask hint graceful_shutdown`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_imports, unused_mut, unused_variables)]

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use executor::JoinHandle;
use futures::Stream;
use reactor::timeout;

use crate::lock::lock;
use crate::sync::{Arc, Mutex};
use crate::wait_queue::WaitQueue;
use crate::{next, race};

/// The end of a server, as all its parts see it. Clones are the same end.
#[derive(Clone, Debug, Default)]
pub struct Shutdown {
    // Is it over, who is inside, and who waits for what? The fields are yours.
}

/// A connection is open as long as this lives.
#[derive(Debug)]
pub struct Inside {
    // The fields are yours.
}

impl Shutdown {
    /// Not yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// From now on it is over. Twice is as good as once.
    pub fn begin(&self) {
        todo!("say it to all who wait for it, and to all who will ask")
    }

    /// Whether it is over.
    #[must_use]
    pub fn is_begun(&self) -> bool {
        todo!()
    }

    /// Waits until it is over.
    pub async fn begun(&self) {
        todo!("wait; and when this is dropped, leave nothing behind")
    }

    /// The output of `future`; `None` if it is over before that. The future is polled first: what is ready
    /// is not thrown away. So an idle connection waits for its next request.
    pub async fn or<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        todo!("the first of two")
    }

    /// Counts a connection until what it gives is dropped, in whatever way its task ends.
    pub fn enter(&self) -> Inside {
        todo!("one more")
    }

    /// How many connections are open.
    #[must_use]
    pub fn inside(&self) -> usize {
        todo!()
    }

    /// Waits until no connection is open, at most as long as `grace`, and says how many are left.
    ///
    /// # Panics
    ///
    /// Panics outside a runtime with timers.
    pub async fn drained(&self, grace: Duration) -> usize {
        todo!("wait for the last one, but not for ever")
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        todo!("one less; and if it was the last, somebody may wait for that")
    }
}

/// Serves each connection of `incoming` in a task of its own, until the shutdown begins. After that nobody
/// else is let in, and those who are inside have as long as `grace`. Gives the number of connections that
/// were cut off then.
///
/// # Panics
///
/// Panics outside a runtime with timers.
pub async fn serve_connections<S, F>(
    mut incoming: impl Stream<Item = io::Result<S>> + Unpin,
    connection: impl Fn(S) -> F,
    shutdown: Shutdown,
    grace: Duration,
) -> usize
where
    F: Future<Output = ()> + Send + 'static,
{
    todo!("let them in, close the door, wait, cut off")
}
