// expect: pass
//! One function for each of the first four, so that these are woken alone; a fifth shares one with all that follow.

use std::collections::BTreeMap;
use std::mem;
use std::pin::Pin;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll, Waker};

use simple_future::SimpleFuture;

/// Four places for one each, and one for everybody else.
static PLACES: [Mutex<BTreeMap<u64, Waker>>; 5] = [const { Mutex::new(BTreeMap::new()) }; 5];
static CLAIMED: Mutex<[bool; 4]> = Mutex::new([false; 4]);
static NEXT: AtomicU64 = AtomicU64::new(0);

const WAKES: [fn(); 5] = [wake::<0>, wake::<1>, wake::<2>, wake::<3>, wake::<4>];

fn wake<const N: usize>() {
    let waiting = { mem::take(&mut *PLACES[N].lock().unwrap()) };
    waiting.into_values().for_each(Waker::wake);
}

#[derive(Debug)]
pub struct Compat<F> {
    inner: F,
    place: usize,
    number: u64,
}

impl<F> Compat<F> {
    pub fn new(inner: F) -> Self {
        let mut claimed = CLAIMED.lock().unwrap();
        let place = claimed.iter().position(|claimed| !claimed).unwrap_or(4);
        if let Some(claimed) = claimed.get_mut(place) {
            *claimed = true;
        }
        Compat { inner, place, number: NEXT.fetch_add(1, Relaxed) }
    }
}

impl<F: SimpleFuture + Unpin> Future for Compat<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let (place, number) = (self.place, self.number);
        let previous = PLACES[place].lock().unwrap().insert(number, cx.waker().clone());
        drop(previous);
        match self.inner.poll(WAKES[place]) {
            simple_future::Poll::Pending => Poll::Pending,
            simple_future::Poll::Ready(output) => Poll::Ready(output),
        }
    }
}

impl<F> Drop for Compat<F> {
    fn drop(&mut self) {
        let waker = PLACES[self.place].lock().unwrap().remove(&self.number);
        drop(waker);
        if let Some(claimed) = CLAIMED.lock().unwrap().get_mut(self.place) {
            *claimed = false;
        }
    }
}
