// expect: fail busy-loop
//! Polls only when it was woken, and never sleeps: it keeps looking at the flag (S3-01 class).

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use crate::enter::enter;
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
}

impl Parker {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn park(&self) {
        while !self.shared.woken.swap(false, SeqCst) {
            std::hint::spin_loop();
        }
    }

    pub fn waker(&self) -> Waker {
        Waker::from(Arc::clone(&self.shared))
    }
}

impl Wake for Shared {
    fn wake(self: Arc<Self>) {
        self.woken.store(true, SeqCst);
    }
}
