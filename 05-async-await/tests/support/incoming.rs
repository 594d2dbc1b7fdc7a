//! Connections as they come in: a stream that the grader fills.

#![allow(dead_code, unreachable_pub)]

use std::{
    collections::VecDeque,
    io::{self, ErrorKind},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use course::Recorder;
use futures::Stream;

/// So often does it fail before nothing more comes, when each call fails.
pub const MOST_FAILURES: usize = 1_000;

/// So often may it be asked after its end.
const MOST_AFTER_THE_END: usize = 100;

/// The door. Clones are the same one: one for the code under test, one for the grader.
#[derive(Debug)]
pub struct Incoming<S> {
    recorder: Recorder,
    state: Arc<Mutex<State<S>>>,
}

#[derive(Debug)]
struct State<S> {
    /// Who stands outside.
    waiting: VecDeque<io::Result<S>>,
    ended: bool,
    /// What each call finds where nobody waits, and how often one has found it.
    failing: Option<(ErrorKind, usize)>,
    /// How often it was asked after the end.
    in_vain: usize,
    /// Who waits inside.
    waker: Option<Waker>,
}

impl<S> Incoming<S> {
    pub fn new(recorder: &Recorder) -> Self {
        Self {
            recorder: recorder.clone(),
            state: Arc::new(Mutex::new(State {
                waiting: VecDeque::new(),
                ended: false,
                failing: None,
                in_vain: 0,
                waker: None,
            })),
        }
    }

    /// Somebody is connected.
    pub fn brings(&self, stream: S) {
        self.happens(|state| state.waiting.push_back(Ok(stream)));
    }

    /// One connection could not be taken.
    pub fn fails(&self, kind: ErrorKind) {
        self.recorder
            .note(format!("a connection fails to come about: {kind:?}"));
        self.happens(|state| state.waiting.push_back(Err(kind.into())));
    }

    /// From now on each call fails, as where no descriptors are left: [`MOST_FAILURES`] times.
    pub fn fails_always(&self, kind: ErrorKind) {
        self.recorder
            .note(format!("from now on each accept fails: {kind:?}"));
        self.happens(|state| state.failing = Some((kind, 0)));
    }

    /// How often a call has failed since each one does.
    pub fn failures(&self) -> usize {
        self.state().failing.map_or(0, |(_, times)| times)
    }

    /// Nobody will come any more.
    pub fn ends(&self) {
        self.recorder.note("nobody will come any more");
        self.happens(|state| state.ended = true);
    }

    fn happens(&self, what: impl FnOnce(&mut State<S>)) {
        let waker = {
            let mut state = self.state();
            what(&mut state);
            state.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn state(&self) -> MutexGuard<'_, State<S>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S> Clone for Incoming<S> {
    fn clone(&self) -> Self {
        Self {
            recorder: self.recorder.clone(),
            state: Arc::clone(&self.state),
        }
    }
}

impl<S> Stream for Incoming<S> {
    type Item = io::Result<S>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let waker = cx.waker().clone();
        let mut state = self.state();
        if let Some(next) = state.waiting.pop_front() {
            return Poll::Ready(Some(next));
        }
        if let Some((kind, times)) = &mut state.failing
            && *times < MOST_FAILURES
        {
            *times += 1;
            return Poll::Ready(Some(Err((*kind).into())));
        }
        if !state.ended {
            let earlier = state.waker.replace(waker);
            drop(state);
            drop(earlier);
            return Poll::Pending;
        }
        state.in_vain += 1;
        let in_vain = state.in_vain;
        drop(state);
        if in_vain > MOST_AFTER_THE_END {
            self.recorder.fail(
                "busy-loop",
                format!("`incoming` has said that nobody will come any more, and was asked {in_vain} times after that"),
            );
        }
        Poll::Ready(None)
    }
}
