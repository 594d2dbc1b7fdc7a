// expect: fail nested-executor
//! Refuses the nested call by accident, with the words of a `RefCell` (S3-04 class).

use std::cell::RefCell;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use crate::sync::{Condvar, Mutex};

thread_local! {
    static PARKER: RefCell<Parker> = RefCell::default();
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    PARKER.with_borrow_mut(|parker| {
        let waker = parker.waker();
        loop {
            match future.as_mut().poll(&mut Context::from_waker(&waker)) {
                Poll::Ready(output) => return output,
                Poll::Pending => parker.park(),
            }
        }
    })
}

#[derive(Debug, Default)]
pub struct Parker {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    woken: Mutex<bool>,
    changed: Condvar,
}

impl Parker {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn park(&self) {
        let mut woken = self.shared.woken.lock().unwrap();
        while !*woken {
            woken = self.shared.changed.wait(woken).unwrap();
        }
        *woken = false;
    }

    pub fn waker(&self) -> Waker {
        Waker::from(Arc::clone(&self.shared))
    }
}

impl Wake for Shared {
    fn wake(self: Arc<Self>) {
        *self.woken.lock().unwrap() = true;
        self.changed.notify_one();
    }
}
