// expect: fail lost-before-sleep
//! The flag is an atomic, and the wake does not take the lock: it comes between the look and the wait (S3-03, S3-13
//! class; surrealdb/affinitypool #8).

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use crate::enter::enter;
use crate::sync::{Condvar, Mutex};
use crate::sync::atomic::{AtomicBool, Ordering::SeqCst};

pub fn block_on<F: Future>(future: F) -> F::Output {
    let _entered = enter("block_on");
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
    woken: AtomicBool,
    lock: Mutex<()>,
    changed: Condvar,
}

impl Parker {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn park(&self) {
        let mut locked = self.shared.lock.lock().unwrap();
        while !self.shared.woken.swap(false, SeqCst) {
            locked = self.shared.changed.wait(locked).unwrap();
        }
    }

    pub fn waker(&self) -> Waker {
        Waker::from(Arc::clone(&self.shared))
    }
}

impl Wake for Shared {
    fn wake(self: Arc<Self>) {
        self.woken.store(true, SeqCst);
        self.changed.notify_one();
    }
}
