//! A future that is pending so many times, and says in the run what is done to it.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use course::Recorder;

use super::address::AtHome;

/// A future with a name, which has to stay where it is.
pub type Resident = AtHome<Countdown>;

/// Pending `pending` times, then ready with its name. It arranges no wake: who uses it polls by hand.
pub fn resident(rec: &Recorder, name: &'static str, pending: usize) -> Resident {
    let future = Countdown {
        rec: rec.clone(),
        name,
        left: Some(pending),
    };
    AtHome::new(rec, name, future)
}

/// Counts its polls down.
pub struct Countdown {
    rec: Recorder,
    name: &'static str,
    /// How often it is still pending. `None`: it was ready.
    left: Option<usize>,
}

impl Future for Countdown {
    type Output = &'static str;

    fn poll(mut self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<&'static str> {
        let (name, left) = (self.name, self.left);
        match left {
            None => self.rec.fail(
                "polled-after-ready",
                format!("{name} was polled again after it had answered Ready"),
            ),
            Some(0) => self.rec.note(format!("{name} is polled → Ready")),
            Some(_) => self.rec.note(format!("{name} is polled → Pending")),
        }
        self.left = left.and_then(|left| left.checked_sub(1));
        match self.left {
            Some(_) => Poll::Pending,
            None => Poll::Ready(name),
        }
    }
}

impl Drop for Countdown {
    fn drop(&mut self) {
        self.rec.note(format!("{} is dropped", self.name));
    }
}
