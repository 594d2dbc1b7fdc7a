// expect: fail address-as-identity
//! Finds its waker by its own address, which is another one after a move.

use std::collections::BTreeMap;
use std::mem;
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

    fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }
}

impl<F: SimpleFuture + Unpin> Future for Compat<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let previous = WAITING.lock().unwrap().insert(self.address(), cx.waker().clone());
        drop(previous);
        match self.inner.poll(wake) {
            simple_future::Poll::Pending => Poll::Pending,
            simple_future::Poll::Ready(output) => Poll::Ready(output),
        }
    }
}

impl<F> Drop for Compat<F> {
    fn drop(&mut self) {
        let waker = WAITING.lock().unwrap().remove(&self.address());
        drop(waker);
    }
}

static WAITING: Mutex<BTreeMap<usize, Waker>> = Mutex::new(BTreeMap::new());

fn wake() {
    let waiting = mem::take(&mut *WAITING.lock().unwrap());
    for waker in waiting.into_values() {
        waker.wake();
    }
}
