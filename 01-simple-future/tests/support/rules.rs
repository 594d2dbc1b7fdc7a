//! What every combinator owes its children and its task, as rules with a name.

use std::fmt::Debug;

use course::Recorder;
use simple_future::{Poll, SimpleFuture};

use super::{Child, Wake, describe};

/// How often in a row a future may have itself polled again: more is not one step more, but a loop.
const MOST_POLLS_IN_A_TURN: usize = 5;

/// One turn of a task, as a loop gives it: a poll, and another one if the future was woken during it.
///
/// It stands as one poll in the trace. So a future that goes on at once leaves the same trace as one
/// that wakes itself to go on in a second poll. A `Pending` without a wake ends the turn.
/// Fails with `busy-wake` if there is no end of it.
pub fn turn<F>(recorder: &Recorder, future: &mut F, wake: &Wake) -> Poll<F::Output>
where
    F: SimpleFuture,
    F::Output: Debug,
{
    let polls = || {
        for _ in 0..MOST_POLLS_IN_A_TURN {
            let wakes = recorder.wakes(wake.name);
            let polled = future.poll(wake.function);
            if matches!(polled, Poll::Ready(_)) || recorder.wakes(wake.name) == wakes {
                return polled;
            }
        }
        recorder.fail(
            "busy-wake",
            format!(
                "in {MOST_POLLS_IN_A_TURN} polls in a row the future woke itself and was Pending"
            ),
        )
    };
    recorder.poll(wake.name, polls, describe)
}

/// The rule that `new` runs nothing.
///
/// Fails with `eager`.
pub fn must_be_untouched<T>(recorder: &Recorder, child: &Child<T>) {
    if child.polls() > 0 {
        recorder.fail(
            "eager",
            format!("`new` polled `{}`, before anybody polled", child.name()),
        );
    }
}

/// The rule that a combinator which waits for a child has polled it: otherwise the child has no wake.
///
/// Fails with `lost-wakeup`.
pub fn must_have_polled<T>(recorder: &Recorder, child: &Child<T>) {
    if child.polls() == 0 {
        recorder.fail(
            "lost-wakeup",
            format!(
                "the task waits for `{}`, which was never polled and so has no wake",
                child.name()
            ),
        );
    }
}

/// The rule that a child which has not finished is kept.
///
/// Fails with `dropped-pending`.
pub fn must_keep<T>(recorder: &Recorder, child: &Child<T>) {
    if child.is_dropped() && !child.is_finished() {
        recorder.fail(
            "dropped-pending",
            format!("`{}` was dropped before it was ready", child.name()),
        );
    }
}

/// Remarks on allocations where the contract does not forbid them.
pub fn better_without_allocations(recorder: &Recorder, allocations: usize) {
    if allocations > 0 {
        recorder.advise(
            "allocates",
            format!("making the future and polling it once took memory from the heap {allocations} time(s), and none is needed"),
        );
    }
}
