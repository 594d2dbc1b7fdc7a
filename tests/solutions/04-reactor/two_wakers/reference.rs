//! The repaired sockets: one place for each direction of each socket.

use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use mio::event::Source;
use reactor::selector::Registry;
use reactor::{Direction, Event, Signals};

/// The sockets of one loop, and who waits for them. It is a handle: clones are the same.
#[derive(Clone)]
pub struct Sockets {
    shared: Arc<Shared>,
}

struct Shared {
    /// Where the selector is told which sockets to look after.
    registry: Arc<dyn Registry>,
    /// For each socket, the tasks that wait for it: the reader and the writer.
    waiting: Mutex<HashMap<usize, [Option<Waker>; 2]>>,
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
        self.shared.waiting.lock().unwrap().insert(id, [None, None]);
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
            let Some(both) = waiting.get_mut(&event.id) else {
                continue;
            };
            for direction in [Direction::Read, Direction::Write] {
                if event.signals.intersects(direction.signals()) {
                    wakers.extend(both[direction as usize].take());
                }
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
        self.poll_io(Direction::Read, cx, read)
    }

    /// Tries to write by `write`. Pending if that says `WouldBlock`: the task is woken when there is room.
    pub fn poll_write<R>(
        &self,
        cx: &mut Context<'_>,
        write: impl FnMut(&S) -> io::Result<R>,
    ) -> Poll<io::Result<R>> {
        self.poll_io(Direction::Write, cx, write)
    }

    fn poll_io<R>(
        &self,
        direction: Direction,
        cx: &mut Context<'_>,
        mut operation: impl FnMut(&S) -> io::Result<R>,
    ) -> Poll<io::Result<R>> {
        let tried = attempt(operation(&self.source));
        if tried.is_ready() {
            return tried;
        }
        self.wait(direction, cx.waker());
        // An event that came before the waker was there has woken nobody.
        attempt(operation(&self.source))
    }

    /// Leaves the waker for the next event in this direction.
    fn wait(&self, direction: Direction, waker: &Waker) {
        let waker = waker.clone();
        let mut waiting = self.sockets.shared.waiting.lock().unwrap();
        let both = waiting.entry(self.id).or_default();
        let previous = both[direction as usize].replace(waker);
        drop(waiting);
        drop(previous);
    }
}

impl<S: Source> Drop for Socket<S> {
    fn drop(&mut self) {
        let shared = &self.sockets.shared;
        let _ = shared.registry.deregister(&mut self.source);
        let wakers = shared.waiting.lock().unwrap().remove(&self.id);
        drop(wakers);
    }
}

/// `WouldBlock` is Pending, and everything else an answer.
fn attempt<R>(result: io::Result<R>) -> Poll<io::Result<R>> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Poll::Pending,
        result => Poll::Ready(result),
    }
}
