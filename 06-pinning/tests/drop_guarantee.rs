//! The grader of `drop_guarantee`: when the future goes, where it goes, and what is done after it.

// What this grader uses of what the stage's graders share.
#[allow(dead_code, unreachable_pub)]
mod support {
    pub mod address;
    pub mod polled;
    pub mod signatures;
    pub mod statically;
    pub mod ways_out;
}

use std::{
    cell::Cell,
    future::Ready,
    marker::PhantomPinned,
    panic::{self, AssertUnwindSafe},
    pin::{Pin, pin},
    rc::Rc,
    task::{Context, Poll, Waker},
};

use course::{Exercise, Recorder, Task, grade, memory};
use pinning::{Finally, finally};
use support::{
    address::AtHome,
    polled::must_be,
    statically::{Otherwise as _, Statically},
    ways_out::must_have_no_way_out,
};

const DROP_GUARANTEE: Exercise = course::exercise!(
    "drop_guarantee",
    stage = "06-pinning",
    feature = "my-drop-guarantee"
);

/// The file that is graded, as text.
#[cfg(feature = "my-drop-guarantee")]
const SOURCE: &str = include_str!("../exercises/drop_guarantee.rs");
#[cfg(not(feature = "my-drop-guarantee"))]
const SOURCE: &str = include_str!("../src/drop_guarantee.rs");

type Child = course::Child<Waker, u32>;
type Watched = AtHome<Departing>;

/// Says in the run when it is dropped: what has to come before the cleanup.
struct Departing {
    rec: Recorder,
    work: course::ChildFuture<Waker, u32>,
}

impl Future for Departing {
    type Output = u32;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u32> {
        Pin::new(&mut self.work).poll(cx)
    }
}

impl Drop for Departing {
    fn drop(&mut self) {
        self.rec.note("work is dropped");
    }
}

/// A future, and how often has been cleaned up after it.
struct Scene {
    rec: Recorder,
    work: Child,
    cleanups: Cell<usize>,
}

impl Scene {
    fn new(rec: &Recorder) -> Self {
        Scene {
            rec: rec.clone(),
            work: Child::new(rec, "work"),
            cleanups: Cell::new(0),
        }
    }

    /// The future with its cleanup, which looks whether it comes after the future.
    fn finally(&self) -> Finally<Watched, impl FnOnce()> {
        let work = Departing {
            rec: self.rec.clone(),
            work: self.work.future(),
        };
        let work = AtHome::new(&self.rec, "work", work);
        finally(work, || {
            self.rec.note("cleanup");
            self.cleanups.set(self.cleanups.get() + 1);
            if !self.work.is_dropped() {
                self.rec.fail(
                    "cleanup-too-early",
                    "the cleanup runs, and the future is still there with all that it holds",
                );
            }
        })
    }

    /// The rule that has been cleaned up so often.
    fn cleanups(&self, right: usize, when: &str) {
        let cleanups = self.cleanups.get();
        if cleanups > right {
            let code = if right == 0 {
                "cleanup-too-early"
            } else {
                "doubled-cleanup"
            };
            self.rec.fail(
                code,
                format!("{when}, the cleanup has run {cleanups} times"),
            );
        }
        if cleanups < right {
            self.rec.fail(
                "forgotten-cleanup",
                format!("{when}, the cleanup has not run"),
            );
        }
    }
}

#[test]
fn cleans_up_when_the_future_is_ready() {
    grade!(DROP_GUARANTEE, lesson, |rec| {
        let scene = Scene::new(rec);
        let (mut task, a) = (Task::new(rec, scene.finally()), rec.waker("A"));
        must_be(rec, task.poll(&a), Poll::Pending);
        scene.cleanups(0, "while the future is pending");
        scene.work.finish(42);
        rec.must_wake("A", "the future can finish");
        must_be(rec, task.poll(&a), Poll::Ready(42));
        scene.cleanups(1, "once the future was ready");
        drop(task);
        scene.cleanups(1, "once all is dropped");
    });
}

#[test]
fn wakes_the_latest_waker() {
    grade!(DROP_GUARANTEE, |rec| {
        let scene = Scene::new(rec);
        let (mut task, a, b) = (
            Task::new(rec, scene.finally()),
            rec.waker("A"),
            rec.waker("B"),
        );
        must_be(rec, task.poll(&a), Poll::Pending);
        must_be(rec, task.poll(&b), Poll::Pending);
        scene.work.finish(42);
        rec.must_wake("B", "the future can finish");
    });
}

#[test]
fn cleans_up_when_it_is_dropped_in_the_middle() {
    grade!(DROP_GUARANTEE, |rec| {
        let scene = Scene::new(rec);
        let (mut task, a) = (Task::new(rec, scene.finally()), rec.waker("A"));
        must_be(rec, task.poll(&a), Poll::Pending);
        rec.note("it is dropped");
        drop(task);
        if !scene.work.is_dropped() {
            rec.fail(
                "kept-too-long",
                "it is gone, and the future in it was not dropped",
            );
        }
        scene.cleanups(1, "once all is dropped");
    });
}

#[test]
fn cleans_up_when_it_was_never_polled() {
    grade!(DROP_GUARANTEE, |rec| {
        let scene = Scene::new(rec);
        drop(scene.finally());
        scene.cleanups(1, "once all is dropped");
    });
}

