// expect: pass
//! Gives the others two turns, each with a wake.

use std::pin::Pin;
use std::task::{Context, Poll};

pub fn yield_now() -> YieldNow {
    YieldNow { left: 2 }
}

#[derive(Debug)]
pub struct YieldNow {
    left: u8,
}

impl Future for YieldNow {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.left == 0 {
            return Poll::Ready(());
        }
        self.left -= 1;
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}
