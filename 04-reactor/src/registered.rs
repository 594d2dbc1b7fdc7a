//! A source of I/O that is registered with a reactor.

use std::fmt;
use std::io;
use std::task::{Context, Poll};

use mio::event::Source;

use crate::event_map::Tick;
use crate::{Direction, Reactor, Signals};

/// A source in a reactor: it can be waited for, in both directions at once, by one task each.
///
/// It is registered once, for everything, when it is made, and not again at every poll. Dropping it
/// takes it out of the reactor and closes it, and the wakers of those who waited are dropped.
pub struct Registered<S: Source> {
    /// The source itself.
    source: S,
    /// Its number in the reactor.
    id: usize,
    /// Where it is registered.
    reactor: Reactor,
}

impl<S: Source> Registered<S> {
    /// Registers `source`, which must not block, with the current reactor.
    ///
    /// # Errors
    ///
    /// What the system says.
    ///
    /// # Panics
    ///
    /// Panics if the thread has no current reactor.
    pub fn new(source: S) -> io::Result<Self> {
        Self::with_reactor(source, &Reactor::current())
    }

    /// Registers `source`, which must not block, with `reactor`.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn with_reactor(mut source: S, reactor: &Reactor) -> io::Result<Self> {
        // The place in the map first: an event may come before `register` has returned.
        let id = reactor.with_events(|events| events.insert());
        let both = Signals::READABLE | Signals::WRITABLE;
        if let Err(error) = reactor.registry().register(&mut source, id, both) {
            reactor.with_events(|events| events.remove(id));
            return Err(error);
        }
        Ok(Self {
            source,
            id,
            reactor: reactor.clone(),
        })
    }

    /// The source: its operations do not block, they say `WouldBlock`.
    pub fn get_ref(&self) -> &S {
        &self.source
    }

    /// Ready when an operation in this direction is worth trying. If not, the task is woken when it
    /// is; the latest task, if several ask.
    ///
    /// A new source is worth trying. If the operation says `WouldBlock`, call
    /// [`clear_ready`](Self::clear_ready) with the tick of this call, then this again.
    pub fn poll_ready(&self, direction: Direction, cx: &mut Context<'_>) -> Poll<Tick> {
        let ready = (self.reactor).with_events(|events| events.poll_ready(self.id, direction));
        match ready {
            Some(tick) => Poll::Ready(tick),
            None => self.poll_event_since(None, direction, cx),
        }
    }

    /// Records that an operation found nothing more to do: the direction is ready again with the
    /// next event. Does nothing if one came since `tick`, or if the direction is closed.
    pub fn clear_ready(&self, direction: Direction, tick: Tick) {
        (self.reactor).with_events(|events| events.clear_ready(self.id, direction, tick));
    }

    /// Tries `op` until it does not say `WouldBlock`; waits for an event before each further try.
    ///
    /// # Errors
    ///
    /// Those of `op`, except `WouldBlock` and `Interrupted`.
    pub fn poll_io<R>(
        &self,
        direction: Direction,
        cx: &mut Context<'_>,
        mut op: impl FnMut(&S) -> io::Result<R>,
    ) -> Poll<io::Result<R>> {
        let mut ready = self.poll_ready(direction, cx);
        while let Poll::Ready(tick) = ready {
            match op(&self.source) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    ready = self.poll_event_since(Some(tick), direction, cx);
                }
                result => return Poll::Ready(result),
            }
        }
        Poll::Pending
    }

    /// Registers the waker and looks for readiness after that, in one step. With a tick at which an
    /// operation said `WouldBlock`, only a later event counts: a direction that is closed stays
    /// ready, and one that nevertheless says `WouldBlock` must not be tried in a circle.
    fn poll_event_since(
        &self,
        tick: Option<Tick>,
        direction: Direction,
        cx: &mut Context<'_>,
    ) -> Poll<Tick> {
        // Cloned before the lock is taken, and the earlier one dropped after: both are foreign code.
        let waker = cx.waker().clone();
        let (ready, previous) = self.reactor.with_events(|events| {
            if let Some(tick) = tick {
                events.clear_ready(self.id, direction, tick);
            }
            let previous = events.set_waker(self.id, direction, waker);
            (events.poll_ready(self.id, direction), previous)
        });
        drop(previous);
        match ready {
            Some(now) if tick != Some(now) => Poll::Ready(now),
            _ => Poll::Pending,
        }
    }
}

impl<S: Source> Drop for Registered<S> {
    fn drop(&mut self) {
        // The descriptor is closed right after this. But it may have been duplicated, and then
        // closing it alone would leave the events coming.
        let _ = self.reactor.registry().deregister(&mut self.source);
        let wakers = self.reactor.with_events(|events| events.remove(self.id));
        // After the lock: a task's last waker takes the task with it.
        drop(wakers);
    }
}

impl<S: Source + fmt::Debug> fmt::Debug for Registered<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registered")
            .field("source", &self.source)
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
