//! The grader of `unsound_unpin`: a future that is begun anew in the place of another.

#[cfg_attr(feature = "my-unsound-unpin", path = "../exercises/unsound_unpin.rs")]
#[cfg_attr(
    not(feature = "my-unsound-unpin"),
    path = "../../tests/solutions/06-pinning/unsound_unpin/reference.rs"
)]
// Written as a module of a crate of its own: here nobody outside can see what it exports.
#[allow(dead_code, unreachable_pub)]
mod unsound_unpin;
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

use course::{Exercise, RecordedWaker, Recorder, grade, memory};
use support::{
    address::AtHome,
    polled::must_be,
    statically::{Otherwise as _, Statically},
    ways_out::must_have_no_way_out,
};
use unsound_unpin::Restartable;

const UNSOUND_UNPIN: Exercise = course::exercise!(
    "unsound_unpin",
    stage = "06-pinning",
    feature = "my-unsound-unpin"
);

/// The file that is graded, as text.
#[cfg(feature = "my-unsound-unpin")]
const SOURCE: &str = include_str!("../exercises/unsound_unpin.rs");
#[cfg(not(feature = "my-unsound-unpin"))]
const SOURCE: &str = include_str!("../../tests/solutions/06-pinning/unsound_unpin/reference.rs");

type Child = course::Child<Waker, u32>;
type Watched = AtHome<course::ChildFuture<Waker, u32>>;

fn watched(rec: &Recorder, child: &Child) -> Watched {
    AtHome::new(rec, child.name(), child.future())
}

/// Polls once, with a record of it.
fn poll(
    rec: &Recorder,
    future: Pin<&mut Restartable<Watched>>,
    waker: &RecordedWaker,
) -> Poll<u32> {
    rec.poll(
        waker.name(),
        || future.poll(&mut Context::from_waker(waker.as_waker())),
        |polled| match polled {
            Poll::Ready(output) => Some(format!("{output}")),
            Poll::Pending => None,
        },
    )
}

#[test]
fn polls_the_future_that_is_in_it() {
    grade!(UNSOUND_UNPIN, |rec| {
        let (first, a) = (Child::new(rec, "first"), rec.waker("A"));
        let mut future = pin!(Restartable::new(watched(rec, &first)));
        must_be(rec, poll(rec, future.as_mut(), &a), Poll::Pending);
        first.finish(1);
        rec.must_wake("A", "the future can finish");
        must_be(rec, poll(rec, future.as_mut(), &a), Poll::Ready(1));
    });
}

#[test]
fn wakes_the_latest_waker() {
    grade!(UNSOUND_UNPIN, |rec| {
        let (first, a, b) = (Child::new(rec, "first"), rec.waker("A"), rec.waker("B"));
        let mut future = pin!(Restartable::new(watched(rec, &first)));
        must_be(rec, poll(rec, future.as_mut(), &a), Poll::Pending);
        must_be(rec, poll(rec, future.as_mut(), &b), Poll::Pending);
        first.finish(1);
        rec.must_wake("B", "the future can finish");
    });
}

#[test]
fn begins_anew_with_another_future() {
    grade!(UNSOUND_UNPIN, lesson, |rec| {
        let (first, second) = (Child::new(rec, "first"), Child::new(rec, "second"));
        let a = rec.waker("A");
        // Neither is polled before it is replaced: so this says nothing about places yet.
        let mut future = pin!(Restartable::new(watched(rec, &first)));
        rec.note("begin anew");
        future.as_mut().restart(watched(rec, &second));
        if !first.is_dropped() {
            rec.fail(
                "kept-too-long",
                "the new future is there, and the old one was not dropped",
            );
        }
        if future.restarts() != 1 {
            rec.fail(
                "wrong-value",
                format!(
                    "begun anew once, and `restarts` gives {}",
                    future.restarts()
                ),
            );
        }
        must_be(rec, poll(rec, future.as_mut(), &a), Poll::Pending);
        second.finish(2);
        rec.must_wake("A", "the new future can finish");
        must_be(rec, poll(rec, future.as_mut(), &a), Poll::Ready(2));
    });
}

