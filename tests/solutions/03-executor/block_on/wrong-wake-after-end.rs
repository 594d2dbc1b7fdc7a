// expect: fail panicked
//! Takes it for granted that the sleeper is still there when it is woken: a waker lives as long as anybody likes.

use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::task::{Context, Poll, Wake, Waker};

use crate::enter::enter;

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
    wakes: Receiver<()>,
}

#[derive(Debug)]
struct Shared {
    wake: Sender<()>,
}

impl Parker {
    pub fn new() -> Self {
        let (wake, wakes) = mpsc::channel();
        Self { shared: Arc::new(Shared { wake }), wakes }
    }

    pub fn park(&self) {
        self.wakes.recv().unwrap();
    }

    pub fn waker(&self) -> Waker {
        Waker::from(Arc::clone(&self.shared))
    }
}

impl Default for Parker {
    fn default() -> Self {
        Self::new()
    }
}

impl Wake for Shared {
    fn wake(self: Arc<Self>) {
        self.wake.send(()).unwrap();
    }
}
