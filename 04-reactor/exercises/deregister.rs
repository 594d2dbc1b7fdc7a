//! # Deregister: what stays behind when a read is dropped
//!
//! These sockets serve their tasks well, as long as nobody leaves. But reads are dropped while they wait (a time limit
//! does just that), and connections are closed. After a week, the process has used up its memory: tasks
//! that nobody needs are still there, and the map of the sockets has more entries than there are sockets. Find
//! everything that stays behind, and have it go along.
//!
//! What is checked:
//!
//! 1. As before: a read tries first, and waits only if there is nothing. An event wakes the task whose read was polled
//!    last. Nobody is woken for nothing.
//! 2. A read that is dropped takes its waker along, at once, whether it waits or is over. What comes after that wakes
//!    nobody, and the next read finds it.
//! 3. It takes nothing else along: if a later read waits for the same socket, that one is still woken; also if both are
//!    reads of the same task.
//! 4. A socket that is dropped has no entry any more ([`len`](Sockets::len) says so), and the selector is told to
//!    look after it no longer. To close the descriptor is not enough: if there is a copy of it anywhere, the
//!    events go on.
//! 5. A socket that cannot be registered leaves nothing behind either.
//! 6. Wakers are dropped where no lock is held: one may be the last of its task, and take the task along, and with it
//!    another socket.
//! 7. As before: an event that comes in the middle of a poll is not missed, and an event for a socket that is gone is
//!    nobody's.
//!
//! Settled: while several reads wait for one socket, it is enough to wake the one that was polled last. To wake all
//! of them is fine too.
//!
//! Read first: README.md, "Leaving". Do `two_wakers` before this. About 25 minutes.
//!
//! Check: `cargo xtask check-stage 4 --exercise deregister`. Stuck: `cargo xtask hint deregister`.

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

    /// Has the selector look after `source` from now on.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn add<S: Source>(&self, mut source: S) -> io::Result<Socket<S>> {
        let id = self.shared.next.fetch_add(1, Relaxed);
        // The entry first: an event may come before `register` has returned.
        self.shared.waiting.lock().unwrap().insert(id, None);
        let registry = &self.shared.registry;
        registry.register(&mut source, id, Signals::READABLE)?;
        Ok(Socket {
            source,
            id,
            sockets: self.clone(),
        })
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
        SocketRead { socket: self }
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
        // The source closes its descriptor after this, and the selector forgets it then.
        let shared = &self.sockets.shared;
        let waker = shared.waiting.lock().unwrap().insert(self.id, None);
        drop(waker);
    }
}

/// A future that is ready with what the socket has to read, as soon as there is something.
pub struct SocketRead<'a, S: Source> {
    /// Where it reads.
    socket: &'a Socket<S>,
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
        self.socket.wait(cx.waker());
        // An event that came before the waker was there has woken nobody.
        self.attempt()
    }
}

impl<S: Source> Drop for SocketRead<'_, S> {
    fn drop(&mut self) {
        // Nothing to do: the socket is still there, and whoever reads next takes this one's place.
    }
}
