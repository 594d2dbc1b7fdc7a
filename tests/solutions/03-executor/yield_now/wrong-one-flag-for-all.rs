// expect: fail does-not-yield
//! One flag for the whole thread: whoever yields while another one is waiting is Ready at once (S1-16 class).

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
    static YIELDED: Cell<bool> = const { Cell::new(false) };
}

impl Future for YieldNow {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.yielded = true;
        if YIELDED.replace(false) {
            return Poll::Ready(());
        }
        YIELDED.set(true);
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}
