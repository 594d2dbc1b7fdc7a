//! Stage 02 for the recorder: time that passes when the grader says so.

// Each grader is a program of its own: it uses its part of this, and exports nothing.
#![allow(dead_code, unreachable_pub)]

use std::{
    fmt::Debug,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    task::Poll,
    time::{Duration, Instant},
};

use course::Recorder;
use waker_timer::{
    ManualClock,
    clock::{self, Clock, Replaced},
};

/// The process's clock, in the grader's hand: it stands until [`pass`](Time::pass) is called.
///
/// Graders with a clock of their own run one after the other: the second waits in `stop`.
pub struct Time {
    recorder: Recorder,
    clock: Arc<Counted>,
    _replaced: Replaced,
}

/// A manual clock that counts how often it was asked to ring: on the real clock, one thread each.
struct Counted {
    clock: ManualClock,
    asked: AtomicUsize,
}

impl Clock for Counted {
    fn now(&self) -> Instant {
        self.clock.now()
    }

    fn ring_after(&self, after: Duration, callback: Box<dyn FnOnce() + Send>) {
        self.asked.fetch_add(1, SeqCst);
        self.clock.ring_after(after, callback);
    }
}

impl Time {
    /// Stops the clock.
    pub fn stop(recorder: &Recorder) -> Self {
        let clock = Arc::new(Counted {
            clock: ManualClock::new(),
            asked: AtomicUsize::new(0),
        });
        Time {
            recorder: recorder.clone(),
            clock: Arc::clone(&clock),
            _replaced: clock::replace(clock),
        }
    }

    /// Notes that `time passes`, and rings what is due, on this thread. When it returns, each callback
    /// that was due has returned.
    pub fn pass(&self, by: Duration) {
        self.recorder.note("time passes");
        self.clock.clock.advance(by);
    }

    /// Lets time pass without a note, for hooks in the middle of a poll.
    pub fn passing(&self, by: Duration) -> impl Fn() + Send + Sync + use<> {
        let clock = Arc::clone(&self.clock);
        move || clock.clock.advance(by)
    }

    /// How often somebody asked to be rung.
    pub fn asked(&self) -> usize {
        self.clock.asked.load(SeqCst)
    }
}

/// The output of a poll that has to be ready because `event` has happened.
///
/// Fails with `never-ready`.
pub fn ready<T>(recorder: &Recorder, poll: Poll<T>, event: &str) -> T {
    match poll {
        Poll::Ready(output) => output,
        Poll::Pending => recorder.fail(
            "never-ready",
            format!("the future answered Pending although {event}"),
        ),
    }
}

/// A poll that has to be pending because `reason`.
///
/// Fails with `early-ready`.
pub fn pending<T: Debug>(recorder: &Recorder, poll: Poll<T>, reason: &str) {
    if let Poll::Ready(output) = poll {
        recorder.fail(
            "early-ready",
            format!("the future answered Ready({output:?}) although {reason}"),
        );
    }
}
