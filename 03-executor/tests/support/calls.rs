//! A thread with an executor on it, which nobody else can help: it comes back by itself, or never.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    thread,
    time::Duration,
};

use course::Recorder;
use cpu_time::{ProcessTime, ThreadTime};

use crate::calm::{self, Wait};

/// Counts the calls of `spawn` and `wake` that the thread makes: what it was at when it went no further.
#[derive(Clone, Default)]
pub(crate) struct Calls {
    begun: Arc<AtomicUsize>,
    ended: Arc<AtomicUsize>,
}

impl Calls {
    pub(crate) fn make<T>(&self, call: impl FnOnce() -> T) -> T {
        self.begun.fetch_add(1, SeqCst);
        let returned = call();
        self.ended.fetch_add(1, SeqCst);
        returned
    }

    fn begun(&self) -> usize {
        self.begun.load(SeqCst)
    }

    /// Whether the thread is in a call, or was when it panicked.
    fn is_in_one(&self) -> bool {
        self.begun() > self.ended.load(SeqCst)
    }
}

/// How much of the processor's time one call may take: a thousand times what it needs.
const MOST_WORK: Duration = Duration::from_millis(150);

/// Notices a call that looks for something over and over.
#[derive(Default)]
struct Spin {
    /// How many calls had begun when the last one did, and what the other threads had worked by then.
    last: Option<(usize, Duration)>,
}

impl Spin {
    fn is_in_one_call(&mut self, calls: &Calls) -> bool {
        let (begun, work) = (calls.begun(), others_work());
        match self.last {
            Some((last, since)) if last == begun => {
                calls.is_in_one() && work.saturating_sub(since) > MOST_WORK
            }
            _ => {
                self.last = Some((begun, work));
                false
            }
        }
    }
}

fn others_work() -> Duration {
    let own = ThreadTime::now().as_duration();
    ProcessTime::now().as_duration().saturating_sub(own)
}

/// Runs `work` on a thread of its own, which has to come back. `waits` is what it is to wait in one of its
/// calls; `stuck` is a diagnosis for one that waits elsewhere.
///
/// Fails with `full-queue`, `panics-when-full` or `panicked`, or as `stuck` says.
pub(crate) fn must_come_back(
    rec: &Recorder,
    calls: &Calls,
    waits: &str,
    stuck: impl FnOnce() -> (&'static str, String),
    work: impl FnOnce() + Send + 'static,
) {
    let _alone = calm::alone();
    let thread = thread::spawn(move || catch_unwind(AssertUnwindSafe(work)));
    let mut spin = Spin::default();
    let mut came = || thread.is_finished() || spin.is_in_one_call(calls);
    // Busy is no news: it may have much to do.
    let calm = loop {
        match calm::until(&mut came) {
            Wait::Came => break false,
            Wait::Calm => break true,
            Wait::Busy => {}
        }
    };
    if calm && !calls.is_in_one() {
        let (code, seen) = stuck();
        rec.fail(code, seen);
    }
    if calm {
        rec.fail("full-queue", waits);
    }
    if !thread.is_finished() {
        rec.fail(
            "full-queue",
            format!("{waits}. It does not sleep while it waits, but tries again and again"),
        );
    }
    let Ok(Err(panic)) = thread.join() else {
        return;
    };
    let words = words(&*panic);
    if calls.is_in_one() {
        rec.fail(
            "panics-when-full",
            format!("a call of `spawn` or of `wake` panicked: \"{words}\""),
        );
    }
    rec.fail("panicked", format!("`run` panicked: \"{words}\""));
}

fn words(panic: &(dyn Any + Send)) -> String {
    let words = panic
        .downcast_ref::<&str>()
        .map(|words| (*words).to_owned());
    words
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default()
}
