//! The grader of `projection`: a timeout that does what the boxed one did, by futures that know where they lie.

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
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, Waker},
    time::Duration,
};

use course::{Exercise, Recorder, Task, grade, memory};
use pinning::{
    TimedOut,
    projection::{Timeout, timeout},
};
use support::{
    address::AtHome,
    polled::must_be,
    statically::{Otherwise as _, Statically},
    ways_out::must_have_no_way_out,
};

const PROJECTION: Exercise = course::exercise!(
    "projection",
    stage = "06-pinning",
    feature = "my-projection"
);

/// The file that is graded, as text.
#[cfg(feature = "my-projection")]
const SOURCE: &str = include_str!("../exercises/projection.rs");
#[cfg(not(feature = "my-projection"))]
const SOURCE: &str = include_str!("../src/projection.rs");

/// What is given a time, and the time, in the grader's hand.
struct Scene {
    work: Child<u32>,
    time: Child<()>,
}

type Child<T> = course::Child<Waker, T>;
type Watched<T> = AtHome<course::ChildFuture<Waker, T>>;

impl Scene {
    fn new(rec: &Recorder) -> Self {
        Scene {
            work: Child::new(rec, "work"),
            time: Child::new(rec, "time"),
        }
    }

    /// The timeout of the two, which have to stay where they are once they have been polled.
    fn timeout(&self, rec: &Recorder) -> Timeout<Watched<u32>, Watched<()>> {
        Timeout::new(
            AtHome::new(rec, "work", self.work.future()),
            AtHome::new(rec, "time", self.time.future()),
        )
    }
}

#[test]
fn gives_what_the_future_gives() {
    grade!(PROJECTION, |rec| {
        let scene = Scene::new(rec);
        let (mut task, a) = (Task::new(rec, scene.timeout(rec)), rec.waker("A"));
        must_be(rec, task.poll(&a), Poll::Pending);
        scene.work.finish(42);
        rec.must_wake("A", "its future can finish");
        must_be(rec, task.poll(&a), Poll::Ready(Ok(42)));
    });
}

#[test]
fn says_when_the_time_is_over() {
    grade!(PROJECTION, lesson, |rec| {
        let scene = Scene::new(rec);
        let (mut task, a) = (Task::new(rec, scene.timeout(rec)), rec.waker("A"));
        must_be(rec, task.poll(&a), Poll::Pending);
        scene.time.finish(());
        rec.must_wake("A", "its time is over");
        must_be(rec, task.poll(&a), Poll::Ready(Err(TimedOut)));
    });
}

#[test]
fn wakes_the_latest_waker() {
    grade!(PROJECTION, |rec| {
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        for is_over in [false, true] {
            let scene = Scene::new(rec);
            let mut task = Task::new(rec, scene.timeout(rec));
            must_be(rec, task.poll(&a), Poll::Pending);
            must_be(rec, task.poll(&b), Poll::Pending);
            if is_over {
                scene.time.finish(());
            } else {
                scene.work.finish(42);
            }
            rec.must_wake("B", "what it waits for can finish");
        }
    });
}

#[test]
fn who_is_ready_in_time_is_not_thrown_away() {
    grade!(PROJECTION, |rec| {
        let scene = Scene::new(rec);
        let (mut task, a) = (Task::new(rec, scene.timeout(rec)), rec.waker("A"));
        must_be(rec, task.poll(&a), Poll::Pending);
        scene.time.finish(());
        scene.work.finish(42);
        let polled = task.poll(&a);
        if polled == Poll::Ready(Err(TimedOut)) {
            rec.fail(
                "wrong-bias",
                "future and time are both ready, and the future's output is thrown away",
            );
        }
        must_be(rec, polled, Poll::Ready(Ok(42)));
    });
}

#[test]
fn is_unpin_only_if_its_fields_are() {
    grade!(PROJECTION, |rec| {
        let (neither, both) = (
            Statically::<Timeout<PhantomPinned, PhantomPinned>>::UNPIN,
            Statically::<Timeout<Ready<u8>, Ready<()>>>::UNPIN,
        );
        if neither
            || Statically::<Timeout<PhantomPinned, Ready<()>>>::UNPIN
            || Statically::<Timeout<Ready<u8>, PhantomPinned>>::UNPIN
        {
            rec.fail(
                "still-movable",
                "the timeout is `Unpin` although a field of it is not: safe code gets a `&mut` to a pinned timeout, and moves the field with it",
            );
        }
        if !both {
            rec.fail(
                "needlessly-pinned",
                "both fields may be moved, and the timeout may not: it is `!Unpin` for a reason that has nothing to do with them",
            );
        }
        rec.note("it is `Unpin` if both fields are, and only then");
    });
}

#[test]
fn is_send_only_if_its_fields_are() {
    grade!(PROJECTION, |rec| {
        // A field that has to stay on its thread, and one that may only be looked at from there.
        let sent = Statically::<Timeout<Rc<()>, Ready<()>>>::SEND
            || Statically::<Timeout<Ready<u8>, Rc<()>>>::SEND;
        if sent || Statically::<Timeout<Cell<()>, Ready<()>>>::SYNC {
            rec.fail(
                "unsafe-way-out",
                "the timeout is `Send` or `Sync` although a field of it is not: safe code takes an `Rc` in it to another thread, or a `Cell` by way of `get_ref`",
            );
        }
        rec.note("it goes to another thread only if its fields may");
    });
}

