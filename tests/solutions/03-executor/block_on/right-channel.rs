// expect: pass
//! A channel with room for one wake is a bed, too.

use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, SyncSender};
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
    wake: SyncSender<()>,
}

impl Parker {
    pub fn new() -> Self {
        let (wake, wakes) = mpsc::sync_channel(1);
        Self { shared: Arc::new(Shared { wake }), wakes }
    }

    pub fn park(&self) {
        self.wakes.recv().expect("the parker itself holds a sender");
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
        // Full: there is a wake already. Closed: nobody will ever sleep here again.
        let _ = self.wake.try_send(());
    }
}
