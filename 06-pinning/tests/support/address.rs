//! A future that notices when it has been moved.
//!
//! It is not `Unpin`, so from its first poll on it has to stay where it is: until the next poll, and until
//! its drop. No test of outputs sees such a move, and Miri does not either, as long as nothing points to it.

use std::{
    cell::Cell,
    marker::PhantomPinned,
    pin::Pin,
    task::{Context, Poll},
};

use course::Recorder;

/// Passes everything on to another future, and watches its own address.
pub struct AtHome<F> {
    rec: Recorder,
    name: &'static str,
    future: F,
    /// Where it was polled first. 0: not polled yet.
    home: Cell<usize>,
    _pinned: PhantomPinned,
}

impl<F: Future + Unpin> AtHome<F> {
    /// Watches over a future that does not mind being moved.
    pub fn new(rec: &Recorder, name: &'static str, future: F) -> Self {
        AtHome {
            rec: rec.clone(),
            name,
            future,
            home: Cell::new(0),
            _pinned: PhantomPinned,
        }
    }
}

impl<F> AtHome<F> {
    /// Where it was polled first.
    pub fn home(&self) -> Option<usize> {
        Some(self.home.get()).filter(|home| *home != 0)
    }

    /// The rule that what is pinned stays where it is.
    fn must_be_home(&self, code: &str, what: &str) {
        let (home, here) = (self.home.get(), (&raw const *self).addr());
        if home != 0 && home != here {
            self.rec.fail(
                code,
                format!(
                    "`{}` was polled in one place, and then {what} in another: it was moved in between",
                    self.name
                ),
            );
        }
    }
}

impl<F: Future + Unpin> Future for AtHome<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.must_be_home("moved-while-pinned", "polled");
        self.home.set((&raw const *self).addr());
        // SAFETY: nothing is moved out of it: `future` is `Unpin`, and is never handed out pinned.
        let this = unsafe { self.get_unchecked_mut() };
        Pin::new(&mut this.future).poll(cx)
    }
}

impl<F> Drop for AtHome<F> {
    fn drop(&mut self) {
        self.must_be_home("dropped-elsewhere", "dropped");
    }
}
