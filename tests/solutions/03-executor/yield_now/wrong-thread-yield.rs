// expect: fail does-not-yield
//! Lets other threads run. The tasks of this one wait as before (S3-22 class).

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
        std::thread::yield_now();
        let _ = cx;
        Poll::Ready(())
    }
}
