// expect: pass
//! A list in the place of the map, looked through from the start each time.

use std::mem;
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
        let previous = deregister(self.number);
        WAITING.lock().unwrap().push((self.number, waker));
        drop(previous);
        match self.inner.poll(wake) {
            simple_future::Poll::Pending => Poll::Pending,
            simple_future::Poll::Ready(output) => Poll::Ready(output),
        }
    }
}

impl<F> Drop for Compat<F> {
    fn drop(&mut self) {
        drop(deregister(self.number));
    }
}

static NEXT: AtomicU64 = AtomicU64::new(0);
static WAITING: Mutex<Vec<(u64, Waker)>> = Mutex::new(Vec::new());

fn deregister(number: u64) -> Option<Waker> {
    let mut waiting = WAITING.lock().unwrap();
    let place = waiting.iter().position(|(other, _)| *other == number)?;
    Some(waiting.swap_remove(place).1)
}

fn wake() {
    for (_, waker) in { mem::take(&mut *WAITING.lock().unwrap()) } {
        waker.wake();
    }
}