#[test]
fn allocates_nothing() {
    grade!(UNSOUND_UNPIN, |rec| {
        let (allocations, ()) = memory::allocations(|| {
            let mut future = pin!(Restartable::new(std::future::ready(1)));
            future.as_mut().restart(std::future::ready(2));
            let _ = future.poll(&mut Context::from_waker(Waker::noop()));
        });
        if allocations > 0 {
            rec.fail(
                "needless-box",
                format!("it has allocated ({allocations}×): the future is to lie in the struct"),
            );
        }
        rec.note("it lies in one piece");
    });
}

#[test]
fn is_unpin_only_if_its_future_is() {
    grade!(UNSOUND_UNPIN, |rec| {
        if Statically::<Restartable<PhantomPinned>>::UNPIN {
            rec.fail_reading(
                "an-unpin-that-lies",
                "still-movable",
                "it is `Unpin` although the future in it is not: safe code gets a `&mut` from its pin, and moves the future with it",
            );
        }
        if !Statically::<Restartable<Ready<()>>>::UNPIN {
            rec.fail(
                "needlessly-pinned",
                "the future in it may be moved, and it may not",
            );
        }
        rec.note("it is `Unpin` if its future is, and only then");
    });
}

#[test]
fn is_send_only_if_its_future_is() {
    grade!(UNSOUND_UNPIN, |rec| {
        if Statically::<Restartable<Rc<()>>>::SEND {
            rec.fail(
                "unsafe-way-out",
                "it is `Send` although the future in it is not: safe code takes an `Rc` in it to another thread",
            );
        }
        rec.note("it goes to another thread only if its future may");
    });
}

#[test]
fn its_future_stays_where_it_is() {
    grade!(UNSOUND_UNPIN, |rec| {
        let (first, a) = (Child::new(rec, "first"), rec.waker("A"));
        let mut future = Box::pin(Restartable::new(watched(rec, &first)));
        for _ in 0..3 {
            must_be(rec, poll(rec, future.as_mut(), &a), Poll::Pending);
        }
        drop(future);
        must_have_no_way_out(rec, SOURCE, "Restartable", &[0]);
    });
}

/// Counts its drops, and panics in the first.
struct PanicsInDrop<'a>(&'a Cell<usize>);

impl Future for PanicsInDrop<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<()> {
        Poll::Pending
    }
}

impl Drop for PanicsInDrop<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
        if self.0.get() == 1 {
            // Past the panic hook: it is no panic of the code under test.
            panic::resume_unwind(Box::new("the future panics"));
        }
    }
}

#[test]
fn a_panic_in_the_drop_drops_nothing_twice() {
    grade!(UNSOUND_UNPIN, |rec| {
        let (old, new) = (Cell::new(0), Cell::new(1));
        let mut future = Box::pin(Restartable::new(PanicsInDrop(&old)));
        let _ = panic::catch_unwind(AssertUnwindSafe(|| {
            future.as_mut().restart(PanicsInDrop(&new));
        }));
        drop(future);
        if old.get() != 1 || new.get() != 2 {
            rec.fail(
                "over-released",
                format!(
                    "the old future panicked in its drop: it was dropped {} times in all, and the new one {} times",
                    old.get(),
                    new.get() - 1
                ),
            );
        }
        rec.note("each was dropped once");
    });
}

#[test]
fn the_old_future_is_dropped_where_it_lies() {
    grade!(UNSOUND_UNPIN, |rec| {
        let names = ["first", "second", "third"];
        let children = names.map(|name| Child::new(rec, name));
        let a = rec.waker("A");
        let mut future = Box::pin(Restartable::new(watched(rec, &children[0])));
        for next in 1..names.len() {
            must_be(rec, poll(rec, future.as_mut(), &a), Poll::Pending);
            rec.note("begin anew");
            future.as_mut().restart(watched(rec, &children[next]));
            if !children[next - 1].is_dropped() {
                rec.fail(
                    "kept-too-long",
                    "the new future is there, and the old one was not dropped",
                );
            }
        }
        let b = rec.waker("B");
        must_be(rec, poll(rec, future.as_mut(), &b), Poll::Pending);
        children[2].finish(3);
        rec.must_wake("B", "the newest future can finish");
        must_be(rec, poll(rec, future.as_mut(), &a), Poll::Ready(3));
    });
}
