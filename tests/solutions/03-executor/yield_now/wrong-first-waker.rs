// expect: fail stale-waker
//! Is Pending twice, and wakes the waker of its first poll both times (S2-01 class).

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

pub fn yield_now() -> YieldNow {
    YieldNow { left: 2, waker: None }
}

#[derive(Debug)]
pub struct YieldNow {
    left: u8,
    waker: Option<Waker>,
}

impl Future for YieldNow {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.left == 0 {
            return Poll::Ready(());
        }
        self.left -= 1;
        let waker = self.waker.get_or_insert_with(|| cx.waker().clone());
        waker.wake_by_ref();
        Poll::Pending
    }
}
