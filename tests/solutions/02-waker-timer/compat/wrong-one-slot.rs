// expect: fail overwritten-wake
//! Has one place for a waker, shared by all (S1-16; n0-computer/net-tools #28, smoltcp-rs/smoltcp #964).

use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};

use simple_future::SimpleFuture;

#[derive(Debug)]
pub struct Compat<F> {
    inner: F,
}

impl<F> Compat<F> {
    pub fn new(inner: F) -> Self {
        Compat { inner }
    }
}

impl<F: SimpleFuture + Unpin> Future for Compat<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let previous = WAITING.lock().unwrap().replace(cx.waker().clone());
        drop(previous);
        let polled = self.inner.poll(wake);
        match polled {
            simple_future::Poll::Pending => Poll::Pending,
            simple_future::Poll::Ready(output) => Poll::Ready(output),
        }
    }
}

impl<F> Drop for Compat<F> {
    fn drop(&mut self) {
        let waker = WAITING.lock().unwrap().take();
        drop(waker);
    }
}

static WAITING: Mutex<Option<Waker>> = Mutex::new(None);

fn wake() {
    let waker = WAITING.lock().unwrap().take();
    if let Some(waker) = waker {
        waker.wake();
    }
}
