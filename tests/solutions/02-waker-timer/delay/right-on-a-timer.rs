// expect: pass
//! Leaves the waiting to the stage's `TimerFuture`, made at the first early poll, and looks at the clock first.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use crate::TimerFuture;
use crate::clock;

#[derive(Debug)]
pub struct Delay {
    when: Option<Instant>,
    timer: Option<TimerFuture>,
}

impl Delay {
    pub fn new(duration: Duration) -> Self {
        Delay { when: clock::now().checked_add(duration), timer: None }
    }

    pub fn until(when: Instant) -> Self {
        Delay { when: Some(when), timer: None }
    }
}

impl Future for Delay {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Some(when) = self.when else { return Poll::Pending };
        let left = when.saturating_duration_since(clock::now());
        if left.is_zero() {
            return Poll::Ready(());
        }
        let timer = self.timer.get_or_insert_with(|| TimerFuture::new(left));
        Pin::new(timer).poll(cx)
    }
}
