// expect: fail panicked
//! One function for each future, as the slots of stage 01 have it: there is none for the ninth.

use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};

use simple_future::SimpleFuture;

struct Slot {
    claimed: bool,
    waker: Option<Waker>,
}

static SLOTS: [Mutex<Slot>; 8] =
    [const { Mutex::new(Slot { claimed: false, waker: None }) }; 8];

const WAKES: [fn(); 8] =
    [wake::<0>, wake::<1>, wake::<2>, wake::<3>, wake::<4>, wake::<5>, wake::<6>, wake::<7>];

fn wake<const N: usize>() {
    let waker = SLOTS[N].lock().unwrap().waker.take();
    if let Some(waker) = waker {
        waker.wake();
    }
}

#[derive(Debug)]
pub struct Compat<F> {
    inner: F,
    slot: usize,
}

impl<F> Compat<F> {
    pub fn new(inner: F) -> Self {
        let free = SLOTS.iter().position(|slot| {
            let mut slot = slot.lock().unwrap();
            !std::mem::replace(&mut slot.claimed, true)
        });
        Compat { inner, slot: free.expect("a free slot") }
    }
}

impl<F: SimpleFuture + Unpin> Future for Compat<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let slot = self.slot;
        let previous = SLOTS[slot].lock().unwrap().waker.replace(cx.waker().clone());
        drop(previous);
        match self.inner.poll(WAKES[slot]) {
            simple_future::Poll::Pending => Poll::Pending,
            simple_future::Poll::Ready(output) => Poll::Ready(output),
        }
    }
}

impl<F> Drop for Compat<F> {
    fn drop(&mut self) {
        let mut slot = SLOTS[self.slot].lock().unwrap();
        slot.claimed = false;
        let waker = slot.waker.take();
        drop(slot);
        drop(waker);
    }
}
