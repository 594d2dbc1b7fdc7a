//! Scripted futures: they finish when the grader says so, and know how they ought to be treated.

use std::{
    fmt::{self, Debug},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use crate::{event::Event, memory, recorder::Recorder};

/// What a child is given to wake its task with: a `Waker`, or the plain `fn()` of stage 01.
pub trait WakeOnce {
    /// Wakes the task.
    fn wake_once(self);
}

impl WakeOnce for Waker {
    fn wake_once(self) {
        self.wake();
    }
}

impl WakeOnce for fn() {
    fn wake_once(self) {
        self();
    }
}

/// How often a child may be polled within one poll of the future that holds it.
const MOST_POLLS_IN_A_ROUND: usize = 100;

/// The grader's end of a scripted future. The other end is made by [`future`](Child::future).
#[derive(Debug)]
pub struct Child<W, T> {
    /// The name in the trace.
    name: &'static str,
    /// Where polls are written down.
    recorder: Recorder,
    /// What both ends share.
    state: Arc<Mutex<State<W, T>>>,
}

#[derive(Debug)]
struct State<W, T> {
    /// The output, from the moment at which the child can finish until it has been taken.
    output: Option<T>,
    /// Whether the output has been taken: from then on nobody may poll.
    finished: bool,
    /// Whether the future's end has been dropped.
    dropped: bool,
    /// The wake that the latest poll brought.
    wake: Option<W>,
    /// How often the child was polled.
    polls: usize,
    /// The outer poll of the latest polls, and how many there were within it.
    round: (usize, usize),
}

impl<W, T> Child<W, T> {
    /// A child that waits until [`finish`](Child::finish) is called.
    pub fn new(recorder: &Recorder, name: &'static str) -> Self {
        let state = State {
            output: None,
            finished: false,
            dropped: false,
            wake: None,
            polls: 0,
            round: (0, 0),
        };
        Child {
            name,
            recorder: recorder.clone(),
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// The future's end, for the code under test.
    pub fn future(&self) -> ChildFuture<W, T> {
        ChildFuture {
            child: Child {
                name: self.name,
                recorder: self.recorder.clone(),
                state: Arc::clone(&self.state),
            },
        }
    }

    /// Gives the child its output, without a word: for children that are ready from the start.
    pub fn ready(self, output: T) -> Self {
        self.state().output = Some(output);
        self
    }

    /// The name in the trace.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// How often the child was polled.
    pub fn polls(&self) -> usize {
        self.state().polls
    }

    /// Whether the child's output has been taken.
    pub fn is_finished(&self) -> bool {
        self.state().finished
    }

    /// Whether the future's end has been dropped.
    pub fn is_dropped(&self) -> bool {
        self.state().dropped
    }

    fn state(&self) -> MutexGuard<'_, State<W, T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<W: WakeOnce, T> Child<W, T> {
    /// Lets the child finish with this output, and wakes whoever polled it last.
    pub fn finish(&self, output: T) {
        self.recorder.note(format!("{} can finish", self.name));
        let wake = {
            let mut state = self.state();
            state.output = Some(output);
            state.wake.take()
        };
        if let Some(wake) = wake {
            wake.wake_once();
        }
    }
}

/// The code under test's end of a [`Child`].
pub struct ChildFuture<W, T> {
    child: Child<W, T>,
}

/// Only the name: an output that gives the child back shows in the trace.
impl<W, T> Debug for ChildFuture<W, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.child.name)
    }
}

impl<W, T: Debug> ChildFuture<W, T> {
    /// One poll: the output, or `None` for `Pending`. `wake` is kept for [`Child::finish`].
    ///
    /// Ends the test with `polled-after-ready` when the output has been taken, and with
    /// `blocking-poll` when one poll of the outer future keeps polling this one.
    pub fn poll_child(&mut self, wake: W) -> Option<T> {
        let Child { name, recorder, .. } = &self.child;
        self.check_round();
        if self.child.is_finished() {
            recorder.fail(
                "polled-after-ready",
                format!("`{name}` was polled again after it had answered Ready"),
            );
        }
        let output = {
            let mut state = self.child.state();
            state.polls += 1;
            let output = state.output.take();
            state.finished = output.is_some();
            state.wake = output.is_none().then_some(wake);
            output
        };
        memory::uncounted(|| {
            recorder.record(Event::ChildPolled {
                child: (*name).into(),
                ready: output.as_ref().map(|output| format!("{output:?}")),
            });
        });
        output
    }

    fn check_round(&self) {
        let Child { name, recorder, .. } = &self.child;
        let outer = recorder.polls_begun();
        let polls = {
            let mut state = self.child.state();
            let (round, polls) = state.round;
            state.round = (outer, if round == outer { polls + 1 } else { 1 });
            state.round.1
        };
        if polls > MOST_POLLS_IN_A_ROUND {
            recorder.fail(
                "blocking-poll",
                format!(
                    "one poll polled `{name}` {polls} times and went on, while nothing changed"
                ),
            );
        }
    }
}

impl<T: Debug> Future for ChildFuture<Waker, T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        match self.poll_child(context.waker().clone()) {
            Some(output) => Poll::Ready(output),
            None => Poll::Pending,
        }
    }
}

// Nothing in a child is pinned: its output only passes through.
impl<W, T> Unpin for ChildFuture<W, T> {}

impl<W, T> Drop for ChildFuture<W, T> {
    fn drop(&mut self) {
        self.child.state().dropped = true;
        let child = memory::uncounted(|| self.child.name.to_owned());
        self.child.recorder.record(Event::ChildDropped { child });
    }
}
