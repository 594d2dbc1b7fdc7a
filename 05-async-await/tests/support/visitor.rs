//! A connection that the grader holds in its hand: it waits until it is answered.

#![allow(dead_code, unreachable_pub)]

use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use course::Recorder;

/// What has become of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Nobody has polled it.
    Outside,
    /// It is being served.
    Served,
    /// It was served to the end.
    Done,
    /// It was dropped before its end.
    Gone,
}

/// The grader's hand on a connection. Clones are of the same one.
#[derive(Clone, Debug)]
pub struct Host {
    recorder: Recorder,
    name: &'static str,
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    stage: Stage,
    /// Whether it has its answer.
    answered: bool,
    waker: Option<Waker>,
}

/// The connection, and what serves it: a future that is ready when it has its answer.
#[derive(Debug)]
pub struct Visitor {
    host: Host,
}

/// A connection with this name in the trace.
pub fn visitor(recorder: &Recorder, name: &'static str) -> (Host, Visitor) {
    let state = State {
        stage: Stage::Outside,
        answered: false,
        waker: None,
    };
    let host = Host {
        recorder: recorder.clone(),
        name,
        state: Arc::new(Mutex::new(state)),
    };
    (host.clone(), Visitor { host })
}

impl Host {
    /// Gives it its answer: noted, and it is woken.
    pub fn answer(&self) {
        self.recorder.note(format!("{} has its answer", self.name));
        let waker = {
            let mut state = self.state();
            state.answered = true;
            state.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    pub fn stage(&self) -> Stage {
        self.state().stage
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn goes_over_to(&self, stage: Stage, what: &str) {
        let before = std::mem::replace(&mut self.state().stage, stage);
        if before != stage {
            self.recorder.called(format!("{} {what}", self.name));
        }
    }
}

impl Future for Visitor {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.host.goes_over_to(Stage::Served, "is served");
        let waker = cx.waker().clone();
        let mut state = self.host.state();
        if state.answered {
            drop(state);
            self.host.goes_over_to(Stage::Done, "is done");
            return Poll::Ready(());
        }
        let earlier = state.waker.replace(waker);
        drop(state);
        drop(earlier);
        Poll::Pending
    }
}

impl Drop for Visitor {
    fn drop(&mut self) {
        if self.host.stage() != Stage::Done {
            self.host.goes_over_to(Stage::Gone, "is dropped");
        }
    }
}
