// expect: fail bypassed-seam
//! Sleeps inside poll until the time has come: all tasks of the thread wait with it (S1-03; rust-lang/async-book #64).

use std::pin::Pin;
use std::thread;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use crate::clock;

#[derive(Debug)]
pub struct Delay {
    when: Option<Instant>,
}

impl Delay {
    pub fn new(duration: Duration) -> Self {
        Delay { when: clock::now().checked_add(duration) }
    }

    pub fn until(when: Instant) -> Self {
        Delay { when: Some(when) }
    }
}

impl Future for Delay {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<()> {
        let Some(when) = self.when else { return Poll::Pending };
        thread::sleep(when.saturating_duration_since(clock::now()));
        Poll::Ready(())
    }
}
