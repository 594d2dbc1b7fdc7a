// expect: fail nested-executor
//! `let _ = enter(..)`: the guard is gone at the end of that line, and nobody is refused.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use crate::enter::enter;
use crate::sync::{Condvar, Mutex};

pub fn block_on<F: Future>(future: F) -> F::Output {
    let _ = enter("block_on");
    let mut future = pin!(future);
    let parker = Parker::new();
    let waker = parker.waker();
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        parker.park();
    }
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
