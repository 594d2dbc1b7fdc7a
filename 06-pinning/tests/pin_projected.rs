//! The grader of `pin_projected`: three combinators, by futures that know where they lie.

// What this grader uses of what the stage's graders share.
#[allow(dead_code, unreachable_pub)]
mod support {
    pub mod address;
    pub mod polled;
    pub mod statically;
}

use std::{
    cell::Cell,
    fmt::Debug,
    future::{Ready, pending, ready},
    marker::PhantomPinned,
    pin::pin,
    task::{Context, Poll, Waker},
    time::Duration,
};

use course::{ChildFuture, Exercise, Recorder, Task, grade, memory};
use pinning::{
    TimedOut,
    pin_projected::{Map, Then, Timeout, timeout},
};
use support::{
    address::AtHome,
    polled::must_be,
    statically::{Otherwise as _, Statically},
};

const PIN_PROJECTED: Exercise = course::exercise!(
    "pin_projected",
    stage = "06-pinning",
    feature = "my-pin-projected"
);

type Child<T> = course::Child<Waker, T>;
type Watched<T> = AtHome<ChildFuture<Waker, T>>;

/// A child's future, which has to stay where it is once it was polled.
fn watched<T: Debug>(rec: &Recorder, child: &Child<T>) -> Watched<T> {
    AtHome::new(rec, child.name(), child.future())
}

#[test]
fn a_timeout_gives_what_the_future_gives() {
    grade!(PIN_PROJECTED, |rec| {
        let (work, time) = (Child::new(rec, "work"), Child::<()>::new(rec, "time"));
        let timeout = Timeout::new(watched(rec, &work), watched(rec, &time));
        let (mut task, a) = (Task::new(rec, timeout), rec.waker("A"));
        must_be(rec, task.poll(&a), Poll::Pending);
        work.finish(42);
        rec.must_wake("A", "its future can finish");
        must_be(rec, task.poll(&a), Poll::Ready(Ok(42)));
    });
}

#[test]
fn a_timeout_says_when_the_time_is_over() {
    grade!(PIN_PROJECTED, lesson, |rec| {
        let (work, time) = (Child::<u32>::new(rec, "work"), Child::new(rec, "time"));
        let timeout = Timeout::new(watched(rec, &work), watched(rec, &time));
        let (mut task, a) = (Task::new(rec, timeout), rec.waker("A"));
        must_be(rec, task.poll(&a), Poll::Pending);
        time.finish(());
        rec.must_wake("A", "its time is over");
        must_be(rec, task.poll(&a), Poll::Ready(Err(TimedOut)));
    });
}

#[test]
fn who_is_ready_in_time_is_not_thrown_away() {
    grade!(PIN_PROJECTED, |rec| {
        let (work, time) = (
            Child::new(rec, "work").ready(42),
            Child::new(rec, "time").ready(()),
        );
        let timeout = Timeout::new(watched(rec, &work), watched(rec, &time));
        let polled = Task::new(rec, timeout).poll(&rec.waker("A"));
        if polled == Poll::Ready(Err(TimedOut)) {
            rec.fail(
                "wrong-bias",
                "future and time are both ready, and the future's output is thrown away",
            );
        }
        must_be(rec, polled, Poll::Ready(Ok(42)));
    });
}

/// The rule that what a future waits for wakes the waker of its latest poll.
fn must_hear<F: Future<Output: Debug>>(rec: &Recorder, future: F, finish: impl FnOnce()) {
    let (mut task, a, b) = (Task::new(rec, future), rec.waker("A"), rec.waker("B"));
    for waker in [&a, &b] {
        if task.poll(waker).is_ready() {
            rec.fail("early-ready", "it is ready before what it waits for is");
        }
    }
    finish();
    rec.must_wake("B", "what it waits for can finish");
}

