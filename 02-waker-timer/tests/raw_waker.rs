//! The grader of `raw_waker`: whether each of the four functions reaches the task, and what it does to
//! the task's references.

use std::{
    marker::PhantomData,
    mem,
    panic::{self, AssertUnwindSafe},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    task::Waker,
    thread,
};

use course::{Exercise, Recorder, grade};
use waker_timer::{ArcWake, waker};

const RAW_WAKER: Exercise = course::exercise!(
    "raw_waker",
    stage = "02-waker-timer",
    feature = "my-raw-waker"
);

/// A task that counts.
#[derive(Default)]
struct Counter {
    wakes: AtomicUsize,
    /// Whether it panics when it is woken.
    panics: bool,
}

impl ArcWake for Counter {
    fn wake_by_ref(arc_self: &Arc<Self>) {
        arc_self.wakes.fetch_add(1, SeqCst);
        // A task that puts itself into a queue does this: it must not matter.
        drop(Arc::clone(arc_self));
        if arc_self.panics {
            // Past the panic hook: it is no panic of the code under test.
            panic::resume_unwind(Box::new("the task panics when it is woken"));
        }
    }
}

/// References that nobody gives back, so that a wrong count is seen before it frees anything.
const SPARE: usize = 64;

/// A task under observation.
struct Bench {
    rec: Recorder,
    task: Arc<Counter>,
}

impl Bench {
    fn new(rec: &Recorder) -> Self {
        Bench::with(rec, Counter::default())
    }

    fn that_panics(rec: &Recorder) -> Self {
        Bench::with(
            rec,
            Counter {
                panics: true,
                ..Counter::default()
            },
        )
    }

    fn with(rec: &Recorder, counter: Counter) -> Self {
        let task = Arc::new(counter);
        for _ in 0..SPARE {
            mem::forget(Arc::clone(&task));
        }
        Bench {
            rec: rec.clone(),
            task,
        }
    }

    fn waker(&self) -> Waker {
        waker(Arc::clone(&self.task))
    }

    fn wakes(&self) -> usize {
        self.task.wakes.load(SeqCst)
    }

    fn references(&self) -> usize {
        Arc::strong_count(&self.task).saturating_sub(SPARE)
    }

    /// Does one step, notes how many references there are then, and holds that against the number that
    /// there should be.
    ///
    /// Fails with `leaked-reference` if there are more, and with `too_few` if there are fewer.
    fn step<T>(&self, name: &str, references: usize, too_few: &str, step: impl FnOnce() -> T) -> T {
        let before = self.references();
        let output = step();
        let after = self.references();
        self.rec.note(format!("{name}, references: {after}"));
        let seen = || {
            format!(
                "the task had {before} references before `{name}`, and has {after} now; it should have {references}"
            )
        };
        if after > references {
            self.rec.fail("leaked-reference", seen());
        }
        if after < references {
            self.rec.fail(too_few, seen());
        }
        output
    }

    /// Fails with `dead-waker` if `step` does not wake the task.
    fn must_wake(&self, name: &str, step: impl FnOnce()) {
        let before = self.wakes();
        step();
        if self.wakes() == before {
            self.rec.fail(
                "dead-waker",
                format!("`{name}` was called, and the task's `wake_by_ref` was not"),
            );
        }
    }
}

#[test]
fn reaches_the_task_that_it_was_made_from() {
    grade!(RAW_WAKER, |rec| {
        let (bench, other) = (Bench::new(rec), Bench::new(rec));
        let (waker, others) = (bench.waker(), other.waker());
        let clone = waker.clone();
        bench.must_wake("waker.wake_by_ref()", || waker.wake_by_ref());
        bench.must_wake("clone.wake_by_ref()", || clone.wake_by_ref());
        bench.must_wake("clone.wake()", || clone.wake());
        bench.must_wake("waker.wake()", || waker.wake());
        if other.wakes() > 0 {
            rec.fail("dead-waker", "the waker of one task woke another task");
        }
        other.must_wake("waker.wake()", || others.wake());
    });
}

