//! The grader of `stack_and_heap`: who is polled how often, and from where, by a future that knows where it lies.

// What this grader uses of what the stage's graders share.
#[allow(dead_code, unreachable_pub)]
mod support {
    pub mod address;
    pub mod resident;
}

use std::{
    pin::Pin,
    task::{Context, Poll, Waker},
};

use course::{Exercise, Recorder, grade, memory};
use pinning::{Boxed, poll_all, poll_and_keep, poll_here, poll_movable};
use support::resident::resident;

const STACK_AND_HEAP: Exercise = course::exercise!(
    "stack_and_heap",
    stage = "06-pinning",
    feature = "my-stack-and-heap"
);

/// A context that wakes nobody: who polls here polls by hand.
fn quiet() -> Context<'static> {
    Context::from_waker(Waker::noop())
}

/// The rule that a future was polled so often: as often as it says so in the run.
fn polls(rec: &Recorder, name: &str, times: usize) {
    let run = rec.canonical();
    let polls = run.matches(&format!("{name} is polled")).count();
    if polls != times {
        let code = if polls < times {
            "skips-one"
        } else {
            "polled-unwoken"
        };
        rec.fail(
            code,
            format!("{name} is to be polled {times} times so far, and was polled {polls} times"),
        );
    }
}

/// The rule that a future lives, or does not.
fn dropped(rec: &Recorder, name: &str, is_dropped: bool) {
    if rec.canonical().contains(&format!("{name} is dropped")) != is_dropped {
        let (code, seen) = match is_dropped {
            true => ("kept-too-long", "is over, and has not been dropped"),
            false => ("dropped-pending", "is not ready, and has been dropped"),
        };
        rec.fail(code, format!("{name} {seen}"));
    }
}

fn must_be<T: PartialEq + std::fmt::Debug>(rec: &Recorder, what: &str, found: T, right: T) {
    if found != right {
        rec.fail(
            "wrong-value",
            format!("{what} gives {found:?}, and {right:?} is right"),
        );
    }
}

#[test]
fn polls_once_on_the_stack() {
    grade!(STACK_AND_HEAP, |rec| {
        let polled = poll_here(resident(rec, "Ann", 0), &mut quiet());
        must_be(
            rec,
            "`poll_here` of a future that is ready",
            polled,
            Poll::Ready("Ann"),
        );
        polls(rec, "Ann", 1);
        let polled = poll_here(resident(rec, "Bob", 3), &mut quiet());
        polls(rec, "Bob", 1);
        must_be(
            rec,
            "`poll_here` of a future that is not",
            polled,
            Poll::Pending,
        );
    });
}

/// Wakes whoever polls it, and is never ready.
struct Restless;

