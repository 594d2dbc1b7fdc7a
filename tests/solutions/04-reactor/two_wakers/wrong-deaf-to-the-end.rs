// expect: fail lost-end
//! Two places; readable wakes the reader, and writable the writer. The end of a connection is neither.

use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use mio::event::Source;
use reactor::selector::Registry;
use reactor::{Direction, Event, Signals};

#[derive(Clone)]
pub struct Sockets {
    shared: Arc<Shared>,
}

struct Shared {
    registry: Arc<dyn Registry>,
    waiting: Mutex<HashMap<usize, [Option<Waker>; 2]>>,
    next: AtomicUsize,
}

impl Sockets {
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

    pub fn deliver(&self, events: &[Event]) {
        let mut wakers = Vec::new();
        let mut waiting = self.shared.waiting.lock().unwrap();
        for event in events {
            let Some(both) = waiting.get_mut(&event.id) else {
                continue;
            };
            let pairs = [
                (Direction::Read, Signals::READABLE),
                (Direction::Write, Signals::WRITABLE),
            ];
            for (direction, wanted) in pairs {
                if event.signals.contains(wanted) {
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

pub struct Socket<S: Source> {
    source: S,
    id: usize,
    sockets: Sockets,
}

impl<S: Source> Socket<S> {
    pub fn poll_read<R>(
        &self,
        cx: &mut Context<'_>,
        read: impl FnMut(&S) -> io::Result<R>,
    ) -> Poll<io::Result<R>> {
        self.poll_io(Direction::Read, cx, read)
    }

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

fn attempt<R>(result: io::Result<R>) -> Poll<io::Result<R>> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Poll::Pending,
        result => Poll::Ready(result),
    }
}
