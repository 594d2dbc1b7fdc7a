// expect: fail eaten-token
//! The example in the docs of `std::task::Wake`: the thread's own token is all that says that somebody woke (S3-02;
//! futures-rs #2010, smol-rs/futures-lite #54).

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use crate::enter::enter;
use crate::sync::Mutex;

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
    sleeper: Mutex<Option<Thread>>,
}

impl Parker {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn park(&self) {
        thread::park();
    }

    pub fn waker(&self) -> Waker {
        *self.shared.sleeper.lock().unwrap() = Some(thread::current());
        Waker::from(Arc::clone(&self.shared))
    }
}

impl Wake for Shared {
    fn wake(self: Arc<Self>) {
        let sleeper = self.sleeper.lock().unwrap().clone();
        sleeper.expect("there is no waker before it is set").unpark();
    }
}
