//! # Two wakers: a socket that is read and written at once
//!
//! One task reads from a socket, and another writes to it. In every small test both do their work. Then the
//! other side reads slowly, the writer has to wait as well, and from that day on the reader is not woken any more.
//! Repair it.
//!
//! What is checked:
//!
//! 1. As before: an operation is tried first, and a task waits only if it says `WouldBlock`. An event in its
//!    direction wakes the task. Nobody is woken while nothing happens.
//! 2. A reader and a writer wait for one socket at the same time. Each is woken by the event of *its* direction,
//!    whoever came first, and whichever event does.
//! 3. An event may say something of both directions, as the end of a connection does. Then both are woken. For whom a
//!    signal is, says `reactor::Direction`: the signals of [`Direction::Read.signals()`](reactor::Direction::signals) are
//!    for a reader, and `READ_CLOSED` is one of them. An event may have several signals at once
//!    ([`intersects`](Signals::intersects)).
//! 4. In each direction, the task that polled *last* is woken. However often a task polls, the socket keeps one
//!    waker for each direction, and lets go of the one before.
//! 5. As before: an event that comes in the middle of a poll is not missed.
//! 6. As before: tasks are woken while no lock is held. A woken task may poll at once, on any thread.
//! 7. As before: a socket that is dropped leaves no waker behind, and an event for a socket that is gone
//!    is nobody's.
//!
//! Settled: to wake the task of the other direction as well is fine: it looks, and waits again. A waker may be
//! cloned under the lock; one that is dropped there passes with a remark.
//!
//! Read first: README.md, "Reader and writer". Do `event_map` before this. About 15 minutes.
//!
//! Check: `cargo xtask check-stage 4 --exercise two_wakers`. Stuck: `cargo xtask hint two_wakers`.

use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use mio::event::Source;
use reactor::selector::Registry;
use reactor::{Event, Signals};

/// The sockets of one loop, and who waits for them. It is a handle: clones are the same.
#[derive(Clone)]
pub struct Sockets {
    shared: Arc<Shared>,
}

struct Shared {
    /// Where the selector is told which sockets to look after.
    registry: Arc<dyn Registry>,
    /// For each socket, the task that waits for it.
    waiting: Mutex<HashMap<usize, Option<Waker>>>,
    /// The number of the next socket. None is given out twice.
    next: AtomicUsize,
}

impl Sockets {
    /// No sockets so far.
    pub fn new(registry: Arc<dyn Registry>) -> Self {
        let shared = Shared {
            registry,
            waiting: Mutex::default(),
            next: AtomicUsize::new(0),
        };
        Sockets {
            shared: Arc::new(shared),
        }
    }

    /// Has the selector look after `source` from now on, in both directions.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn add<S: Source>(&self, source: S) -> io::Result<Socket<S>> {
        let id = self.shared.next.fetch_add(1, Relaxed);
        self.shared.waiting.lock().unwrap().insert(id, None);
        let mut socket = Socket {
            source,
            id,
            sockets: self.clone(),
        };
        let both = Signals::READABLE | Signals::WRITABLE;
        let registry = &self.shared.registry;
        registry.register(&mut socket.source, id, both)?;
        Ok(socket)
    }

    /// Wakes those who wait for what has happened. The loop calls this with what the selector reports.
    pub fn deliver(&self, events: &[Event]) {
        let mut wakers = Vec::new();
        let mut waiting = self.shared.waiting.lock().unwrap();
        for event in events {
            if let Some(waker) = waiting.get_mut(&event.id) {
                wakers.extend(waker.take());
            }
        }
        drop(waiting);
        for waker in wakers {
            waker.wake();
        }
    }
}

/// A socket that does not block, to be read and written by tasks.
pub struct Socket<S: Source> {
    /// What the operations are tried on.
    source: S,
    /// Its number.
    id: usize,
    /// Where its tasks wait.
    sockets: Sockets,
}

impl<S: Source> Socket<S> {
    /// Tries to read by `read`. Pending if that says `WouldBlock`: the task is woken when there is something.
    pub fn poll_read<R>(
        &self,
        cx: &mut Context<'_>,
        read: impl FnMut(&S) -> io::Result<R>,
    ) -> Poll<io::Result<R>> {
        self.poll_io(cx, read)
    }

    /// Tries to write by `write`. Pending if that says `WouldBlock`: the task is woken when there is room.
    pub fn poll_write<R>(
        &self,
        cx: &mut Context<'_>,
        write: impl FnMut(&S) -> io::Result<R>,
    ) -> Poll<io::Result<R>> {
        self.poll_io(cx, write)
    }

    fn poll_io<R>(
        &self,
        cx: &mut Context<'_>,
        mut operation: impl FnMut(&S) -> io::Result<R>,
    ) -> Poll<io::Result<R>> {
        let tried = attempt(operation(&self.source));
        if tried.is_ready() {
            return tried;
        }
        self.wait(cx.waker());
        // An event that came before the waker was there has woken nobody.
        attempt(operation(&self.source))
    }

    /// Leaves the waker for the next event.
    fn wait(&self, waker: &Waker) {
        let waker = waker.clone();
        let mut waiting = self.sockets.shared.waiting.lock().unwrap();
        let previous = waiting.insert(self.id, Some(waker));
        drop(waiting);
        drop(previous);
    }
}

impl<S: Source> Drop for Socket<S> {
    fn drop(&mut self) {
        let shared = &self.sockets.shared;
        let _ = shared.registry.deregister(&mut self.source);
        let waker = shared.waiting.lock().unwrap().remove(&self.id);
        drop(waker);
    }
}

/// `WouldBlock` is Pending, and everything else an answer.
fn attempt<R>(result: io::Result<R>) -> Poll<io::Result<R>> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Poll::Pending,
        result => Poll::Ready(result),
    }
}