impl Future for Restless {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

#[test]
fn all_poll_with_the_waker_that_they_are_given() {
    grade!(STACK_AND_HEAP, |rec| {
        let a = rec.waker("A");
        type Call = fn(&mut Context<'_>);
        let all: [(&str, Call); 4] = [
            ("poll_here", |cx| {
                let _ = poll_here(Restless, cx);
            }),
            ("poll_and_keep", |cx| {
                let _ = poll_and_keep(Restless, cx);
            }),
            ("poll_movable", |cx| {
                let _ = poll_movable(&mut Restless, cx);
            }),
            ("poll_all", |cx| {
                poll_all(&mut vec![Box::pin(Restless)], cx);
            }),
        ];
        for (name, call) in all {
            rec.note(format!("{name}: the future wakes who polls it"));
            call(&mut Context::from_waker(a.as_waker()));
            if rec.wakes_since_note("A") == 0 {
                rec.fail(
                    "lost-wakeup",
                    format!("`{name}` has polled with another waker than the one that it was given: whom the future wakes, nobody knows"),
                );
            }
        }
    });
}

#[test]
fn what_is_pinned_to_the_stack_ends_there() {
    grade!(STACK_AND_HEAP, |rec| {
        let _ = poll_here(resident(rec, "Ann", 1), &mut quiet());
        rec.note("the function has returned");
        dropped(rec, "Ann", true);
    });
}

#[test]
fn pinning_to_the_stack_allocates_nothing() {
    grade!(STACK_AND_HEAP, |rec| {
        let (allocations, _) = memory::allocations(|| poll_here(async { 42 }, &mut quiet()));
        if allocations > 0 {
            rec.fail(
                "needless-box",
                format!("`poll_here` has allocated ({allocations}×): the stack costs nothing"),
            );
        }
        rec.note("nothing is allocated");
    });
}

#[test]
fn gives_back_what_is_not_ready() {
    grade!(STACK_AND_HEAP, lesson, |rec| {
        let ready = poll_and_keep(resident(rec, "Ann", 0), &mut quiet());
        must_be(
            rec,
            "`poll_and_keep` of a future that is ready",
            ready.ok(),
            Some("Ann"),
        );
        polls(rec, "Ann", 1);
        let polled = poll_and_keep(resident(rec, "Bob", 1), &mut quiet());
        polls(rec, "Bob", 1);
        let Err(mut kept) = polled else {
            rec.fail(
                "early-ready",
                "`poll_and_keep` gave an output of a future that is not ready",
            )
        };
        dropped(rec, "Bob", false);
        rec.note("the box moves");
        let mut list = vec![kept];
        kept = list.remove(0);
        must_be(
            rec,
            "the future that was kept",
            kept.as_mut().poll(&mut quiet()),
            Poll::Ready("Bob"),
        );
        polls(rec, "Bob", 2);
    });
}

#[test]
fn polls_what_may_be_moved_where_it_is() {
    grade!(STACK_AND_HEAP, |rec| {
        let mut future = Counted(0);
        let (allocations, polled) = memory::allocations(|| poll_movable(&mut future, &mut quiet()));
        must_be(rec, "`poll_movable`", polled, Poll::Pending);
        let mut moved = Box::new(future);
        rec.note("the future moves");
        must_be(
            rec,
            "`poll_movable`",
            poll_movable(&mut *moved, &mut quiet()),
            Poll::Ready(2),
        );
        if allocations > 0 {
            rec.fail(
                "needless-box",
                "`poll_movable` has allocated: what is `Unpin` needs no place of its own",
            );
        }
    });
}

/// Counts its polls, and is ready with the second. It is `Unpin`.
struct Counted(usize);

impl Future for Counted {
    type Output = usize;

    fn poll(mut self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<usize> {
        self.0 += 1;
        match self.0 {
            1 => Poll::Pending,
            polls => Poll::Ready(polls),
        }
    }
}

/// So many futures, each pending as often as it says.
fn crowd(rec: &Recorder, pending: &[(&'static str, usize)]) -> Vec<Boxed<'static, &'static str>> {
    let boxed = |&(name, pending)| Box::pin(resident(rec, name, pending)) as Boxed<'_, _>;
    pending.iter().map(boxed).collect()
}

#[test]
fn polls_each_of_many_once() {
    grade!(STACK_AND_HEAP, |rec| {
        let mut futures = crowd(rec, &[("Ann", 1), ("Bob", 1), ("Cleo", 1)]);
        let outputs = poll_all(&mut futures, &mut quiet());
        must_be(
            rec,
            "`poll_all` of three that are not ready",
            outputs.len(),
            0,
        );
        for name in ["Ann", "Bob", "Cleo"] {
            polls(rec, name, 1);
            dropped(rec, name, false);
        }
        must_be(rec, "the number of those that are left", futures.len(), 3);
    });
}

#[test]
fn takes_out_of_many_what_is_ready() {
    grade!(STACK_AND_HEAP, |rec| {
        let all = [("Ann", 0), ("Bob", 0), ("Cleo", 1), ("Dan", 0), ("Eve", 2)];
        let mut futures = crowd(rec, &all);
        for (turn, (ready, left)) in [
            (&["Ann", "Bob", "Dan"][..], 2),
            (&["Cleo"], 1),
            (&["Eve"], 0),
        ]
        .into_iter()
        .enumerate()
        {
            rec.note(format!("turn {}", turn + 1));
            let outputs = poll_all(&mut futures, &mut quiet());
            for (name, pending) in all {
                polls(rec, name, (turn + 1).min(pending + 1));
                dropped(rec, name, pending <= turn);
            }
            must_be(rec, "`poll_all`", &outputs[..], ready);
            must_be(
                rec,
                "the number of those that are left",
                futures.len(),
                left,
            );
        }
    });
}

#[test]
fn of_many_that_are_ready_none_is_missed() {
    grade!(STACK_AND_HEAP, |rec| {
        let names = ["Ann", "Bob", "Cleo", "Dan"];
        let mut futures = crowd(rec, &names.map(|name| (name, 0)));
        let outputs = poll_all(&mut futures, &mut quiet());
        must_be(rec, "`poll_all`", &outputs[..], &names);
        must_be(
            rec,
            "`poll_all` of nobody",
            poll_all(&mut futures, &mut quiet()).len(),
            0,
        );
    });
}
