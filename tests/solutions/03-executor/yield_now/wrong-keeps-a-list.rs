// expect: fail keeps-task-alive
//! Leaves the waker in a list, so that nobody is forgotten: and nobody ever is.

use std::cell::RefCell;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

pub fn yield_now() -> YieldNow {
    YieldNow { yielded: false }
}

#[derive(Debug)]
pub struct YieldNow {
    yielded: bool,
}

thread_local! {
    static WAKERS: RefCell<Vec<Waker>> = const { RefCell::new(Vec::new()) };
}

impl Future for YieldNow {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.yielded {
            return Poll::Ready(());
        }
        self.yielded = true;
        WAKERS.with_borrow_mut(|wakers| wakers.push(cx.waker().clone()));
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}
