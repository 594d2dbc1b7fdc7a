//! The seam between the reactor and the operating system.
//!
//! Everything that the reactor wants from the system, it asks for here: "wait until something
//! happens to one of these sources", "look after this source too", "stop waiting". So a test can put
//! a selector of its own in the place of the system's, and decide what happens, and when; for one
//! between two steps of the reactor that nobody could hit by waiting.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use mio::event::Source;

use crate::lock::lock;
pub use crate::mio_selector::MioSelector;
use crate::{Event, Signals};

/// Waits for events.
pub trait Selector: Send {
    /// Adds what has happened to `events`, and sleeps before if nothing has: until something does,
    /// until `timeout` has passed (`None`: however long), or until it is interrupted.
    ///
    /// It may come back early with nothing. Events are *edges*: what was reported once need not be
    /// reported again before the source has said `WouldBlock`.
    ///
    /// # Errors
    ///
    /// What the system says; `Interrupted` when a signal handler ran meanwhile.
    fn select(&mut self, events: &mut Vec<Event>, timeout: Option<Duration>) -> io::Result<()>;
}

/// Says which sources to look after. Works from any thread, also while another one selects.
pub trait Registry: Send + Sync {
    /// Looks after `source` from now on, and reports its events with this `id`. If what is asked
    /// for is there already, that is an event.
    ///
    /// # Errors
    ///
    /// What the system says: `AlreadyExists`, if the source is registered.
    fn register(&self, source: &mut dyn Source, id: usize, signals: Signals) -> io::Result<()>;

    /// Looks after *these* signals from now on, no longer after those before. If they are there
    /// already, that is an event.
    ///
    /// # Errors
    ///
    /// What the system says: `NotFound`, if the source is not registered.
    fn reregister(&self, source: &mut dyn Source, id: usize, signals: Signals) -> io::Result<()>;

    /// Looks after `source` no longer. Events that were seen before may still be reported.
    ///
    /// # Errors
    ///
    /// What the system says: `NotFound`, if the source is not registered.
    fn deregister(&self, source: &mut dyn Source) -> io::Result<()>;
}

/// Ends the sleep of a selector, from any thread.
pub trait Interrupt: Send + Sync {
    /// Makes the `select` that sleeps come back, or the next one if none sleeps now.
    ///
    /// # Errors
    ///
    /// What the system says.
    fn interrupt(&self) -> io::Result<()>;
}

/// A selector that was opened, in its three roles.
pub struct Opened {
    /// For the one thread that waits.
    pub selector: Box<dyn Selector>,
    /// For everybody who has a source.
    pub registry: Arc<dyn Registry>,
    /// For everybody who has to wake that one thread.
    pub interrupt: Arc<dyn Interrupt>,
}

/// A place that selectors come from.
pub trait Open: Send + Sync {
    /// A new selector, with nothing registered.
    ///
    /// # Errors
    ///
    /// What the system says: no file descriptor left, for one.
    fn open(&self) -> io::Result<Opened>;
}

/// Opens a selector: the system's, or that of a test.
///
/// # Errors
///
/// What the system says: no file descriptor left, for one.
///
/// ```
/// use std::time::Duration;
///
/// let mut opened = reactor::selector::open()?;
/// let mut events = Vec::new();
/// opened.selector.select(&mut events, Some(Duration::ZERO))?;
/// assert!(events.is_empty(), "nothing is registered");
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn open() -> io::Result<Opened> {
    match replacement() {
        Some(replacement) => replacement.open(),
        None => MioSelector.open(),
    }
}

/// Puts `selectors` in the place of the system's, for whatever is opened from now on on any thread,
/// until the guard is dropped. What was opened before goes on as it is.
///
/// Whoever comes second waits here until the first has dropped its guard, as with
/// [`waker_timer::clock::replace`]: a test that wants the real selector beside such tests asks for
/// it with `replace(Arc::new(MioSelector))`. If you replace both, replace the clock first. Do not
/// nest.
///
/// ```
/// use std::sync::Arc;
/// use reactor::{ManualSelector, Reactor, selector};
///
/// let manual = ManualSelector::new();
/// let _replaced = selector::replace(Arc::new(manual.clone()));
/// let reactor = Reactor::new()?;
/// reactor.poll_io(Some(std::time::Duration::ZERO))?;
/// assert_eq!(manual.timeouts(), [Some(std::time::Duration::ZERO)]);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn replace(selectors: Arc<dyn Open>) -> Replaced {
    let turn = lock(&TURN);
    set_replacement(Some(selectors));
    Replaced { _turn: turn }
}

/// Keeps the system's selector replaced; dropping it brings that one back.
#[derive(Debug)]
#[must_use = "the system's selector is back as soon as this is dropped"]
pub struct Replaced {
    /// Makes the next one who wants to replace the selector wait.
    _turn: MutexGuard<'static, ()>,
}

impl Drop for Replaced {
    fn drop(&mut self) {
        // Fields are dropped after this body: the turn is given on when the real one is back.
        set_replacement(None);
    }
}

/// Who may replace the selector; held as long as a [`Replaced`] lives.
static TURN: Mutex<()> = Mutex::new(());

/// What is in the real one's place. Read whenever a selector is opened, written by tests only.
static REPLACEMENT: RwLock<Option<Arc<dyn Open>>> = RwLock::new(None);

/// Opening happens after the lock is released: it may come back here.
fn replacement() -> Option<Arc<dyn Open>> {
    let replacement = REPLACEMENT.read().unwrap_or_else(PoisonError::into_inner);
    replacement.clone()
}

fn set_replacement(selectors: Option<Arc<dyn Open>>) {
    let mut current = REPLACEMENT.write().unwrap_or_else(PoisonError::into_inner);
    let previous = std::mem::replace(&mut *current, selectors);
    drop(current);
    drop(previous);
}
