//! The repaired sockets: whoever leaves takes along what is theirs.

use std::collections::HashMap;
use std::io;
use std::pin::Pin;
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
    /// For each socket, the read that waits for it, by its number, and whom to wake.
    waiting: Mutex<HashMap<usize, Option<(usize, Waker)>>>,
    /// The number of the next socket or read. None is given out twice.
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

    /// Has the selector look after `source` from now on.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn add<S: Source>(&self, source: S) -> io::Result<Socket<S>> {
        let id = self.number();
        // The entry first: an event may come before `register` has returned.
        self.shared.waiting.lock().unwrap().insert(id, None);
        let mut socket = Socket {
            source,
            id,
            sockets: self.clone(),
        };
        // If this fails, the socket is dropped, and takes its entry along.
        let registry = &self.shared.registry;
        registry.register(&mut socket.source, id, Signals::READABLE)?;
        Ok(socket)
    }

    fn number(&self) -> usize {
        self.shared.next.fetch_add(1, Relaxed)
    }

    /// Wakes those who wait for what has happened. The loop calls this with what the selector reports.
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

    /// How many sockets there are.
    pub fn len(&self) -> usize {
        self.shared.waiting.lock().unwrap().len()
    }
}

/// A socket that does not block, to be read by tasks.
pub struct Socket<S: Source> {
    /// What is read from.
    source: S,
    /// Its number.
    id: usize,
    /// Where its tasks wait.
    sockets: Sockets,
}

impl<S: Source> Socket<S> {
    /// A read of what comes next. Nothing is read before the first poll.
    pub fn read(&self) -> SocketRead<'_, S> {
        SocketRead {
            socket: self,
            number: self.sockets.number(),
        }
    }

    /// Leaves the waker of this read for the next event.
    fn wait(&self, read: usize, waker: &Waker) {
        let waker = waker.clone();
        let mut waiting = self.sockets.shared.waiting.lock().unwrap();
        let previous = waiting.insert(self.id, Some((read, waker)));
        drop(waiting);
        drop(previous);
    }

    /// Takes the waker of this read out, if it is still there.
    fn leave(&self, read: usize) {
        let mut waiting = self.sockets.shared.waiting.lock().unwrap();
        let place = waiting.get_mut(&self.id);
        let mine = place.and_then(|place| place.take_if(|(number, _)| *number == read));
        drop(waiting);
        // Not under the lock: the last waker of a task takes the task along.
        drop(mine);
    }
}

impl<S: Source> Drop for Socket<S> {
    fn drop(&mut self) {
        let shared = &self.sockets.shared;
        // The descriptor is closed after this. But there may be a copy of it. (An error says that
        // it was never registered.)
        let _ = shared.registry.deregister(&mut self.source);
        let entry = shared.waiting.lock().unwrap().remove(&self.id);
        drop(entry);
    }
}

/// A future that is ready with what the socket has to read, as soon as there is something.
pub struct SocketRead<'a, S: Source> {
    /// Where it reads.
    socket: &'a Socket<S>,
    /// Its number: a later read may wait in the same place.
    number: usize,
}

impl<S: Source> SocketRead<'_, S>
where
    for<'s> &'s S: io::Read,
{
    /// Reads once. `WouldBlock` is Pending, and everything else an answer.
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
        // An event that came before the waker was there has woken nobody.
        self.attempt()
    }
}

impl<S: Source> Drop for SocketRead<'_, S> {
    fn drop(&mut self) {
        self.socket.leave(self.number);
    }
}