#[test]
fn takes_over_the_reference_that_it_is_given() {
    grade!(RAW_WAKER, |rec| {
        let bench = Bench::new(rec);
        let waker = bench.step("waker(task)", 2, "over-released", || bench.waker());
        mem::forget(waker);
    });
}

#[test]
fn a_clone_takes_one_reference() {
    grade!(RAW_WAKER, |rec| {
        let bench = Bench::new(rec);
        let waker = bench.waker();
        let clone = bench.step("waker.clone()", 3, "uncounted-clone", || waker.clone());
        let second = bench.step("clone.clone()", 4, "uncounted-clone", || clone.clone());
        mem::forget((waker, clone, second));
    });
}

#[test]
fn a_dropped_waker_gives_its_reference_back() {
    grade!(RAW_WAKER, |rec| {
        let bench = Bench::new(rec);
        let waker = bench.waker();
        let clone = waker.clone();
        bench.step("drop(clone)", 2, "over-released", || drop(clone));
        bench.step("drop(waker)", 1, "over-released", || drop(waker));
    });
}

#[test]
fn wake_gives_its_reference_back() {
    grade!(RAW_WAKER, |rec| {
        let bench = Bench::new(rec);
        let waker = bench.waker();
        let clone = waker.clone();
        bench.step("clone.wake()", 2, "over-released", || clone.wake());
        bench.step("waker.wake()", 1, "over-released", || waker.wake());
    });
}

#[test]
fn wake_by_ref_leaves_the_references_alone() {
    grade!(RAW_WAKER, |rec| {
        let bench = Bench::new(rec);
        let waker = bench.waker();
        for _ in 0..3 {
            bench.step("waker.wake_by_ref()", 2, "over-released", || {
                waker.wake_by_ref();
            });
        }
    });
}

#[test]
fn counts_through_a_whole_life() {
    grade!(RAW_WAKER, lesson, |rec| {
        let bench = Bench::new(rec);
        let less = "over-released";
        let waker = bench.step("waker(task)", 2, less, || bench.waker());
        let clone = bench.step("waker.clone()", 3, "uncounted-clone", || waker.clone());
        bench.step("clone.wake_by_ref()", 3, less, || clone.wake_by_ref());
        bench.step("clone.wake()", 2, less, || clone.wake());
        let clone = bench.step("waker.clone()", 3, "uncounted-clone", || waker.clone());
        bench.step("drop(waker)", 2, less, || drop(waker));
        bench.step("clone.wake()", 1, less, || clone.wake());
    });
}

#[test]
fn the_last_waker_takes_the_task_with_it() {
    grade!(RAW_WAKER, |rec| {
        for (name, end) in [("drop", drop as fn(Waker)), ("wake", Waker::wake)] {
            let task = Arc::new(Counter::default());
            let alive = Arc::downgrade(&task);
            let waker = waker(task);
            let clone = waker.clone();
            end(waker);
            if alive.strong_count() == 0 {
                rec.fail(
                    "uncounted-clone",
                    format!(
                        "`{name}` of one waker dropped the task, and a clone of it was still there"
                    ),
                );
            }
            end(clone);
            if alive.strong_count() > 0 {
                rec.fail(
                    "leaked-reference",
                    format!("`{name}` of the last waker has left the task in memory"),
                );
            }
        }
    });
}

/// Whether the panic goes on to the caller is not graded: what it leaves behind is.
fn caught(wake: impl FnOnce()) {
    let _ = panic::catch_unwind(AssertUnwindSafe(wake));
}

#[test]
fn a_wake_that_panics_leaks_nothing() {
    grade!(RAW_WAKER, |rec| {
        let bench = Bench::that_panics(rec);
        let waker = bench.waker();
        bench.step("wake() panics", 1, "over-released", || {
            caught(|| waker.wake());
        });
    });
}

