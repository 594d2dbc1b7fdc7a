//! The naive way to learn that a socket can be read: a thread that keeps looking.
//!
//! *Asynchronous Programming in Rust* names this way and calls it inefficient: a thread for every
//! waiting socket, and a look every millisecond that mostly finds nothing. In stage 04 one thread
//! asks the operating system about all sockets at once.

use std::io;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, Weak};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::inbox::{Inbox, Look};

/// The time between two looks: how late a callback may be, and how often we look for nothing.
const INTERVAL: Duration = Duration::from_millis(1);

/// A socket as its owner and its watcher see it.
pub(crate) struct Watched {
    /// Under the same lock as the rest: an error that one side meets is kept there for the other.
    pub(crate) inbox: Inbox,
    /// The callback to call once, for what arrives from now on. `None` when it has been called.
    interest: Option<Interest>,
    /// Whether a thread is looking already. Set and cleared with `interest` under the same lock.
    has_watcher: bool,
}

/// A callback, and what does not count for it.
struct Interest {
    /// What to call.
    callback: fn(),
    /// What was there when the callback was set and has not been read since.
    before: Look,
}

impl Watched {
    pub(crate) fn new(inbox: Inbox) -> Watched {
        Watched {
            inbox,
            interest: None,
            has_watcher: false,
        }
    }

    /// Sets the callback, in place of an earlier one. Says whether a watcher must be started for it.
    #[must_use]
    pub(crate) fn set_interest(&mut self, callback: fn()) -> bool {
        let before = self.inbox.look();
        self.interest = Some(Interest { callback, before });
        !mem::replace(&mut self.has_watcher, true)
    }

    /// Reads what there is. From then on any byte is one that arrived after the callback was set.
    pub(crate) fn read(&mut self) -> io::Result<Vec<u8>> {
        let read = self.inbox.read();
        if let Some(interest) = &mut self.interest
            && let Look::Bytes(_) = interest.before
        {
            interest.before = Look::Nothing;
        }
        read
    }

    /// The callback, if something has arrived since it was set. It is given out once.
    fn take_due(&mut self) -> Option<fn()> {
        let found = self.inbox.look();
        let due = self.interest.take_if(|interest| found > interest.before)?;
        self.has_watcher = false;
        Some(due.callback)
    }
}

/// Starts the thread. It ends when it has called back, or when the socket is gone.
///
/// # Panics
///
/// If the operating system gives no thread.
pub(crate) fn start(socket: &Arc<Mutex<Watched>>) -> JoinHandle<()> {
    // Weak: it is the socket that keeps the watcher running, and never the other way round.
    let socket = Arc::downgrade(socket);
    thread::spawn(move || watch(&socket))
}

fn watch(socket: &Weak<Mutex<Watched>>) {
    while let Some(socket) = socket.upgrade() {
        let due = lock(&socket).take_due();
        // Let go before the sleep and the call: a socket that is dropped meanwhile closes at once.
        drop(socket);
        if let Some(callback) = due {
            // Without the lock: the callback may use the socket.
            return callback();
        }
        thread::sleep(INTERVAL);
    }
}

/// Locks a watched socket.
pub(crate) fn lock(socket: &Mutex<Watched>) -> MutexGuard<'_, Watched> {
    socket
        .lock()
        .expect("nothing panics with the socket locked")
}

#[cfg(test)]
mod tests;
