//! A stream in the grader's hand: what it has, when it ends, and how it was asked.
//!
//! ```text
//! let source = Source::new(&rec);
//! source.has([1, 2]);              // two values, ready
//! source.sends(3);                 // one more: noted, and whoever waits is woken
//! source.ends();                   // noted, and whoever waits is woken
//! filter(source.stream(), …)       // the end for the code under test
//! ```
//!
//! While it has nothing it answers `Pending`, keeps the waker of the latest poll, and promises no other
//! wake. Who asks on after its end fails with `polled-after-end`; who asks again and again in one poll,
//! after a `Pending`, with `blocking-poll`.

#![allow(dead_code, unreachable_pub)]

use std::{
    collections::VecDeque,
    fmt::{self, Debug},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use course::Recorder;
use futures::Stream;

/// How often one poll may ask in vain: who goes on is waiting inside it.
const MOST_IN_VAIN: usize = 100;

/// The grader's end, and the other one: clones are the same source.
pub struct Source<T> {
    recorder: Recorder,
    state: Arc<Mutex<State<T>>>,
}

struct State<T> {
    values: VecDeque<T>,
    /// Whether nothing comes after the values.
    ending: bool,
    /// Whether it has said so.
    ended: bool,
    /// Who waits for more.
    waker: Option<Waker>,
    /// Whether it had a waker to wake when it last had something to tell.
    woke: bool,
    /// How many values were taken out.
    taken: usize,
    /// How often it was asked.
    asked: usize,
    /// Whether the latest answer was `Pending`: then, and only then, somebody's waker lies here.
    waits: bool,
    /// The latest poll in which it was asked in vain, and how often in that poll.
    in_vain: (usize, usize),
}

impl<T> Source<T> {
    /// It has nothing so far.
    pub fn new(recorder: &Recorder) -> Self {
        let state = State {
            values: VecDeque::new(),
            ending: false,
            ended: false,
            waker: None,
            woke: false,
            taken: 0,
            asked: 0,
            waits: false,
            in_vain: (0, 0),
        };
        Self {
            recorder: recorder.clone(),
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// The end for the code under test.
    pub fn stream(&self) -> SourceStream<T> {
        SourceStream(Self {
            recorder: self.recorder.clone(),
            state: Arc::clone(&self.state),
        })
    }

    /// More values, without a word and without a wake: from the start, or before the next poll.
    pub fn has(&self, values: impl IntoIterator<Item = T>) {
        self.state().values.extend(values);
    }

    /// After the values that it has comes the end, without a word and without a wake.
    pub fn is_ending(&self) {
        self.state().ending = true;
    }

    /// One value more: noted, and whoever waits is woken.
    pub fn sends(&self, value: T)
    where
        T: Debug,
    {
        self.recorder.note(format!("the source has {value:?}"));
        self.has([value]);
        self.wakes();
    }

    /// The end: noted, and whoever waits is woken.
    pub fn ends(&self) {
        self.recorder.note("the source is at its end");
        self.is_ending();
        self.wakes();
    }

    fn wakes(&self) {
        let waker = {
            let mut state = self.state();
            state.woke = state.waker.is_some();
            state.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// How many values were taken out.
    pub fn taken(&self) -> usize {
        self.state().taken
    }

    /// How often it was asked.
    pub fn asked(&self) -> usize {
        self.state().asked
    }

    /// Whether its latest answer was `Pending`, so that it will wake.
    pub fn waits(&self) -> bool {
        self.state().waits
    }

    /// Whether it has said that it is at its end.
    pub fn has_ended(&self) -> bool {
        self.state().ended
    }

    /// Whether it had a waker to wake when it last had something to tell, whosever that was.
    pub fn woke(&self) -> bool {
        self.state().woke
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The source as the code under test sees it.
pub struct SourceStream<T>(Source<T>);

// No value is pinned: it only passes through.
impl<T> Unpin for SourceStream<T> {}

impl<T: Debug> Stream for SourceStream<T> {
    type Item = T;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let Source { recorder, .. } = &self.0;
        let answer = {
            let mut state = self.0.state();
            state.asked += 1;
            if state.ended {
                drop(state);
                recorder.fail(
                    "polled-after-end",
                    "the source has said that it is at its end, and it was asked again",
                );
            }
            state.answer()
        };
        recorder.called(match &answer {
            Poll::Ready(Some(value)) => format!("source → Ready({value:?})"),
            Poll::Ready(None) => "source → at its end".into(),
            Poll::Pending => "source → Pending".into(),
        });
        if answer.is_pending() {
            self.count_in_vain();
            let waker = cx.waker().clone();
            let earlier = self.0.state().waker.replace(waker);
            drop(earlier);
        }
        answer
    }
}

impl<T> State<T> {
    fn answer(&mut self) -> Poll<Option<T>> {
        let value = self.values.pop_front();
        self.waits = value.is_none() && !self.ending;
        if self.waits {
            return Poll::Pending;
        }
        self.taken += usize::from(value.is_some());
        self.ended = value.is_none();
        Poll::Ready(value)
    }
}

impl<T> SourceStream<T> {
    fn count_in_vain(&self) {
        let poll = self.0.recorder.polls_begun();
        let times = {
            let mut state = self.0.state();
            let (round, so_far) = state.in_vain;
            state.in_vain = (poll, if round == poll { so_far + 1 } else { 1 });
            state.in_vain.1
        };
        if times > MOST_IN_VAIN {
            self.0.recorder.fail(
                "blocking-poll",
                format!(
                    "one poll has asked the source {times} times although it answered Pending, and goes on"
                ),
            );
        }
    }
}

impl<T> fmt::Debug for SourceStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("source")
    }
}
