// expect: pass
//! Leaves the wakers registered until their future is dropped, and wakes clones: more spurious wakes, and right.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Mutex;
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
        let waker = cx.waker().clone();
        let previous = WAITING.lock().unwrap().insert(self.number, waker);
        drop(previous);
        match self.inner.poll(wake) {
            simple_future::Poll::Pending => Poll::Pending,
            simple_future::Poll::Ready(output) => Poll::Ready(output),
        }
    }
}

impl<F> Drop for Compat<F> {
    fn drop(&mut self) {
        let waker = WAITING.lock().unwrap().remove(&self.number);
        drop(waker);
    }
}

static NEXT: AtomicU64 = AtomicU64::new(0);
static WAITING: Mutex<BTreeMap<u64, Waker>> = Mutex::new(BTreeMap::new());

fn wake() {
    let waiting: Vec<Waker> = WAITING.lock().unwrap().values().cloned().collect();
    for waker in waiting {
        waker.wake_by_ref();
    }
}
