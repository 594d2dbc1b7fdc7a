// expect: fail lost-wakeup
//! Wakes when it goes on, and not when it lets go: nobody makes it go on (S3-22).

use std::pin::Pin;
use std::task::{Context, Poll};

pub fn yield_now() -> YieldNow {
    YieldNow { yielded: false }
}

#[derive(Debug)]
pub struct YieldNow {
    yielded: bool,
}

impl Future for YieldNow {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.yielded {
            cx.waker().wake_by_ref();
            return Poll::Ready(());
        }
        self.yielded = true;
        Poll::Pending
    }
}
