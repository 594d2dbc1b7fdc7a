// expect: fail blocking-poll
//! Looks at the clock inside poll until the time has come: all tasks of the thread wait with it.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use crate::clock;

#[derive(Debug)]
pub struct TimerFuture {
    end: Option<Instant>,
}

impl TimerFuture {
    pub fn new(duration: Duration) -> Self {
        TimerFuture { end: clock::now().checked_add(duration) }
    }
}

impl Future for TimerFuture {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<()> {
        while self.end.is_none_or(|end| clock::now() < end) {
            std::thread::yield_now();
        }
        Poll::Ready(())
    }
}
