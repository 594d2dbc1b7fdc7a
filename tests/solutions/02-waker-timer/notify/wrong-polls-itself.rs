// expect: fail busy-wake
//! Has itself polled again until the permit is there (S1-02 class).

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::sync::{Mutex, MutexGuard};

#[derive(Default)]
pub struct Notify {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    permit: bool,
    waker: Option<Waker>,
}

impl Notify {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    pub fn notify_one(&self) {
        let mut state = self.lock();
        state.permit = true;
        let waker = state.waker.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    pub fn notified(&self) -> Notified<'_> {
        Notified { notify: self }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no waker panics")
    }
}

pub struct Notified<'a> {
    notify: &'a Notify,
}

impl Future for Notified<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = self.notify.lock();
        if state.permit {
            state.permit = false;
            return Poll::Ready(());
        }
        drop(state);
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}