#[test]
fn is_unpin_only_if_its_future_is() {
    grade!(DROP_GUARANTEE, |rec| {
        if Statically::<Finally<PhantomPinned, fn()>>::UNPIN {
            rec.fail(
                "still-movable",
                "it is `Unpin` although the future in it is not",
            );
        }
        if !Statically::<Finally<Ready<()>, fn()>>::UNPIN {
            rec.fail(
                "needlessly-pinned",
                "the future in it may be moved, and it may not",
            );
        }
        rec.note("it is `Unpin` if its future is, and only then");
    });
}

#[test]
fn is_send_only_if_what_is_in_it_is() {
    grade!(DROP_GUARANTEE, |rec| {
        if Statically::<Finally<Rc<()>, fn()>>::SEND
            || Statically::<Finally<Ready<()>, Box<dyn FnOnce()>>>::SEND
        {
            rec.fail(
                "unsafe-way-out",
                "it is `Send` although the future or the cleanup in it is not: safe code takes an `Rc` in it to another thread",
            );
        }
        rec.note("it goes to another thread only if all that is in it may");
    });
}

#[test]
fn its_future_stays_where_it_is() {
    grade!(DROP_GUARANTEE, |rec| {
        let scene = Scene::new(rec);
        let mut finally = pin!(scene.finally());
        let (a, mut polls) = (rec.waker("A"), 0);
        while polls < 3 {
            let polled = finally
                .as_mut()
                .poll(&mut Context::from_waker(a.as_waker()));
            must_be(rec, polled, Poll::Pending);
            polls += 1;
        }
        scene.work.finish(42);
        let polled = finally
            .as_mut()
            .poll(&mut Context::from_waker(a.as_waker()));
        must_be(rec, polled, Poll::Ready(42));
        must_have_no_way_out(rec, SOURCE, "Finally", &[0]);
    });
}

/// Panics in its poll, or in its drop.
struct Panics {
    rec: Recorder,
    in_poll: bool,
}

impl Future for Panics {
    type Output = u32;

    fn poll(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<u32> {
        if self.in_poll {
            self.rec.note("the future panics in its poll");
            // Past the panic hook: it is no panic of the code under test.
            panic::resume_unwind(Box::new("the future panics"));
        }
        Poll::Ready(42)
    }
}

impl Drop for Panics {
    fn drop(&mut self) {
        if self.in_poll {
            self.rec.note("the future is dropped");
        } else {
            self.rec.note("the future panics in its drop");
            panic::resume_unwind(Box::new("the future panics"));
        }
    }
}

/// Polls a future that panics, if it is to be polled, and drops it. How often was the cleanup called, after each?
fn panicking(rec: &Recorder, in_poll: bool, polled: bool) -> (usize, usize) {
    let cleanups = Cell::new(0);
    let cleanup = || {
        rec.note("cleanup");
        cleanups.set(cleanups.get() + 1);
    };
    let work = Panics {
        rec: rec.clone(),
        in_poll,
    };
    let mut future = Box::pin(finally(AtHome::new(rec, "the future", work), cleanup));
    let mut cx = Context::from_waker(Waker::noop());
    if polled {
        let _ = panic::catch_unwind(AssertUnwindSafe(|| {
            future.as_mut().poll(&mut cx).is_ready()
        }));
    }
    let after_poll = cleanups.get();
    let _ = panic::catch_unwind(AssertUnwindSafe(|| drop(future)));
    (after_poll, cleanups.get())
}

#[test]
fn cleans_up_after_a_panic_in_the_poll() {
    grade!(DROP_GUARANTEE, |rec| {
        match panicking(rec, true, true) {
            (_, 1) => {}
            (_, 0) => rec.fail(
                "forgotten-cleanup",
                "the future has panicked, all is dropped, and the cleanup has not run",
            ),
            (_, times) => rec.fail(
                "doubled-cleanup",
                format!("the cleanup has run {times} times"),
            ),
        }
    });
}

#[test]
fn drops_where_it_lies_while_a_panic_unwinds() {
    grade!(DROP_GUARANTEE, |rec| {
        let scene = Scene::new(rec);
        let mut future = Box::pin(scene.finally());
        let a = rec.waker("A");
        let polled = future.as_mut().poll(&mut Context::from_waker(a.as_waker()));
        must_be(rec, polled, Poll::Pending);
        rec.note("somebody else panics");
        let _ = panic::catch_unwind(AssertUnwindSafe(move || {
            let _dropped_by_the_panic = future;
            panic::resume_unwind(Box::new("somebody else panics"));
        }));
        scene.cleanups(1, "once all is dropped");
    });
}

#[test]
fn cleans_up_after_a_panic_in_the_drop() {
    grade!(DROP_GUARANTEE, |rec| {
        for polled in [false, true] {
            match panicking(rec, false, polled) {
                (_, 1) => {}
                (_, 0) => rec.fail(
                    "forgotten-cleanup",
                    "the future's destructor has panicked, and the cleanup was skipped: nobody will do it any more",
                ),
                (_, times) => rec.fail("doubled-cleanup", format!("the cleanup has run {times} times")),
            }
        }
    });
}

#[test]
fn allocates_nothing() {
    grade!(DROP_GUARANTEE, |rec| {
        let (allocations, _) = memory::allocations(|| {
            let future = pin!(finally(std::future::ready(1), || ()));
            future.poll(&mut Context::from_waker(Waker::noop()))
        });
        if allocations > 0 {
            rec.fail("needless-box", format!("it has allocated ({allocations}×)"));
        }
        rec.note("it lies in one piece");
    });
}
