//! Stage 01 for the recorder: wakes that are plain functions, and children that are `SimpleFuture`s.

// Each grader is a program of its own: it uses its part of this, and exports nothing.
#![allow(dead_code, unreachable_pub)]

pub mod fake_socket;
pub mod looped;
pub mod real_socket;
pub mod rules;
pub mod text;
pub mod threaded;

use std::{
    fmt::{self, Debug},
    sync::Mutex,
};

use course::{ChildFuture, Recorder, event::Event};
use simple_future::{Poll, SimpleFuture};

/// A child that the grader finishes by hand.
pub type Child<T> = course::Child<fn(), T>;

/// The child as the code under test sees it.
pub struct Scripted<T>(ChildFuture<fn(), T>);

/// Makes a child's future a [`SimpleFuture`].
pub fn scripted<T>(child: &Child<T>) -> Scripted<T> {
    Scripted(child.future())
}

/// The child's name: so the trace shows a child that is given back.
impl<T> Debug for Scripted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T: Debug> SimpleFuture for Scripted<T> {
    type Output = T;

    fn poll(&mut self, wake: fn()) -> Poll<T> {
        self.0.poll_child(wake).map_or(Poll::Pending, Poll::Ready)
    }
}

/// A wake with a name. Made with [`wake!`](crate::wake).
pub struct Wake {
    /// The name in the trace.
    pub name: &'static str,
    /// What is handed to polls.
    pub function: fn(),
}

/// Where a wake function, which can hold no data, finds the run that it belongs to.
pub struct Target(pub Mutex<Option<(Recorder, &'static str)>>);

impl Target {
    pub const fn new() -> Self {
        Target(Mutex::new(None))
    }

    pub fn set(&self, recorder: &Recorder, name: &'static str) {
        *self.0.lock().expect("no wake panics") = Some((recorder.clone(), name));
    }

    pub fn woken(&self) {
        let target = self.0.lock().expect("no wake panics").clone();
        if let Some((recorder, waker)) = target {
            course::memory::uncounted(|| {
                recorder.record(Event::Woken {
                    waker: waker.into(),
                })
            });
        }
    }
}

/// `wake!(recorder, "A")`: a new `fn()` for each place in the code, which notes its calls as wakes of A.
#[macro_export]
macro_rules! wake {
    ($recorder:expr, $name:literal) => {{
        static TARGET: $crate::support::Target = $crate::support::Target::new();
        fn woken() {
            TARGET.woken();
        }
        TARGET.set($recorder, $name);
        $crate::support::Wake {
            name: $name,
            function: woken,
        }
    }};
}

/// Polls once with this wake, and writes it down.
pub fn poll<F>(recorder: &Recorder, future: &mut F, wake: &Wake) -> Poll<F::Output>
where
    F: SimpleFuture,
    F::Output: Debug,
{
    recorder.poll(wake.name, || future.poll(wake.function), describe)
}

/// Polls one of several futures once, and writes it down with its name.
pub fn poll_named<F>(
    recorder: &Recorder,
    name: &str,
    future: &mut F,
    wake: &Wake,
) -> Poll<F::Output>
where
    F: SimpleFuture,
    F::Output: Debug,
{
    recorder.poll_named(name, wake.name, || future.poll(wake.function), describe)
}

/// The output's text for the trace, or `None` for `Pending`.
pub fn describe<T: Debug>(poll: &Poll<T>) -> Option<String> {
    match poll {
        Poll::Ready(output) => Some(format!("{output:?}")),
        Poll::Pending => None,
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

/// An output that has to be this one.
///
/// Fails with `wrong-value`.
pub fn must_be<T: Debug + PartialEq>(recorder: &Recorder, output: T, expected: T) {
    if output != expected {
        recorder.fail(
            "wrong-value",
            format!("the output is {output:?}, and should be {expected:?}"),
        );
    }
}

/// The rule that a child's wake is the wake of whoever polls the combinator: the child has just
/// called it, and the task has to have heard.
///
/// Fails with `swallowed-wake`.
pub fn must_hear(recorder: &Recorder, wake: &Wake, child: &str) {
    if recorder.wakes_since_note(wake.name) == 0 {
        recorder.fail(
            "swallowed-wake",
            format!(
                "`{child}` called the wake that it was polled with, and the task was not woken"
            ),
        );
    }
}
