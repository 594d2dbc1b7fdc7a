//! Drops a future at each of its waits.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use crate::task::Task;

/// Something that others do.
pub(crate) type Event = Box<dyn FnOnce()>;

/// A future, what makes it go on, and what must hold when it is gone.
pub(crate) struct Scene<F> {
    pub(crate) future: F,
    /// Each of them lets the future go on from one wait to the next.
    pub(crate) events: Vec<Event>,
    /// Called when the future has been dropped and all events have happened.
    pub(crate) left: Event,
}

impl<F> Scene<F> {
    pub(crate) fn new(future: F, events: Vec<Event>, left: impl FnOnce() + 'static) -> Self {
        Self {
            future,
            events,
            left: Box::new(left),
        }
    }
}

/// An event.
pub(crate) fn event(happens: impl FnOnce() + 'static) -> Event {
    Box::new(happens)
}

/// A future, and somebody who comes right after its first poll.
pub(crate) async fn followed<F: Future>(future: F, comes: impl FnOnce()) -> F::Output {
    let (mut future, mut comes) = (pin!(future), Some(comes));
    poll_fn(|cx| {
        let poll = future.as_mut().poll(cx);
        if let Some(comes) = comes.take() {
            comes();
        }
        poll
    })
    .await
}

/// When the future is dropped.
#[derive(Clone, Copy, Debug)]
enum Dropped {
    /// It waits.
    Waiting,
    /// It was woken, and has not been polled since.
    Woken,
}

/// Plays the scene as often as there are points at which its future can be dropped: unpolled, at
/// each wait, when it was woken from it, and when it is done. After each, nobody keeps its waker.
///
/// It has to wait `waits` times: a scene that waits less often than it is meant to shows nothing.
pub(crate) fn dropped_everywhere<F: Future>(waits: usize, make: impl Fn() -> Scene<F>) {
    for polls in 0..=waits + 1 {
        for dropped in [Dropped::Waiting, Dropped::Woken] {
            let done = dropped_after(polls, dropped, make());
            assert_eq!(done, polls > waits, "{polls} polls, and it is done: {done}");
        }
    }
}

fn dropped_after<F: Future>(polls: usize, dropped: Dropped, scene: Scene<F>) -> bool {
    let (task, mut future) = (Task::default(), Box::pin(scene.future));
    let mut events = scene.events.into_iter();
    let mut go_on = || {
        let before = task.wakes();
        events.next().expect("an event for each wait")();
        assert!(
            task.wakes() > before,
            "polled {polls} times at most: something happened, and the future was not woken"
        );
    };
    let mut output = None;
    for poll in 0..polls {
        if poll > 0 {
            go_on();
        }
        if let Poll::Ready(ready) = task.poll(&mut future) {
            output = Some(ready);
            break;
        }
    }
    if let (Dropped::Woken, None, 1..) = (dropped, &output, polls) {
        go_on();
    }
    let done = output.is_some();
    drop(output);
    drop(future);
    let moment = format!("dropped after {polls} polls ({dropped:?})");
    assert!(!task.is_kept(), "{moment}: somebody keeps its waker");
    events.for_each(|event| event());
    assert!(!task.is_kept(), "{moment}: somebody has found its waker");
    (scene.left)();
    done
}
