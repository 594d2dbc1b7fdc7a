// expect: fail does-not-yield
//! Wakes, and is Ready in the same poll: the task goes on before anybody else is polled (S3-22; monoio #362).

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
        self.yielded = true;
        cx.waker().wake_by_ref();
        Poll::Ready(())
    }
}