#[test]
fn all_wake_the_latest_waker() {
    grade!(PIN_PROJECTED, |rec| {
        let names = ["work", "time", "mapped", "first", "second"];
        let [work, time, mapped, first, second] = names.map(|name| Child::<()>::new(rec, name));
        let [soon, never] = ["soon", "never"].map(|name| Child::<()>::new(rec, name));
        let timeout = Timeout::new(watched(rec, &work), watched(rec, &never));
        must_hear(rec, timeout, || work.finish(()));
        let timeout = Timeout::new(watched(rec, &never), watched(rec, &time));
        must_hear(rec, timeout, || time.finish(()));
        let map = Map::new(watched(rec, &mapped), |()| ());
        must_hear(rec, map, || mapped.finish(()));
        let then = Then::new(watched(rec, &first), |()| watched(rec, &never));
        must_hear(rec, then, || first.finish(()));
        let soon = soon.ready(());
        let then = Then::new(watched(rec, &soon), |()| watched(rec, &second));
        must_hear(rec, then, || second.finish(()));
    });
}

#[test]
fn a_map_calls_its_function_once_with_the_output() {
    grade!(PIN_PROJECTED, |rec| {
        let (work, calls) = (Child::new(rec, "work"), Cell::new(0));
        let map = Map::new(watched(rec, &work), |number: u32| {
            calls.set(calls.get() + 1);
            rec.note("the function is called");
            number + 1
        });
        let (mut task, a) = (Task::new(rec, map), rec.waker("A"));
        must_be(rec, task.poll(&a), Poll::Pending);
        must_be(rec, task.poll(&a), Poll::Pending);
        if calls.get() > 0 {
            rec.fail(
                "eager",
                "the function was called, and the future is not ready",
            );
        }
        work.finish(41);
        rec.must_wake("A", "its future can finish");
        must_be(rec, task.poll(&a), Poll::Ready(42));
    });
}

#[test]
fn then_goes_from_the_first_to_the_second() {
    grade!(PIN_PROJECTED, |rec| {
        let (first, second) = (Child::new(rec, "first"), Child::new(rec, "second"));
        let then = Then::new(watched(rec, &first), |number: u32| {
            rec.note(format!("the second is made from {number}"));
            watched(rec, &second)
        });
        let (mut task, a) = (Task::new(rec, then), rec.waker("A"));
        must_be(rec, task.poll(&a), Poll::Pending);
        first.finish(1);
        rec.must_wake("A", "the first can finish");
        must_be(rec, task.poll(&a), Poll::Pending);
        if second.polls() == 0 {
            if rec.wakes_since_note("A") == 0 {
                rec.fail(
                    "lost-wakeup",
                    "the first was ready, the answer was Pending, and the second has not been polled: nobody will wake this task",
                );
            }
            // It has woken itself to go on: right, if not direct.
            must_be(rec, task.poll(&a), Poll::Pending);
        }
        if !first.is_dropped() {
            rec.fail(
                "kept-too-long",
                "the second has been polled, and the first has not been dropped",
            );
        }
        second.finish("two");
        rec.must_wake("A", "the second can finish");
        must_be(rec, task.poll(&a), Poll::Ready("two"));
    });
}

#[test]
fn then_needs_one_poll_if_both_are_ready() {
    grade!(PIN_PROJECTED, |rec| {
        let (first, second) = (
            Child::new(rec, "first").ready(1),
            Child::new(rec, "second").ready("two"),
        );
        let then = Then::new(watched(rec, &first), |_: u32| watched(rec, &second));
        let a = rec.waker("A");
        let mut task = Task::new(rec, then);
        let mut polled = task.poll(&a);
        if polled.is_pending() && rec.wakes("A") > 0 {
            // It has woken itself to go on: right, if not direct.
            polled = task.poll(&a);
        }
        must_be(rec, polled, Poll::Ready("two"));
    });
}

#[test]
fn all_are_unpin_only_if_their_fields_are() {
    grade!(PIN_PROJECTED, |rec| {
        type Movable = Ready<()>;
        type Fixed = PhantomPinned;
        let rules = [
            (
                "Timeout",
                "the future",
                Statically::<Timeout<Fixed, Movable>>::UNPIN,
                false,
            ),
            (
                "Timeout",
                "the time",
                Statically::<Timeout<Movable, Fixed>>::UNPIN,
                false,
            ),
            (
                "Timeout",
                "",
                Statically::<Timeout<Movable, Movable>>::UNPIN,
                true,
            ),
            (
                "Map",
                "the future",
                Statically::<Map<Fixed, fn()>>::UNPIN,
                false,
            ),
            ("Map", "", Statically::<Map<Movable, fn()>>::UNPIN, true),
            ("Map", "", Statically::<Map<Movable, Fixed>>::UNPIN, true),
            (
                "Then",
                "the first",
                Statically::<Then<Fixed, fn(), Movable>>::UNPIN,
                false,
            ),
            (
                "Then",
                "the second",
                Statically::<Then<Movable, fn(), Fixed>>::UNPIN,
                false,
            ),
            (
                "Then",
                "",
                Statically::<Then<Movable, fn(), Movable>>::UNPIN,
                true,
            ),
        ];
        for (name, field, is_unpin, should_be) in rules {
            match (is_unpin, should_be) {
                (true, false) => rec.fail(
                    "still-movable",
                    format!("`{name}` is `Unpin` although {field} in it is not"),
                ),
                (false, true) => rec.fail(
                    "needlessly-pinned",
                    format!("the futures in it may be moved, and `{name}` may not"),
                ),
                _ => {}
            }
        }
        rec.note("each is `Unpin` if its futures are, and only then");
    });
}

