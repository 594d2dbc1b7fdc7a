//! Futures and calls that have to come to an end, and what is said if they do not. A grader that uses
//! this has a `SECTION`: where its chapter explains what goes wrong here.

#![allow(dead_code, unreachable_pub)]

use std::{
    any::Any,
    fmt::Debug,
    panic,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    task::{Context, Poll, Wake, Waker},
    thread,
};

use course::Recorder;
use executor::JoinError;

use crate::calm::{self, Wait};

/// A diagnosis in waiting: its code, and what was seen.
pub type Otherwise<'a> = (&'a str, &'a str);

/// Ends the test, with the section of the grader's chapter to read.
pub fn fail(recorder: &Recorder, code: &str, seen: impl Into<String>) -> ! {
    recorder.fail_reading(crate::SECTION, code, seen)
}

/// The rule that this is so. Fails as `otherwise` says.
pub fn must(recorder: &Recorder, is_so: bool, otherwise: Otherwise<'_>) {
    if !is_so {
        fail(recorder, otherwise.0, otherwise.1);
    }
}

/// The output of a future that somebody else has to finish. It is polled when it was woken, and not
/// otherwise.
///
/// Fails as `otherwise` says when nothing in the process can go on any more.
pub fn output<F: Future>(recorder: &Recorder, future: F, otherwise: Otherwise<'_>) -> F::Output {
    let mut future = pin!(future);
    let woken = Arc::new(Woken(AtomicBool::new(true)));
    let waker = Waker::from(Arc::clone(&woken));
    loop {
        must_come(recorder, || woken.0.swap(false, SeqCst), otherwise);
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
    }
}

/// Whether somebody called for another poll.
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, SeqCst);
    }
}

/// The value of a task that has to have one.
///
/// Fails with `wrong-value` if the handle gives an error.
pub fn value<T>(
    recorder: &Recorder,
    handle: impl Future<Output = Result<T, JoinError>>,
    otherwise: Otherwise<'_>,
) -> T {
    output(recorder, handle, otherwise).unwrap_or_else(|error| {
        fail(
            recorder,
            "wrong-value",
            format!("nothing went wrong, and the future gives the error `{error}`"),
        )
    })
}

/// The rule that this is the value of a task that has to have one.
///
/// Fails with `wrong-value`.
pub fn must_give<T: PartialEq + Debug>(
    recorder: &Recorder,
    handle: impl Future<Output = Result<T, JoinError>>,
    returned: T,
    otherwise: Otherwise<'_>,
) {
    let value = value(recorder, handle, otherwise);
    if value != returned {
        let seen = format!("{returned:?} was returned, and the future gives {value:?}");
        fail(recorder, "wrong-value", seen);
    }
}

/// The rule that a panic with these words arrives as it is.
///
/// Fails with `swallowed-panic` or `wrong-value`, and as `otherwise` says when nothing arrives.
pub fn must_panic<T>(
    recorder: &Recorder,
    handle: impl Future<Output = Result<T, JoinError>>,
    with: &str,
    otherwise: Otherwise<'_>,
) {
    let (code, gives) = match output(recorder, handle, otherwise) {
        Err(JoinError::Panicked(payload)) if words(&*payload) == with => return,
        Err(JoinError::Panicked(_)) => ("wrong-value", "a panic with another payload".into()),
        Err(error) => ("swallowed-panic", format!("the error `{error}`")),
        Ok(_) => ("swallowed-panic", "a value".into()),
    };
    let seen = format!("there was a panic, with the words `{with}`, and the future gives {gives}");
    fail(recorder, code, seen);
}

/// Waits until `came` says yes.
///
/// Fails as `otherwise` says when nothing in the process can go on any more, and with `busy-loop` when
/// other threads take the processor's time all the while.
pub fn must_come(recorder: &Recorder, came: impl FnMut() -> bool, otherwise: Otherwise<'_>) {
    let (code, seen) = otherwise;
    match calm::until(came) {
        Wait::Came => {}
        Wait::Calm => fail(recorder, code, seen),
        Wait::Busy => fail(
            recorder,
            "busy-loop",
            "there is nothing to do, and a thread takes the processor's time all the while",
        ),
    }
}

/// What a call on a thread of its own returns.
///
/// Fails as `otherwise` says when the call does not come back.
pub fn returns<T: Send + 'static>(
    recorder: &Recorder,
    call: impl FnOnce() -> T + Send + 'static,
    otherwise: Otherwise<'_>,
) -> T {
    let thread = thread::spawn(call);
    must_come(recorder, || thread.is_finished(), otherwise);
    match thread.join() {
        Ok(value) => value,
        Err(panic) => panic::resume_unwind(panic),
    }
}

/// Panics with these words, and prints nothing: the panic is part of the test.
pub fn panic_with(words: &'static str) -> ! {
    panic::resume_unwind(Box::new(words))
}

/// The words of a panic that [`panic_with`] made.
fn words(payload: &(dyn Any + Send)) -> &str {
    payload
        .downcast_ref::<&str>()
        .copied()
        .unwrap_or("another payload")
}
