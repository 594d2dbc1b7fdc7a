//! A future that knows where it lies, and notices when it has been moved.
//!
//! It is not `Unpin`, so from its first poll on it has to stay where it is: to the next poll, and to its
//! drop. Miri does not see such a move, and no test of outputs does.

use std::{
    cell::Cell,
    marker::PhantomPinned,
    pin::Pin,
    task::{Context, Poll},
};

use course::Recorder;

/// Pending as often as it is told, then ready with its name.
pub struct Resident {
    rec: Recorder,
    name: &'static str,
    /// How many polls are left until it is ready.
    pending: Cell<usize>,
    /// Where it was polled first. 0: not polled yet.
    home: Cell<usize>,
    /// Whether it has been ready.
    over: Cell<bool>,
    _pinned: PhantomPinned,
}

impl Resident {
    /// A future that is pending `pending` times. It arranges no wake: whoever uses it polls by hand.
    pub fn new(rec: &Recorder, name: &'static str, pending: usize) -> Self {
        Resident {
            rec: rec.clone(),
            name,
            pending: Cell::new(pending),
            home: Cell::new(0),
            over: Cell::new(false),
            _pinned: PhantomPinned,
        }
    }

    /// The rule that a pinned value stays where it is.
    fn must_be_at_home(&self, code: &str, what: &str) {
        let (home, here) = (self.home.get(), (&raw const *self).addr());
        if home != 0 && home != here {
            self.rec.fail(
                code,
                format!(
                    "{} was polled, then moved, and was {what} in another place",
                    self.name
                ),
            );
        }
    }
}

impl Future for Resident {
    type Output = &'static str;

    fn poll(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<&'static str> {
        let this = self.as_ref().get_ref();
        this.must_be_at_home("moved-while-pinned", "polled again");
        this.home.set((&raw const *this).addr());
        if this.over.get() {
            this.rec.fail(
                "polled-after-ready",
                format!("{} was polled again after it had answered Ready", this.name),
            );
        }
        let left = this.pending.get();
        this.rec.note(match left {
            0 => format!("{} is polled → Ready", this.name),
            _ => format!("{} is polled → Pending", this.name),
        });
        match left.checked_sub(1) {
            Some(left) => {
                this.pending.set(left);
                Poll::Pending
            }
            None => {
                this.over.set(true);
                Poll::Ready(this.name)
            }
        }
    }
}

impl Drop for Resident {
    fn drop(&mut self) {
        self.must_be_at_home("dropped-elsewhere", "dropped");
        self.rec.note(format!("{} is dropped", self.name));
    }
}
