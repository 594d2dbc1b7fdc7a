// expect: fail wakes-the-maker
//! Notes the thread that makes the parker: a wake ends the sleep of that one, whoever parks.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use crate::enter::enter;
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

#[derive(Debug)]
pub struct Parker {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    woken: AtomicBool,
    sleeper: Thread,
}

impl Parker {
    pub fn new() -> Self {
        let shared = Shared { woken: AtomicBool::new(false), sleeper: thread::current() };
        Self { shared: Arc::new(shared) }
    }

    pub fn park(&self) {
        while !self.shared.woken.swap(false, AcqRel) {
            thread::park();
        }
    }

    pub fn waker(&self) -> Waker {
        Waker::from(Arc::clone(&self.shared))
    }
}

impl Wake for Shared {
    fn wake(self: Arc<Self>) {
        self.woken.store(true, Release);
        self.sleeper.unpark();
    }
}

impl Default for Parker {
    fn default() -> Self {
        Self::new()
    }
}
