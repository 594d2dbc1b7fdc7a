// expect: fail takes-anothers-waker
//! Numbers the reads by how many wait: two reads have one number.

use std::collections::HashMap;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use mio::event::Source;
use reactor::selector::Registry;
use reactor::{Event, Signals};

#[derive(Clone)]
pub struct Sockets {
    shared: Arc<Shared>,
}

struct Shared {
    registry: Arc<dyn Registry>,
    waiting: Mutex<HashMap<usize, Option<(usize, Waker)>>>,
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
        let id = self.number();
        self.shared.waiting.lock().unwrap().insert(id, None);
        let mut socket = Socket {
            source,
            id,
            sockets: self.clone(),
        };
        let registry = &self.shared.registry;
        registry.register(&mut socket.source, id, Signals::READABLE)?;
        Ok(socket)
    }

    fn number(&self) -> usize {
        self.shared.next.fetch_add(1, Relaxed)
    }

    pub fn deliver(&self, events: &[Event]) {
        let mut wakers = Vec::new();
        let mut waiting = self.shared.waiting.lock().unwrap();
        for event in events {
            if let Some(waker) = waiting.get_mut(&event.id) {
                wakers.extend(waker.take().map(|(_, waker)| waker));
            }
        }
        drop(waiting);
        for waker in wakers {
            waker.wake();
        }
    }

    pub fn len(&self) -> usize {
        self.shared.waiting.lock().unwrap().len()
    }
}

pub struct Socket<S: Source> {
    source: S,
    id: usize,
    sockets: Sockets,
}

impl<S: Source> Socket<S> {
    pub fn read(&self) -> SocketRead<'_, S> {
        SocketRead {
            socket: self,
            number: self.sockets.shared.waiting.lock().unwrap().len(),
        }
    }

    fn wait(&self, read: usize, waker: &Waker) {
        let waker = waker.clone();
        let mut waiting = self.sockets.shared.waiting.lock().unwrap();
        let previous = waiting.insert(self.id, Some((read, waker)));
        drop(waiting);
        drop(previous);
    }

    fn leave(&self, read: usize) {
        let mut waiting = self.sockets.shared.waiting.lock().unwrap();
        let place = waiting.get_mut(&self.id);
        let mine = place.and_then(|place| place.take_if(|(number, _)| *number == read));
        drop(waiting);
        drop(mine);
    }
}

impl<S: Source> Drop for Socket<S> {
    fn drop(&mut self) {
        let shared = &self.sockets.shared;
        let _ = shared.registry.deregister(&mut self.source);
        let entry = shared.waiting.lock().unwrap().remove(&self.id);
        drop(entry);
    }
}

pub struct SocketRead<'a, S: Source> {
    socket: &'a Socket<S>,
    number: usize,
}

impl<S: Source> SocketRead<'_, S>
where
    for<'s> &'s S: io::Read,
{
    fn attempt(&self) -> Poll<io::Result<Vec<u8>>> {
        let mut bytes = vec![0; 1024];
        match io::Read::read(&mut &self.socket.source, &mut bytes) {
            Ok(length) => {
                bytes.truncate(length);
                Poll::Ready(Ok(bytes))
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Poll::Pending,
            Err(error) => Poll::Ready(Err(error)),
        }
    }
}

impl<S: Source> Future for SocketRead<'_, S>
where
    for<'s> &'s S: io::Read,
{
    type Output = io::Result<Vec<u8>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let tried = self.attempt();
        if tried.is_ready() {
            return tried;
        }
        self.socket.wait(self.number, cx.waker());
        self.attempt()
    }
}

impl<S: Source> Drop for SocketRead<'_, S> {
    fn drop(&mut self) {
        self.socket.leave(self.number);
    }
}