#[test]
fn what_is_pinned_is_dropped_where_it_lies() {
    grade!(PIN_PROJECTED, |rec| {
        let names = ["work", "time", "mapped", "first", "second"];
        let [work, time, mapped, first, second] = names.map(|name| Child::<()>::new(rec, name));
        let timeout = Timeout::new(watched(rec, &work), watched(rec, &time));
        let map = Map::new(watched(rec, &mapped), |()| ());
        let then = Then::new(watched(rec, &first), |()| watched(rec, &second));
        let (mut timeout, mut map) = (Box::pin(timeout), Box::pin(map));
        let mut then = Box::pin(then);
        let mut cx = Context::from_waker(Waker::noop());
        let _ = timeout.as_mut().poll(&mut cx);
        let _ = map.as_mut().poll(&mut cx);
        let _ = then.as_mut().poll(&mut cx);
        first.finish(());
        let _ = then.as_mut().poll(&mut cx);
        let _ = then.as_mut().poll(&mut cx);
        rec.note("all are dropped");
        drop((timeout, map));
        drop(then);
        for child in [work, time, mapped, first, second] {
            if !child.is_dropped() {
                rec.fail(
                    "kept-too-long",
                    format!("`{}` was not dropped with what it lay in", child.name()),
                );
            }
        }
    });
}

#[test]
fn nothing_is_allocated_and_no_room_is_wasted() {
    grade!(PIN_PROJECTED, |rec| {
        let (allocations, ()) = memory::allocations(|| {
            let mut cx = Context::from_waker(Waker::noop());
            let then = Then::new(ready(1), |one| ready(one + 1));
            let map = Map::new(then, |two| two + 1);
            let mut timeout = pin!(Timeout::new(map, pending::<()>()));
            let mut polled = timeout.as_mut().poll(&mut cx);
            if polled.is_pending() {
                // A `Then` may wake itself on the way from the first to the second.
                polled = timeout.as_mut().poll(&mut cx);
            }
            must_be(rec, polled, Poll::Ready(Ok(3)));
        });
        if allocations > 0 {
            rec.fail(
                "needless-box",
                format!(
                    "three combinators around three futures have allocated {allocations} times"
                ),
            );
        }
        const LARGE: usize = size_of::<Large>();
        for (name, size, futures) in [
            ("Timeout", size_of::<Timeout<Large, ()>>(), 1),
            ("Map", size_of::<Map<Large, fn()>>(), 1),
            ("Then", size_of::<Then<Large, fn(), Large>>(), 1),
        ] {
            if size > futures * LARGE + 64 {
                rec.fail(
                    "wasted-room",
                    format!("`{name}` has {size} bytes for futures of {LARGE}, of which never two are there at once"),
                );
            }
        }
        rec.note("they lie in one piece");
    });
}

/// As large as a future may be.
type Large = [u64; 64];

#[test]
fn serves_on_a_runtime() {
    grade!(PIN_PROJECTED, |rec| {
        let mut runtime = reactor::Runtime::new().expect("the system has a selector");
        let quick = runtime.block_on(timeout(Duration::MAX, async { 42 }));
        must_be(rec, Poll::Ready(quick), Poll::Ready(Ok(42)));
        let slow = timeout(Duration::from_millis(1), pending::<u32>());
        must_be(
            rec,
            Poll::Ready(runtime.block_on(slow)),
            Poll::Ready(Err(TimedOut)),
        );
        rec.note("it gives a time, and takes it away");
    });
}
