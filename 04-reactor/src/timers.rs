//! Who waits for which time: a wheel of wheels.
//!
//! A time is written in digits of six bits, like a number of nanoseconds on an odometer. A timer lies
//! by the *first* digit in which its time differs from the time up to which everything has fired: the
//! place of that digit is its level, the digit itself its slot. So a slot of a high level holds what
//! comes at about the same time and late, and a slot of level 0 one single nanosecond.
//!
//! Time moves on by any distance in one step. Above the first digit that changes, nothing has to be
//! looked at; below it, everything is due; in between lie the slots that the digit has passed, which
//! are due too, and the one that it points at now, whose timers are sorted into lower levels. So a
//! timer is touched when it is made, when it goes, and a few times at most in between.

use std::fmt;
use std::task::Waker;
use std::time::{Duration, Instant};

/// Six bits a digit: the 64 slots of a level are the bits of one word.
const BITS: u32 = 6;
const SLOTS: usize = 1 << BITS;
/// As many digits as 64 bits have: 584 years of nanoseconds.
const LEVELS: usize = u64::BITS.div_ceil(BITS) as usize;
/// No entry: the end of a list.
const NONE: u32 = u32::MAX;
/// A slot with more timers than that is not searched for the next when it loses its earliest.
const SEARCHED: u32 = 32;

/// Timers, each with its time and the waker of the task that waits for it.
///
/// A plain data structure: whoever owns it locks it, gives it the time, and wakes.
///
/// ```
/// use std::task::Waker;
/// use std::time::{Duration, Instant};
/// use reactor::Timers;
///
/// let start = Instant::now();
/// let mut timers = Timers::new(start);
/// let late = timers.insert(start + Duration::from_secs(2), Waker::noop().clone());
/// timers.insert(start + Duration::from_secs(1), Waker::noop().clone());
/// assert_eq!(timers.next_deadline(), Some(start + Duration::from_secs(1)));
///
/// let mut due = Vec::new();
/// timers.fire(start + Duration::from_secs(1), &mut due);
/// assert_eq!(due.len(), 1);
/// assert!(timers.remove(late).is_some());
/// assert!(timers.is_empty());
/// ```
pub struct Timers {
    /// The time that counts as zero.
    start: Instant,
    /// Everything up to here has fired. In nanoseconds after `start`, as all times inside.
    elapsed: u64,
    /// For each level, a bit for each slot that is not empty: finding one is one instruction.
    occupied: [u64; LEVELS],
    /// The slots of all levels, one level after the other.
    slots: Box<[Slot; LEVELS * SLOTS]>,
    /// The timers themselves. One that goes leaves its place to the next that comes.
    entries: Vec<Entry>,
    /// The first free place of `entries`; the others follow by `next`.
    free: u32,
    /// How many timers there are.
    len: usize,
    /// Counts the timers that were ever made.
    made: u64,
}

/// Names one timer of a [`Timers`]: also when it has fired, and when its place was given away.
#[derive(Debug)]
pub struct TimerKey {
    /// Its place.
    index: u32,
    /// Its number: no later timer in the same place has it.
    number: u64,
}

/// One timer, or a free place.
struct Entry {
    /// When it is due.
    at: u64,
    /// Which timer this is. Also breaks ties: of two with one time, the older fires first.
    number: u64,
    /// Whom to wake; `None` in a free place.
    waker: Option<Waker>,
    /// Its neighbours in the list of its slot: a timer is taken out without a search.
    prev: u32,
    next: u32,
}

/// The timers of one slot: a list through `entries`, in no order.
#[derive(Clone, Copy)]
struct Slot {
    first: u32,
    /// How long the list is: a short one is searched when its earliest goes.
    count: u32,
    /// No timer in the list is earlier; mostly, one is as early as that.
    earliest: u64,
}

const EMPTY: Slot = Slot {
    first: NONE,
    count: 0,
    earliest: u64::MAX,
};

impl Timers {
    /// No timers. `now` is the first time that [`fire`](Self::fire) could be called with.
    #[must_use]
    pub fn new(now: Instant) -> Self {
        Self {
            start: now,
            elapsed: 0,
            occupied: [0; LEVELS],
            slots: Box::new([EMPTY; LEVELS * SLOTS]),
            entries: Vec::new(),
            free: NONE,
            len: 0,
            made: 0,
        }
    }

    /// A timer that is due at `when`. One that is past is due at the next [`fire`](Self::fire); one
    /// in more than 584 years is due then.
    ///
    /// # Panics
    ///
    /// Panics if there are four thousand million timers.
    pub fn insert(&mut self, when: Instant, waker: Waker) -> TimerKey {
        self.made += 1;
        self.len += 1;
        let entry = Entry {
            at: self.ticks(when).max(self.elapsed),
            number: self.made,
            waker: Some(waker),
            prev: NONE,
            next: NONE,
        };
        let index = self.place(entry);
        self.link(index);
        TimerKey {
            index,
            number: self.made,
        }
    }

    /// Gives the timer another waker, and the one before back. If it has fired, `waker` comes back as
    /// the error. Both are the caller's to drop, when no lock is held any more.
    pub fn set_waker(&mut self, key: &TimerKey, waker: Waker) -> Result<Waker, Waker> {
        let entry = self.entries.get_mut(key.index as usize);
        match entry.filter(|entry| entry.number == key.number) {
            Some(Entry {
                waker: Some(current),
                ..
            }) => Ok(std::mem::replace(current, waker)),
            _ => Err(waker),
        }
    }