#[test]
fn a_wake_by_ref_that_panics_frees_nothing() {
    grade!(RAW_WAKER, |rec| {
        let bench = Bench::that_panics(rec);
        let waker = bench.waker();
        for _ in 0..2 {
            bench.step("wake_by_ref() panics", 2, "over-released", || {
                caught(|| waker.wake_by_ref());
            });
        }
    });
}

/// Says of a type whether it is `Send + Sync`, as far as is known where it is asked.
struct Known<T>(PhantomData<T>);

#[allow(dead_code, reason = "used only where `ArcWake` asks for too little")]
trait Unknown {
    const SEND_AND_SYNC: bool = false;
}

impl<T> Unknown for Known<T> {}

impl<T: Send + Sync> Known<T> {
    const SEND_AND_SYNC: bool = true;
}

/// All that is known of `W` here is that it is `ArcWake`: so the answer is what the trait asks for.
fn arc_wake_asks_for_threads<W: ArcWake>(_: &W) -> bool {
    Known::<W>::SEND_AND_SYNC
}

#[test]
fn a_task_has_to_be_send_and_sync() {
    grade!(RAW_WAKER, |rec| {
        if !arc_wake_asks_for_threads(&Counter::default()) {
            rec.fail(
                "not-thread-safe",
                "`ArcWake` can be written for a type that is not `Send + Sync`, and `waker` makes a \
                 `Waker` of it, which is",
            );
        }
    });
}

/// The rule that another thread's use of a waker is as good as our own.
///
/// Fails with `not-thread-safe`.
fn on_another_thread(bench: &Bench, wakes: usize, work: impl FnOnce() + Send + 'static) {
    let before = bench.wakes();
    if thread::spawn(work).join().is_err() {
        let seen = "the waker panicked on another thread than the one that made it";
        bench.rec.fail("not-thread-safe", seen);
    }
    if bench.wakes() < before + wakes {
        let seen = "a wake on another thread did not reach the task";
        bench.rec.fail("not-thread-safe", seen);
    }
}

#[test]
fn can_be_woken_from_another_thread() {
    grade!(RAW_WAKER, |rec| {
        let bench = Bench::new(rec);
        let waker = bench.waker();
        let theirs = waker.clone();
        bench.step("woken on another thread", 2, "over-released", || {
            on_another_thread(&bench, 1, move || theirs.wake());
        });
        let theirs = waker.clone();
        bench.step("used on another thread", 2, "over-released", || {
            on_another_thread(&bench, 2, move || {
                theirs.wake_by_ref();
                let clone = theirs.clone();
                drop(theirs);
                clone.wake();
            });
        });
        bench.step("drop(waker)", 1, "over-released", || drop(waker));
    });
}

#[test]
fn counts_exactly_while_many_threads_use_it() {
    grade!(RAW_WAKER, |rec| {
        const ROUNDS: usize = 200;
        let bench = Bench::new(rec);
        let waker = bench.waker();
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let waker = waker.clone();
                thread::spawn(move || {
                    for _ in 0..ROUNDS {
                        let clone = waker.clone();
                        clone.wake_by_ref();
                        drop(clone.clone());
                        clone.wake();
                    }
                })
            })
            .collect();
        bench.step("used on four threads", 2, "over-released", || {
            let ends = threads.into_iter().map(thread::JoinHandle::join);
            if ends.filter(Result::is_err).count() > 0 {
                rec.fail(
                    "not-thread-safe",
                    "the waker panicked on one of four threads",
                );
            }
        });
        if bench.wakes() < 4 * ROUNDS * 2 {
            rec.fail(
                "not-thread-safe",
                format!(
                    "of {} wakes on four threads, {} reached the task",
                    4 * ROUNDS * 2,
                    bench.wakes()
                ),
            );
        }
        drop(waker);
    });
}
