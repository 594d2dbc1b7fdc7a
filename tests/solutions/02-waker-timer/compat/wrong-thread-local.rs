// expect: fail lost-wakeup
//! Keeps the wakers of each thread apart: a wake that is called on another thread finds none (RUSTSEC-2020-0061 was
//! a waker in thread-local storage).

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll, Waker};

use simple_future::SimpleFuture;

#[derive(Debug)]
pub struct Compat<F> {
    inner: F,
    number: u64,
}

impl<F> Compat<F> {
    pub fn new(inner: F) -> Self {
        Compat { inner, number: NEXT.fetch_add(1, Relaxed) }
    }
}

impl<F: SimpleFuture + Unpin> Future for Compat<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        WAITING.with_borrow_mut(|waiting| waiting.insert(self.number, cx.waker().clone()));
        match self.inner.poll(wake) {
            simple_future::Poll::Pending => Poll::Pending,
            simple_future::Poll::Ready(output) => Poll::Ready(output),
        }
    }
}

impl<F> Drop for Compat<F> {
    fn drop(&mut self) {
        WAITING.with_borrow_mut(|waiting| waiting.remove(&self.number));
    }
}

static NEXT: AtomicU64 = AtomicU64::new(0);

thread_local! {
    static WAITING: RefCell<BTreeMap<u64, Waker>> = const { RefCell::new(BTreeMap::new()) };
}

fn wake() {
    for waker in WAITING.take().into_values() {
        waker.wake();
    }
}
