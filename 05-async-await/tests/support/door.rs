//! A door that may be closed: the connections that come in, and whether somebody still looks after them.

#![allow(dead_code, unreachable_pub)]

use std::{
    io,
    pin::Pin,
    sync::{
        Arc, Weak,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    task::{Context, Poll},
};

use course::Recorder;
use futures::Stream;

use super::incoming::Incoming;

/// The stream for the code under test. Dropped, the door is closed.
#[derive(Debug)]
pub struct Door<S> {
    incoming: Incoming<S>,
    /// How many have come in.
    passed: Arc<AtomicUsize>,
}

/// What the grader knows of a door.
#[derive(Clone, Debug)]
pub struct Porter<S> {
    pub incoming: Incoming<S>,
    pub passed: Passed,
}

/// How many have come in, as long as the door is open.
#[derive(Clone, Debug)]
pub struct Passed(Weak<AtomicUsize>);

/// An open door.
pub fn door<S>(recorder: &Recorder) -> (Porter<S>, Door<S>) {
    let incoming = Incoming::new(recorder);
    let passed = Arc::new(AtomicUsize::new(0));
    let porter = Porter {
        incoming: incoming.clone(),
        passed: Passed(Arc::downgrade(&passed)),
    };
    (porter, Door { incoming, passed })
}

impl<S> Porter<S> {
    /// Whether the code under test still has the stream.
    pub fn is_open(&self) -> bool {
        self.passed.0.strong_count() > 0
    }
}

impl Passed {
    pub fn count(&self) -> usize {
        (self.0.upgrade()).map_or(0, |passed| passed.load(SeqCst))
    }
}

impl<S> Stream for Door<S> {
    type Item = io::Result<S>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = Pin::new(&mut self.incoming).poll_next(cx);
        if matches!(next, Poll::Ready(Some(Ok(_)))) {
            self.passed.fetch_add(1, SeqCst);
        }
        next
    }
}
