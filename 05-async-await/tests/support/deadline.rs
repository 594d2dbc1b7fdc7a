//! A deadline that comes when the grader says so. A design may poll it early, late, or not at all: its polls are no part of
//! what runs are compared by.

#![allow(dead_code, unreachable_pub)]

use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use course::Recorder;

/// The grader's end, and the other one: clones are the same deadline.
#[derive(Clone, Debug)]
pub struct Deadline {
    recorder: Recorder,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    has_come: bool,
    /// Whether it has been ready.
    is_over: bool,
    waker: Option<Waker>,
}

impl Deadline {
    pub fn new(recorder: &Recorder) -> Self {
        Self {
            recorder: recorder.clone(),
            state: Arc::default(),
        }
    }

    /// The end for the code under test.
    pub fn future(&self) -> Self {
        self.clone()
    }

    /// It comes: noted, and whoever waits for it is woken.
    pub fn comes(&self) {
        self.recorder.note("the deadline comes");
        let waker = {
            let mut state = self.state();
            state.has_come = true;
            state.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Future for Deadline {
    type Output = ();

    /// Fails with `polled-after-ready`.
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let waker = cx.waker().clone();
        let mut state = self.state();
        if state.is_over {
            drop(state);
            self.recorder.fail(
                "polled-after-ready",
                "the deadline has been ready, and is polled again",
            );
        }
        state.is_over = state.has_come;
        if state.has_come {
            drop(state);
            self.recorder.called("deadline → Ready(())");
            return Poll::Ready(());
        }
        let earlier = state.waker.replace(waker);
        drop(state);
        drop(earlier);
        self.recorder.called("deadline → Pending");
        Poll::Pending
    }
}
