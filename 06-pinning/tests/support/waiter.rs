//! One who waits for a notification, in a place that is never freed.
//!
//! A list that keeps a pointer to a future that is gone would lead into freed memory, and the run would end
//! anyhow, or not at all. Here the future is dropped, and its memory stays as it was: who is reached through
//! such a pointer shows in the run, by a name.

use std::{
    mem::{self, MaybeUninit},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    task::{Context, Poll, Wake, Waker},
};

use course::{RecordedWaker, Recorder};
use pinning::{Notified, Notify};

/// One who says in the run what is done.
pub struct Waiter {
    rec: Recorder,
    name: &'static str,
    waker: RecordedWaker,
    future: Fixed,
}

/// One who says nothing.
pub struct Place {
    wakes: Arc<Wakes>,
    future: Fixed,
}

/// A future whose memory is never freed.
struct Fixed {
    place: &'static mut MaybeUninit<Notified<'static>>,
    is_alive: bool,
}

impl Fixed {
    fn new(notify: &'static Notify) -> Self {
        Fixed {
            place: Box::leak(Box::new(MaybeUninit::new(notify.notified()))),
            is_alive: true,
        }
    }

    fn poll(&mut self, waker: &Waker) -> Poll<()> {
        assert!(self.is_alive, "nobody polls what is gone");
        // SAFETY: it was written in `new`, and is alive.
        let future = unsafe { self.place.assume_init_mut() };
        // SAFETY: its place is never used for anything else, and it is dropped there.
        let future = unsafe { Pin::new_unchecked(future) };
        future.poll(&mut Context::from_waker(waker))
    }

    fn leave(&mut self) {
        self.is_alive = false;
        // SAFETY: it is alive until now, and is not used again.
        unsafe { self.place.assume_init_drop() };
    }
}

/// Counts its wakes.
#[derive(Default)]
struct Wakes(AtomicUsize);

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

impl Place {
    /// One who has not been polled.
    pub fn new(notify: &'static Notify) -> Self {
        let wakes = Arc::new(Wakes::default());
        // Never freed, whatever is done to its references.
        (0..64).for_each(|_| mem::forget(Arc::clone(&wakes)));
        Place {
            wakes,
            future: Fixed::new(notify),
        }
    }

    /// Polls it with its own waker.
    pub fn poll(&mut self) -> Poll<()> {
        self.future.poll(&Waker::from(Arc::clone(&self.wakes)))
    }

    /// How often it was woken.
    pub fn wakes(&self) -> usize {
        self.wakes.0.load(SeqCst)
    }

    /// It waits no longer. Its memory stays as it is.
    pub fn leave(&mut self) {
        self.future.leave();
    }
}

impl Waiter {
    /// One who has not been polled.
    pub fn new(rec: &Recorder, name: &'static str, notify: &'static Notify) -> Self {
        let waker = rec.waker(name);
        waker.never_free();
        Waiter {
            rec: rec.clone(),
            name,
            waker,
            future: Fixed::new(notify),
        }
    }

    /// Polls with another task's waker.
    pub fn poll_as(&mut self, waker: &RecordedWaker) -> Poll<()> {
        self.rec.poll_named(
            self.name,
            waker.name(),
            || self.future.poll(waker.as_waker()),
            |polled| polled.is_ready().then(|| "()".into()),
        )
    }

    fn poll(&mut self) -> Poll<()> {
        let waker = mem::replace(&mut self.waker, self.rec.waker(self.name));
        let polled = self.poll_as(&waker);
        self.waker = waker;
        polled
    }

    /// The rule that there is nothing to go on for.
    pub fn waits(&mut self, because: &str) {
        if self.poll().is_ready() {
            self.rec.fail(
                "early-ready",
                format!("{} goes on, although {because}", self.name),
            );
        }
    }

    /// The rule that it goes on.
    pub fn goes_on(&mut self, because: &str) {
        if self.poll().is_pending() {
            self.rec.fail(
                "never-ready",
                format!("{} still waits, although {because}", self.name),
            );
        }
    }

    /// Whether it goes on, for whoever knows what is right.
    pub fn is_ready(&mut self) -> bool {
        self.poll().is_ready()
    }

    /// It waits no longer. Its memory stays as it is.
    pub fn leave(&mut self) {
        self.rec.note(format!("{} is dropped", self.name));
        self.future.leave();
    }
}
