// expect: pass
//! The map and the read share a place; who leaves looks whether the place in the map is still its own.

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
    waiting: Mutex<HashMap<usize, Option<Arc<Waker>>>>,
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
                wakers.extend(waker.take());
            }
        }
        drop(waiting);
        for waker in wakers {
            waker.wake_by_ref();
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
            waits: None,
        }
    }

    fn wait(&self, waker: &Waker) -> Arc<Waker> {
        let waker = Arc::new(waker.clone());
        let mut waiting = self.sockets.shared.waiting.lock().unwrap();
        let previous = waiting.insert(self.id, Some(Arc::clone(&waker)));
        drop(waiting);
        drop(previous);
        waker
    }

    fn leave(&self, mine: &Arc<Waker>) {
        let mut waiting = self.sockets.shared.waiting.lock().unwrap();
        let place = waiting.get_mut(&self.id);
        let taken = place.and_then(|place| place.take_if(|waker| Arc::ptr_eq(waker, mine)));
        drop(waiting);
        drop(taken);
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
    waits: Option<Arc<Waker>>,
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

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let tried = self.attempt();
        if tried.is_ready() {
            return tried;
        }
        let waits = self.socket.wait(cx.waker());
        self.waits = Some(waits);
        self.attempt()
    }
}

impl<S: Source> Drop for SocketRead<'_, S> {
    fn drop(&mut self) {
        if let Some(mine) = self.waits.take() {
            self.socket.leave(&mine);
        }
    }
}
