// expect: fail lost-wakeup
//! Keeps the waker and wakes it when it is dropped, as a guard would: its task holds it until it goes on, and it goes on when it is woken.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

pub fn yield_now() -> YieldNow {
    YieldNow { waker: None }
}

#[derive(Debug)]
pub struct YieldNow {
    waker: Option<Waker>,
}

impl Future for YieldNow {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.waker.is_some() {
            return Poll::Ready(());
        }
        self.waker = Some(cx.waker().clone());
        Poll::Pending
    }
}

impl Drop for YieldNow {
    fn drop(&mut self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}
