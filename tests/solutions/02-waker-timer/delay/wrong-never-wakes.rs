// expect: fail lost-wakeup
//! Is ready at the right time, and trusts that somebody will ask (S1-01; tokio-rs/console #42 warns of this).

use std::pin::Pin;
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
        match self.when {
            Some(when) if clock::now() >= when => Poll::Ready(()),
            _ => Poll::Pending,
        }
    }
}
