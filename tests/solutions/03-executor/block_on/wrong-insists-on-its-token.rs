// expect: fail panicked
//! Looks at the flag first, and takes it for granted that it is up when the park ends: anybody may unpark a thread, for any
//! reason (S3-03 class).

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use crate::enter::enter;
use crate::sync::Mutex;
use crate::sync::atomic::{
    AtomicBool,
    Ordering::{AcqRel, Release},
};

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
    /// Who sleeps here, if anybody does.
    sleeper: Mutex<Option<Thread>>,
}

impl Parker {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn park(&self) {
        *self.shared.sleeper.lock().unwrap() = Some(thread::current());
        if !self.shared.woken.swap(false, AcqRel) {
            thread::park();
            assert!(self.shared.woken.swap(false, AcqRel), "unparked without a wake");
        }
    }

    pub fn waker(&self) -> Waker {
        Waker::from(Arc::clone(&self.shared))
    }
}

impl Wake for Shared {
    fn wake(self: Arc<Self>) {
        self.woken.store(true, Release);
        let sleeper = self.sleeper.lock().unwrap().clone();
        if let Some(sleeper) = sleeper {
            sleeper.unpark();
        }
    }
}
