//! The system's selector: epoll, kqueue or the completion ports of Windows, through mio.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use mio::event::Source;
use mio::{Events, Interest, Poll, Token, Waker};

use crate::selector::{Interrupt, Open, Opened, Registry, Selector};
use crate::{Event, Signals};

/// Opens selectors of the operating system.
#[derive(Clone, Copy, Debug)]
pub struct MioSelector;

/// How many events one call can bring. What does not fit comes with the next call.
const BATCH: usize = 1024;

/// The token of the interrupt. No source gets this number: see `event_map.rs`.
const INTERRUPT: Token = Token(usize::MAX);

impl Open for MioSelector {
    fn open(&self) -> io::Result<Opened> {
        let poll = Poll::new()?;
        let registry = Arc::new(MioRegistry(poll.registry().try_clone()?));
        let interrupt = Arc::new(MioInterrupt(Waker::new(poll.registry(), INTERRUPT)?));
        let events = Events::with_capacity(BATCH);
        let selector = Box::new(MioPoll { poll, events });
        Ok(Opened {
            selector,
            registry,
            interrupt,
        })
    }
}

struct MioPoll {
    /// What waits.
    poll: Poll,
    /// Where the system writes: kept, because it is large.
    events: Events,
}

impl Selector for MioPoll {
    fn select(&mut self, events: &mut Vec<Event>, timeout: Option<Duration>) -> io::Result<()> {
        self.poll.poll(&mut self.events, timeout)?;
        let of_sources = (self.events.iter()).filter(|event| event.token() != INTERRUPT);
        events.extend(of_sources.map(|event| Event {
            id: event.token().0,
            signals: signals(event),
        }));
        Ok(())
    }
}

struct MioRegistry(mio::Registry);

impl Registry for MioRegistry {
    fn register(&self, source: &mut dyn Source, id: usize, signals: Signals) -> io::Result<()> {
        self.0.register(source, Token(id), interest(signals)?)
    }

    fn reregister(&self, source: &mut dyn Source, id: usize, signals: Signals) -> io::Result<()> {
        self.0.reregister(source, Token(id), interest(signals)?)
    }

    fn deregister(&self, source: &mut dyn Source) -> io::Result<()> {
        self.0.deregister(source)
    }
}

struct MioInterrupt(Waker);

impl Interrupt for MioInterrupt {
    fn interrupt(&self) -> io::Result<()> {
        self.0.wake()
    }
}

/// What was seen. An error counts for both directions: whichever tries first fetches it.
fn signals(event: &mio::event::Event) -> Signals {
    let seen = [
        (event.is_readable(), Signals::READABLE),
        (event.is_writable(), Signals::WRITABLE),
        (event.is_read_closed(), Signals::READ_CLOSED),
        (event.is_write_closed(), Signals::WRITE_CLOSED),
        (event.is_error(), Signals::READABLE | Signals::WRITABLE),
    ];
    (seen.into_iter()).fold(
        Signals::empty(),
        |all, (is_seen, signal)| {
            if is_seen { all | signal } else { all }
        },
    )
}

/// What to look for. The closed signals come unasked.
fn interest(signals: Signals) -> io::Result<Interest> {
    let readable = signals.contains(Signals::READABLE);
    let writable = signals.contains(Signals::WRITABLE);
    match (readable, writable) {
        (true, true) => Ok(Interest::READABLE | Interest::WRITABLE),
        (true, false) => Ok(Interest::READABLE),
        (false, true) => Ok(Interest::WRITABLE),
        (false, false) => Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "an interest needs READABLE, WRITABLE or both",
        )),
    }
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened").finish_non_exhaustive()
    }
}
