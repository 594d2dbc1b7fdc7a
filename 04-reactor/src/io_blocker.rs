//! Asking once for all sources: the `IoBlocker` of *Asynchronous Programming in Rust*.
//!
//! The book gives it a constructor and two methods and leaves their bodies out. Three things had to
//! change. `block` takes `&mut self`, because the system writes its answer into a list that is kept.
//! It brings any number of events, because several sources may be ready in the same moment. And each
//! method can fail.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use mio::event::Source;
use waker_timer::clock;

use crate::Event;
use crate::selector::{self, Interrupt, Opened, Registry, Selector};

/// Blocks one thread until something happens to one of many sources.
///
/// ```no_run
/// use mio::net::TcpStream;
/// use reactor::{Event, IoBlocker, Signals};
///
/// let mut socket = TcpStream::connect("127.0.0.1:8080".parse().unwrap())?;
/// let mut blocker = IoBlocker::new()?;
/// let interest = Event { id: 1, signals: Signals::READABLE };
/// blocker.add_io_event_interest(&mut socket, interest)?;
///
/// let mut events = Vec::new();
/// blocker.block(None, &mut events)?;
/// for event in events {
///     println!("Socket {:?} is now {:?}", event.id, event.signals);
/// }
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct IoBlocker {
    /// What waits.
    selector: Box<dyn Selector>,
    /// Takes sources, also while `selector` waits: hence not a part of it.
    registry: Arc<dyn Registry>,
    /// Ends the waiting from outside.
    interrupt: Arc<dyn Interrupt>,
}

impl IoBlocker {
    /// A blocker that looks after no source yet.
    ///
    /// # Errors
    ///
    /// What the system says: no file descriptor left, for one.
    pub fn new() -> io::Result<Self> {
        let Opened {
            selector,
            registry,
            interrupt,
        } = selector::open()?;
        Ok(Self {
            selector,
            registry,
            interrupt,
        })
    }

    /// Looks for `event.signals` on `source` from now on. What is found comes with `event.id`.
    ///
    /// # Errors
    ///
    /// `AlreadyExists` if the source was added before; else what the system says.
    pub fn add_io_event_interest(&self, source: &mut dyn Source, event: Event) -> io::Result<()> {
        self.registry.register(source, event.id, event.signals)
    }

    /// Looks after `source` no longer.
    ///
    /// # Errors
    ///
    /// `NotFound` if it was never added; else what the system says.
    pub fn remove(&self, source: &mut dyn Source) -> io::Result<()> {
        self.registry.deregister(source)
    }

    /// Adds what has happened to `events`. If that is nothing, this thread sleeps until something
    /// happens, at most as long as `timeout`. It may come back with nothing before that.
    ///
    /// # Errors
    ///
    /// What the system says; but a signal handler that ran meanwhile is no error.
    pub fn block(&mut self, timeout: Option<Duration>, events: &mut Vec<Event>) -> io::Result<()> {
        // Only a timeout that runs needs a start: the others save the look at the clock.
        let started = timeout
            .filter(|timeout| !timeout.is_zero())
            .map(|_| clock::now());
        let mut left = timeout;
        loop {
            match self.selector.select(events, left) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => return result,
            }
            // Not the whole time again: with a signal every second, an hour would never pass.
            if let (Some(timeout), Some(started)) = (timeout, started) {
                let passed = clock::now().saturating_duration_since(started);
                left = Some(timeout.saturating_sub(passed));
            }
        }
    }

    /// Where sources are added and removed, also by other threads while this one blocks.
    #[must_use]
    pub fn registry(&self) -> Arc<dyn Registry> {
        Arc::clone(&self.registry)
    }

    /// What makes [`block`](Self::block) come back, from any thread.
    #[must_use]
    pub fn interrupt(&self) -> Arc<dyn Interrupt> {
        Arc::clone(&self.interrupt)
    }
}

impl fmt::Debug for IoBlocker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IoBlocker").finish_non_exhaustive()
    }
}