    /// Takes a timer out, and gives its waker back. `None`: it has fired.
    pub fn remove(&mut self, key: TimerKey) -> Option<Waker> {
        let entry = self.entries.get_mut(key.index as usize)?;
        if entry.number != key.number {
            return None;
        }
        let waker = entry.waker.take()?;
        self.unlink(key.index);
        self.vacate(key.index);
        Some(waker)
    }

    /// When [`fire`](Self::fire) is to be called next; `None` if there is no timer.
    ///
    /// No timer is due before. As a rule one is due then. Only among more than 32 timers that are due
    /// at about the same time, one that was removed may leave its time behind, and the next call of
    /// `fire` finds nothing.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Instant> {
        let level = self.occupied.iter().position(|slots| *slots != 0)?;
        let slot = level * SLOTS + self.occupied[level].trailing_zeros() as usize;
        let after = Duration::from_nanos(self.slots[slot].earliest);
        self.start.checked_add(after)
    }

    /// Takes out the timers that are due at `now`, and appends their wakers, the earliest first.
    pub fn fire(&mut self, now: Instant, wakers: &mut Vec<Waker>) {
        let before = self.elapsed;
        self.elapsed = self.ticks(now).max(before);
        let top = level(before ^ self.elapsed);
        let mut due = Vec::new();
        for level in 0..=top {
            let passed = match level == top {
                true => u64::MAX >> (SLOTS - 1 - digit(self.elapsed, level)),
                false => u64::MAX,
            };
            while self.occupied[level] & passed != 0 {
                let slot = self.occupied[level].trailing_zeros() as usize;
                self.sort_out(level, slot, &mut due);
                due.sort_unstable_by_key(|(rank, _)| *rank);
                wakers.extend(due.drain(..).map(|(_, waker)| waker));
            }
        }
    }

    /// How many timers there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no timer.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Nanoseconds from `start` to `when`.
    fn ticks(&self, when: Instant) -> u64 {
        let after = when.saturating_duration_since(self.start);
        u64::try_from(after.as_nanos()).unwrap_or(u64::MAX)
    }

    /// Empties a slot: what is due goes to `due`, the rest to the slots of lower levels.
    fn sort_out(&mut self, level: usize, slot: usize, due: &mut Vec<(u128, Waker)>) {
        let emptied = std::mem::replace(&mut self.slots[level * SLOTS + slot], EMPTY);
        self.occupied[level] &= !(1 << slot);
        let mut index = emptied.first;
        while index != NONE {
            let entry = &mut self.entries[index as usize];
            let next = entry.next;
            if entry.at > self.elapsed {
                self.link(index);
            } else {
                let waker = entry.waker.take().expect("a listed entry is a timer");
                // One number instead of a pair: it is compared without a branch, in half the time.
                let rank = u128::from(entry.at) << 64 | u128::from(entry.number);
                due.push((rank, waker));
                self.vacate(index);
            }
            index = next;
        }
    }

    /// Puts an entry into a free place, or into a new one.
    fn place(&mut self, entry: Entry) -> u32 {
        let index = self.free;
        if let Some(place) = self.entries.get_mut(index as usize) {
            self.free = place.next;
            *place = entry;
            return index;
        }
        let index = u32::try_from(self.entries.len()).unwrap_or(NONE);
        assert!(index != NONE, "too many timers");
        self.entries.push(entry);
        index
    }

    /// Makes a place free, whose timer is in no list any more.
    fn vacate(&mut self, index: u32) {
        self.entries[index as usize].next = self.free;
        self.free = index;
        self.len -= 1;
    }

    /// Where a timer lies that is due at `at`: the level, and the slot.
    fn slot(&self, at: u64) -> (usize, usize) {
        let level = level(at ^ self.elapsed);
        (level, digit(at, level))
    }

    /// Puts an entry into the list of its slot.
    fn link(&mut self, index: u32) {
        let at = self.entries[index as usize].at;
        let (level, digit) = self.slot(at);
        self.occupied[level] |= 1 << digit;
        let slot = &mut self.slots[level * SLOTS + digit];
        slot.count += 1;
        slot.earliest = slot.earliest.min(at);
        let next = std::mem::replace(&mut slot.first, index);
        let entry = &mut self.entries[index as usize];
        entry.prev = NONE;
        entry.next = next;
        if let Some(next) = self.entries.get_mut(next as usize) {
            next.prev = index;
        }
    }

    /// Takes an entry out of the list of its slot.
    fn unlink(&mut self, index: u32) {
        let Entry { at, prev, next, .. } = self.entries[index as usize];
        let (level, digit) = self.slot(at);
        let slot = &mut self.slots[level * SLOTS + digit];
        slot.count -= 1;
        match self.entries.get_mut(prev as usize) {
            Some(prev) => prev.next = next,
            None => slot.first = next,
        }
        if let Some(next) = self.entries.get_mut(next as usize) {
            next.prev = prev;
        }
        if slot.count == 0 {
            *slot = EMPTY;
            self.occupied[level] &= !(1 << digit);
        } else if slot.count == SEARCHED || at == slot.earliest && slot.count < SEARCHED {
            let mut rest = slot.first;
            slot.earliest = u64::MAX;
            while let Some(entry) = self.entries.get(rest as usize) {
                slot.earliest = slot.earliest.min(entry.at);
                rest = entry.next;
            }
        }
    }
}

impl fmt::Debug for Timers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Timers")
            .field("len", &self.len)
            .field("next_deadline", &self.next_deadline())
            .finish_non_exhaustive()
    }
}

/// The level of a timer whose time differs from the present one in the bits of `difference`.
fn level(difference: u64) -> usize {
    (difference | 1).ilog2() as usize / BITS as usize
}

/// One digit of a time.
fn digit(time: u64, level: usize) -> usize {
    (time >> (level * BITS as usize)) as usize % SLOTS
}
