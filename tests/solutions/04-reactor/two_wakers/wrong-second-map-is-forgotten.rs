// expect: fail keeps-task-alive
//! A second map, for the writers: and the socket's end clears the first one only (S4-15 class).

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
    waiting: Mutex<HashMap<usize, Waker>>,
    writers: Mutex<HashMap<usize, Waker>>,
    next: AtomicUsize,
}

impl Sockets {
    pub fn new(registry: Arc<dyn Registry>) -> Self {
        let shared = Shared {
            registry,
            waiting: Mutex::default(),
            writers: Mutex::default(),
            next: AtomicUsize::new(0),
        };
        Sockets {
            shared: Arc::new(shared),
        }
    }

    pub fn add<S: Source>(&self, source: S) -> io::Result<Socket<S>> {
        let id = self.shared.next.fetch_add(1, Relaxed);
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
        let mut writers = self.shared.writers.lock().unwrap();
        for event in events {
            if event.signals.intersects(Direction::Read.signals()) {
                wakers.extend(waiting.remove(&event.id));
            }
            if event.signals.intersects(Direction::Write.signals()) {
                wakers.extend(writers.remove(&event.id));
            }
        }
        drop((waiting, writers));
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
        self.poll_io(&self.sockets.shared.waiting, cx, read)
    }

    pub fn poll_write<R>(
        &self,
        cx: &mut Context<'_>,
        write: impl FnMut(&S) -> io::Result<R>,
    ) -> Poll<io::Result<R>> {
        self.poll_io(&self.sockets.shared.writers, cx, write)
    }

    fn poll_io<R>(
        &self,
        place: &Mutex<HashMap<usize, Waker>>,
        cx: &mut Context<'_>,
        mut operation: impl FnMut(&S) -> io::Result<R>,
    ) -> Poll<io::Result<R>> {
        let tried = attempt(operation(&self.source));
        if tried.is_ready() {
            return tried;
        }
        self.wait(place, cx.waker());
        // An event that came before the waker was there has woken nobody.
        attempt(operation(&self.source))
    }

    fn wait(&self, place: &Mutex<HashMap<usize, Waker>>, waker: &Waker) {
        let waker = waker.clone();
        let previous = place.lock().unwrap().insert(self.id, waker);
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

fn attempt<R>(result: io::Result<R>) -> Poll<io::Result<R>> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Poll::Pending,
        result => Poll::Ready(result),
    }
}
