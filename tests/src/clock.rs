//! A clock whose hand the grader moves.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use crate::recorder::Recorder;

/// What a clock calls when it rings.
type Callback = Box<dyn FnOnce() + Send>;

/// Time that stands still until [`advance`](ManualClock::advance) is called. Clones show the same time.
#[derive(Clone)]
pub struct ManualClock {
    recorder: Recorder,
    state: Arc<Mutex<State>>,
}

struct State {
    now: Instant,
    /// What will ring, and when; `None` is later than any clock can show.
    pending: Vec<(Option<Instant>, Callback)>,
    /// How often somebody asked to be rung.
    asked: usize,
}

impl ManualClock {
    /// A clock that starts now, and then stands.
    pub fn new(recorder: &Recorder) -> Self {
        let state = State {
            now: Instant::now(),
            pending: Vec::new(),
            asked: 0,
        };
        ManualClock {
            recorder: recorder.clone(),
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// What the clock shows.
    pub fn now(&self) -> Instant {
        self.state().now
    }

    /// Keeps `callback` until the hand has moved by `after`.
    pub fn ring_after(&self, after: Duration, callback: Callback) {
        let mut state = self.state();
        state.asked += 1;
        let due = state.now.checked_add(after);
        state.pending.push((due, callback));
    }

    /// How often somebody asked to be rung: one waiting thread each, on a real clock.
    pub fn asked(&self) -> usize {
        self.state().asked
    }

    /// Moves the hand, notes that `time passes`, and rings whatever is due, the earliest first, on
    /// this thread. When it returns, each callback that was due has returned.
    pub fn advance(&self, by: Duration) {
        self.recorder.note("time passes");
        self.advance_silently(by);
    }

    /// Moves the hand as [`advance`](ManualClock::advance) does, without a note: for hooks, which
    /// move it in the middle of a poll.
    pub fn advance_silently(&self, by: Duration) {
        self.state().now += by;
        while let Some(callback) = self.next_due() {
            callback();
        }
    }

    fn next_due(&self) -> Option<Callback> {
        let mut state = self.state();
        let now = state.now;
        let due = |(due, _): &(Option<Instant>, Callback)| due.filter(|due| *due <= now);
        let (next, _) = (state.pending.iter().enumerate())
            .filter_map(|(index, entry)| due(entry).map(|due| (index, due)))
            .min_by_key(|(_, due)| *due)?;
        Some(state.pending.remove(next).1)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for ManualClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        f.debug_struct("ManualClock")
            .field("asked", &state.asked)
            .field("pending", &state.pending.len())
            .finish()
    }
}