#[test]
fn its_fields_stay_where_they_are() {
    grade!(PROJECTION, |rec| {
        let scene = Scene::new(rec);
        let (mut task, a) = (Task::new(rec, scene.timeout(rec)), rec.waker("A"));
        for _ in 0..3 {
            must_be(rec, task.poll(&a), Poll::Pending);
        }
        scene.work.finish(42);
        must_be(rec, task.poll(&a), Poll::Ready(Ok(42)));
        drop(task);
        must_have_no_way_out(rec, SOURCE, "Timeout", &[0, 1]);
    });
}

#[test]
fn its_fields_are_dropped_where_they_lie() {
    grade!(PROJECTION, |rec| {
        let scene = Scene::new(rec);
        let (mut task, a) = (Task::new(rec, scene.timeout(rec)), rec.waker("A"));
        must_be(rec, task.poll(&a), Poll::Pending);
        rec.note("the timeout is dropped");
        drop(task);
        if !scene.work.is_dropped() || !scene.time.is_dropped() {
            rec.fail(
                "kept-too-long",
                "the timeout is gone, and a field of it was not dropped",
            );
        }
    });
}

#[test]
fn lends_its_future_pinned() {
    grade!(PROJECTION, |rec| {
        let scene = Scene::new(rec);
        let mut timeout = Box::pin(scene.timeout(rec));
        let a = rec.waker("A");
        let polled = timeout
            .as_mut()
            .poll(&mut Context::from_waker(a.as_waker()));
        must_be(rec, polled, Poll::Pending);
        let home = timeout.get_ref().home();
        let lent: Pin<&mut Watched<u32>> = timeout.as_mut().get_pin_mut();
        if home.is_none() || lent.home() != home || Some((&raw const *lent).addr()) != home {
            rec.fail(
                "moved-while-pinned",
                "the future that `get_pin_mut` lends does not lie where it was polled",
            );
        }
        rec.note("it lies where it was polled");
        let polled = timeout
            .as_mut()
            .poll(&mut Context::from_waker(a.as_waker()));
        must_be(rec, polled, Poll::Pending);
    });
}

#[test]
fn counts_its_polls() {
    grade!(PROJECTION, |rec| {
        let scene = Scene::new(rec);
        let mut timeout = Box::pin(scene.timeout(rec));
        let a = rec.waker("A");
        for polls in 0..=3 {
            if timeout.polls() != polls {
                rec.fail(
                    "wrong-value",
                    format!("after {polls} polls, `polls` gives {}", timeout.polls()),
                );
            }
            if polls == 2 {
                scene.work.finish(42);
            }
            if polls < 3 {
                let mut cx = Context::from_waker(a.as_waker());
                let _ = timeout.as_mut().poll(&mut cx);
            }
        }
        rec.note("it counts");
    });
}

#[test]
fn gives_its_future_back_if_it_is_not_pinned() {
    grade!(PROJECTION, |rec| {
        let scene = Scene::new(rec);
        let work = scene.timeout(rec).into_inner();
        if scene.work.is_dropped() || !scene.time.is_dropped() {
            rec.fail(
                "lost-value",
                "`into_inner` gives the future, and drops the time",
            );
        }
        drop(work);
    });
}

#[test]
fn allocates_nothing_and_takes_no_more_room_than_it_needs() {
    grade!(PROJECTION, |rec| {
        let mut future = Box::pin(Timeout::new(
            std::future::pending::<u32>(),
            Box::pin(std::future::pending()),
        ));
        let (allocations, _) = memory::allocations(|| {
            let work = Timeout::new(std::future::ready(1), std::future::pending());
            let mut work = std::pin::pin!(work);
            let mut cx = Context::from_waker(Waker::noop());
            (
                work.as_mut().poll(&mut cx),
                future.as_mut().poll(&mut cx).is_ready(),
            )
        });
        if allocations > 0 {
            rec.fail("needless-box", format!("making and polling a timeout has allocated ({allocations}×): the box is what is to go"));
        }
        let (size, fields) = (
            size_of::<Timeout<[u64; 64], [u64; 8]>>(),
            size_of::<[u64; 72]>(),
        );
        if size > fields + 64 {
            rec.fail(
                "needless-box",
                format!("the timeout has {size} bytes, and its two futures have {fields}"),
            );
        }
        rec.note("it is in one piece");
    });
}

#[test]
fn serves_on_a_runtime() {
    grade!(PROJECTION, |rec| {
        let mut runtime = reactor::Runtime::new().expect("the system has a selector");
        let quick = runtime.block_on(timeout(Duration::MAX, async { 42 }));
        must_be(rec, Poll::Ready(quick), Poll::Ready(Ok(42)));
        let slow = timeout(Duration::from_millis(1), std::future::pending::<u32>());
        must_be(
            rec,
            Poll::Ready(runtime.block_on(slow)),
            Poll::Ready(Err(TimedOut)),
        );
        rec.note("it gives a time, and takes it away");
    });
}
