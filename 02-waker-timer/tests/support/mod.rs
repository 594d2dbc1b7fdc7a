//! Stage 02 for the recorder: time that passes when the grader says so.

// Each grader is a program of its own: it uses its part of this, and exports nothing.
#![allow(dead_code, unreachable_pub)]

pub mod races;
pub mod steps;

use std::{
    fmt::Debug,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
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

/// How often the clock may be looked at within one poll: who goes on is waiting inside it.
const MOST_LOOKS_IN_A_POLL: usize = 100;

/// A manual clock that knows how it is used.
struct Counted {
    /// Where a poll that keeps looking at the clock is reported.
    recorder: Recorder,
    clock: ManualClock,
    /// How often it was asked to ring: on the real clock, one thread each.
    asked: AtomicUsize,
    looks: Mutex<Looks>,
}

#[derive(Default)]
struct Looks {
    /// How often somebody looked at the clock.
    all: usize,
    /// The latest poll in which somebody did, and how often in that poll.
    round: (usize, usize),
    /// What happens right after a look to come, before whoever looked goes on, and how many looks
    /// pass by before that one.
    ambush: Option<(usize, Box<dyn FnOnce() + Send>)>,
}

impl Clock for Counted {
    fn now(&self) -> Instant {
        let now = self.clock.now();
        let poll = self.recorder.polls_begun();
        let (in_this_poll, ambush) = {
            let mut looks = lock(&self.looks);
            looks.all += 1;
            let (round, so_far) = looks.round;
            looks.round = (poll, if round == poll { so_far + 1 } else { 1 });
            let due = looks.ambush.take_if(|(skip, _)| *skip == 0);
            if let Some((skip, _)) = &mut looks.ambush {
                *skip -= 1;
            }
            (looks.round.1, due)
        };
        if poll > 0 && in_this_poll > MOST_LOOKS_IN_A_POLL {
            self.recorder.fail(
                "blocking-poll",
                format!("one poll has looked at the clock {in_this_poll} times, and does not return while the clock stands"),
            );
        }
        if let Some((_, ambush)) = ambush {
            ambush();
        }
        now
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
            recorder: recorder.clone(),
            clock: ManualClock::new(),
            asked: AtomicUsize::new(0),
            looks: Mutex::default(),
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

    /// Lets time pass with a note of when: for a rival in a race, whose run is not compared.
    pub fn passing_noted(
        &self,
        by: Duration,
        when: &'static str,
    ) -> impl Fn() + Send + Sync + use<> {
        let (recorder, pass) = (self.recorder.clone(), self.passing(by));
        move || {
            recorder.note(format!("time passes, {when}"));
            pass();
        }
    }

    /// Runs `ambush` once, right after a look at the clock, when `skip` other looks have passed by:
    /// whoever looked has its answer, and has done nothing with it. It runs on the looking thread: what
    /// needs a lock belongs into a `Race`.
    pub fn after_look(&self, skip: usize, ambush: impl FnOnce() + Send + 'static) {
        lock(&self.clock.looks).ambush = Some((skip, Box::new(ambush)));
    }

    /// How often somebody looked at the clock.
    pub fn looks(&self) -> usize {
        lock(&self.clock.looks).all
    }

    /// Forgets an ambush that nobody has come by.
    pub fn call_off(&self) {
        lock(&self.clock.looks).ambush = None;
    }

    /// How often somebody asked to be rung.
    pub fn asked(&self) -> usize {
        self.clock.asked.load(SeqCst)
    }

    /// The rule that time is reached through `waker_timer::clock`, and in no other way.
    ///
    /// Call it when a timer has been polled. Fails with `bypassed-seam` if nobody has used the clock.
    pub fn must_be_used(&self) {
        if self.asked() == 0 && lock(&self.clock.looks).all == 0 {
            self.recorder.fail(
                "bypassed-seam",
                "the timer was made and polled, and asked `crate::clock` neither for a ring nor for the time: \
                 ask `clock::ring_after`",
            );
        }
    }
}

/// Locks, also after a panic: what the mutex holds is valid all the same, and the test is over soon.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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
