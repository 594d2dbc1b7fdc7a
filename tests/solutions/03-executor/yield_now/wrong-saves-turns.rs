// expect: fail does-not-yield
//! Yields the first few times, and then goes on at once to save turns: the others were counted on to be done by then.

use std::cell::Cell;
use std::pin::Pin;
use std::task::{Context, Poll};

pub fn yield_now() -> YieldNow {
    YieldNow { yielded: false }
}

#[derive(Debug)]
pub struct YieldNow {
    yielded: bool,
}

thread_local! {
    static YIELDS: Cell<usize> = const { Cell::new(0) };
}

impl Future for YieldNow {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.yielded || YIELDS.replace(YIELDS.get() + 1) > 6 {
            return Poll::Ready(());
        }
        self.yielded = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}
