//! What can happen to a source of I/O, and what has happened.

use std::fmt;
use std::ops::{BitOr, BitOrAssign};

/// A set of the things that can happen to a source.
///
/// As an interest it says what to look for; in an [`Event`] it says what was seen. The closed
/// signals and errors are reported whether they were asked for or not.
///
/// ```
/// use reactor::Signals;
///
/// let both = Signals::READABLE | Signals::WRITABLE;
/// assert!(both.contains(Signals::READABLE));
/// assert!(!Signals::READABLE.contains(both));
/// assert_eq!(format!("{both:?}"), "READABLE | WRITABLE");
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Signals(u8);

impl Signals {
    /// A read would not block: there are bytes, or a connection to accept, or an error to fetch.
    pub const READABLE: Self = Self(1);
    /// A write would not block: there is room, or an error to fetch.
    pub const WRITABLE: Self = Self(2);
    /// Nothing will come any more after the bytes that are there.
    pub const READ_CLOSED: Self = Self(4);
    /// Nothing can be sent any more.
    pub const WRITE_CLOSED: Self = Self(8);

    /// The signals with the names that [`Debug`](fmt::Debug) shows.
    const NAMES: [(Self, &str); 4] = [
        (Self::READABLE, "READABLE"),
        (Self::WRITABLE, "WRITABLE"),
        (Self::READ_CLOSED, "READ_CLOSED"),
        (Self::WRITE_CLOSED, "WRITE_CLOSED"),
    ];

    /// No signal at all.
    #[must_use]
    pub const fn empty() -> Self {
        Self(0)
    }

    /// Whether all of `other` are in this set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether at least one of `other` is in this set.
    #[must_use]
    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether nothing is in this set.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl BitOr for Signals {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Signals {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl fmt::Debug for Signals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("(none)");
        }
        let names = (Self::NAMES.iter()).filter(|(signal, _)| self.contains(*signal));
        for (place, (_, name)) in names.enumerate() {
            let bar = if place == 0 { "" } else { " | " };
            write!(f, "{bar}{name}")?;
        }
        Ok(())
    }
}

/// Something that happened to a source, or that is asked for.
///
/// ```
/// use reactor::{Event, Signals};
///
/// let event = Event { id: 1, signals: Signals::READABLE };
/// assert_eq!(format!("Socket {} is now {:?}", event.id, event.signals), "Socket 1 is now READABLE");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// Which source: the number that it was registered under.
    pub id: usize,
    /// What was seen, or what to look for.
    pub signals: Signals,
}

/// One of the two sides of a source. Each has its own readiness and its own waker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Reading and accepting.
    Read,
    /// Writing and connecting.
    Write,
}

impl Direction {
    /// The signals that make this direction ready: the closed one too, because an operation on a
    /// closed side does not block, it ends.
    #[must_use]
    pub const fn signals(self) -> Signals {
        match self {
            Self::Read => Signals(Signals::READABLE.0 | Signals::READ_CLOSED.0),
            Self::Write => Signals(Signals::WRITABLE.0 | Signals::WRITE_CLOSED.0),
        }
    }

    /// The signal that makes this direction ready for good.
    #[must_use]
    pub const fn closed(self) -> Signals {
        match self {
            Self::Read => Signals::READ_CLOSED,
            Self::Write => Signals::WRITE_CLOSED,
        }
    }
}
