//! One who waits for a notification, in a place that is never freed.
//!
//! A list that keeps a pointer to a future that is gone would lead into freed memory, and the run would end
//! anyhow, or not at all. Here the future is dropped, and its memory stays as it was: who is reached through
//! such a pointer shows in the run, by a name.

use std::{
    mem::{self, MaybeUninit},
    pin::Pin,
    task::{Context, Poll},
};

use course::{RecordedWaker, Recorder};
use pinning::{Notified, Notify};

pub struct Waiter {
    rec: Recorder,
    name: &'static str,
    waker: RecordedWaker,
    place: &'static mut MaybeUninit<Notified<'static>>,
    is_alive: bool,
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
            place: Box::leak(Box::new(MaybeUninit::new(notify.notified()))),
            is_alive: true,
        }
    }

    /// Polls with another task's waker.
    pub fn poll_as(&mut self, waker: &RecordedWaker) -> Poll<()> {
        assert!(self.is_alive, "nobody polls what is gone");
        // SAFETY: it was written in `new`, and is alive.
        let future = unsafe { self.place.assume_init_mut() };
        // SAFETY: its place is never used for anything else, and it is dropped there.
        let future = unsafe { Pin::new_unchecked(future) };
        self.rec.poll_named(
            self.name,
            waker.name(),
            || future.poll(&mut Context::from_waker(waker.as_waker())),
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
        self.is_alive = false;
        // SAFETY: it is alive until now, and is not used again.
        unsafe { self.place.assume_init_drop() };
    }
}
