// expect: pass
//! A closure for `poll_fn`, in a box so that it has a name.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

pub fn yield_now() -> YieldNow {
    let mut yielded = false;
    YieldNow(Box::pin(poll_fn(move |cx| {
        if yielded {
            return Poll::Ready(());
        }
        yielded = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    })))
}

pub struct YieldNow(Pin<Box<dyn Future<Output = ()> + Send + Sync>>);

impl fmt::Debug for YieldNow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("YieldNow")
    }
}

impl Future for YieldNow {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.0.as_mut().poll(cx)
    }
}
