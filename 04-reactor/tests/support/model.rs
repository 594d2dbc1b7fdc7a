//! Every order of the threads' steps, tried one after the other by the model checker loom.

use std::{
    any::Any,
    panic::{self, AssertUnwindSafe},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
};

use course::{Recorder, event::Event};
use loom::model::Builder;

/// One order of the steps. What happens in it is written down, to be shown if a rule is broken.
#[derive(Clone, Default)]
pub(crate) struct Schedule {
    events: Arc<Mutex<Vec<Event>>>,
}

/// Loom's own words for an order of steps that has no end.
const ENDLESS: &str = "maximum number of branches";

/// Why a schedule was ended.
struct Broken {
    code: &'static str,
    seen: String,
}

impl Schedule {
    pub(crate) fn record(&self, event: Event) {
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        events.push(event);
    }

    pub(crate) fn called(&self, call: impl Into<String>) {
        self.record(Event::Called { call: call.into() });
    }

    /// Ends the exploration: a rule is broken in this order of the steps.
    ///
    /// Call it on the model's first thread, when the others have ended.
    pub(crate) fn fail(&self, code: &'static str, seen: impl Into<String>) -> ! {
        let seen = seen.into();
        // Past the panic hook: it is no panic of the code under test.
        panic::resume_unwind(Box::new(Broken { code, seen }))
    }
}

/// Runs `model` once for each order of its threads' steps, and gives the number of orders.
///
/// An order in which threads are stopped more than a few times in the middle of their work is left
/// out: mistakes show with very few stops, and the number of orders grows fast.
///
/// With more than two `threads`, two of them can overtake each other for ever while the third, which
/// they wait for, is not let on. No real system does that to threads that try again in a loop (which is
/// right, if seldom wise). So the exploration ends there, and in any case after `MOST_ORDERS`.
///
/// In the order in which a rule is broken, the test fails, with the run in that order as its trace.
/// Fails with `data-race` and `deadlock` by itself.
pub(crate) fn explore(
    rec: &Recorder,
    threads: usize,
    model: impl Fn(&Schedule) + Send + Sync + 'static,
) -> usize {
    let schedules = Arc::new(AtomicUsize::new(0));
    let latest = Arc::new(Mutex::new(Schedule::default()));
    let run = {
        let (schedules, latest) = (Arc::clone(&schedules), Arc::clone(&latest));
        move || {
            schedules.fetch_add(1, SeqCst);
            let schedule = Schedule::default();
            *latest.lock().unwrap_or_else(PoisonError::into_inner) = schedule.clone();
            model(&schedule);
        }
    };
    let checker = bounded(threads);
    let explored = panic::catch_unwind(AssertUnwindSafe(|| checker.check(run)));
    let schedules = schedules.load(SeqCst);
    let Err(panic) = explored else {
        return schedules;
    };
    if threads > 2 && message(&panic).contains(ENDLESS) {
        return schedules;
    }
    // The order that broke the rule is the run that is shown.
    let latest = latest.lock().unwrap_or_else(PoisonError::into_inner);
    for event in latest.events.lock().iter().flat_map(|events| events.iter()) {
        rec.record(event.clone());
    }
    let (code, seen) = diagnose(panic);
    rec.fail(
        code,
        format!("{seen} (in order {schedules} of those tried)"),
    )
}

/// The most orders that are tried with more than two threads. A design without a loop that waits has
/// fewer than this.
const MOST_ORDERS: usize = 1000;

/// A model that ends within a fraction of a second. The longest order of a right design takes about 70
/// steps.
fn bounded(threads: usize) -> Builder {
    let mut checker = Builder::new();
    checker.max_branches = 150;
    checker.preemption_bound = Some(4);
    if threads > 2 {
        checker.preemption_bound = Some(2);
        // Loom looks at the limit whenever it would write a checkpoint.
        checker.max_permutations = Some(MOST_ORDERS);
        checker.checkpoint_interval = MOST_ORDERS;
    }
    checker
}

/// What a panic out of the model means. A panic of the code under test goes on.
fn diagnose(panic: Box<dyn Any + Send>) -> (&'static str, String) {
    let panic = match panic.downcast::<Broken>() {
        Ok(broken) => return (broken.code, broken.seen),
        Err(panic) => panic,
    };
    let message = message(&panic);
    // Loom's own words, as of 0.7.
    let code = if message.contains("Causality violation")
        || message.contains("currently writing to cell")
        || message.contains("currently reading from cell")
    {
        "data-race"
    } else if message.starts_with("deadlock") || message.contains(ENDLESS) {
        "deadlock"
    } else {
        panic::resume_unwind(panic)
    };
    let seen = match code {
        "data-race" => "two threads touched the same value at once, and nothing kept them apart",
        _ => "the threads came to a point at which none of them could go on",
    };
    (code, seen.into())
}

fn message(panic: &Box<dyn Any + Send>) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or(panic.downcast_ref::<&str>().copied())
        .unwrap_or_default()
}
