// expect: hang
//! Waits inside poll until the inner future is ready: a loop that runs a task, in the place of a future (S1-03;
//! actix/examples #350).

use std::pin::Pin;
use std::sync::{Condvar, Mutex};
use std::task::{Context, Poll};

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

    fn poll(mut self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<F::Output> {
        loop {
            if let simple_future::Poll::Ready(output) = self.inner.poll(wake) {
                return Poll::Ready(output);
            }
            let mut woken = RUNG.wait_while(WOKEN.lock().unwrap(), |woken| !*woken).unwrap();
            *woken = false;
        }
    }
}

static WOKEN: Mutex<bool> = Mutex::new(false);
static RUNG: Condvar = Condvar::new();

fn wake() {
    *WOKEN.lock().unwrap() = true;
    RUNG.notify_all();
}
