//! A future in the grader's hand that leaves no line in the trace for each poll: how often a loop polls its branches is its
//! own affair.

#![allow(dead_code, unreachable_pub)]

use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use course::Recorder;

/// The grader's end. Clones are the same one.
#[derive(Clone)]
pub struct Work {
    recorder: Recorder,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// From the moment at which it can finish until that was taken.
    output: Option<u32>,
    /// The output was taken.
    done: bool,
    /// The future is gone.
    dropped: bool,
    polls: usize,
    waker: Option<Waker>,
}

impl Work {
    pub fn new(recorder: &Recorder) -> Self {
        Self {
            recorder: recorder.clone(),
            state: Arc::default(),
        }
    }

    /// The end for the code under test.
    pub fn future(&self) -> WorkFuture {
        WorkFuture(self.clone())
    }

    /// It can finish, from now on: noted, and whoever polled it last is woken.
    pub fn finishes(&self, output: u32) {
        self.recorder.note("the work can be done");
        self.can_finish(output);
    }

    /// The same without a note.
    pub fn can_finish(&self, output: u32) {
        let waker = {
            let mut state = self.state();
            state.output = Some(output);
            state.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    pub fn polls(&self) -> usize {
        self.state().polls
    }

    pub fn is_done(&self) -> bool {
        self.state().done
    }

    pub fn is_dropped(&self) -> bool {
        self.state().dropped
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The work as the code under test sees it.
pub struct WorkFuture(Work);

impl Future for WorkFuture {
    type Output = u32;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u32> {
        let Work { recorder, .. } = &self.0;
        let (before, output) = {
            let mut state = self.0.state();
            state.polls += 1;
            let before = state.done;
            let output = state.output.take();
            state.done |= output.is_some();
            (before, output)
        };
        if before {
            recorder.fail(
                "polled-after-ready",
                "the work was done and had given its output, and it was polled again",
            );
        }
        if let Some(output) = output {
            recorder.called(format!("work → Ready({output})"));
            return Poll::Ready(output);
        }
        recorder.called("work → Pending");
        let waker = cx.waker().clone();
        let earlier = self.0.state().waker.replace(waker);
        drop(earlier);
        Poll::Pending
    }
}

impl Drop for WorkFuture {
    fn drop(&mut self) {
        let own = {
            let mut state = self.0.state();
            state.dropped = true;
            state.waker.take()
        };
        drop(own);
    }
}
