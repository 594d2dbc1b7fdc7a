//! The grader of `state_machine`: what is done by hand, against what the compiler's future does, for every
//! script that its futures can be given.

// What this grader uses of what the stage's graders share.
#[allow(dead_code, unreachable_pub)]
mod support {
    pub mod address;
    pub mod signatures;
    pub mod statically;
    pub mod two_sums;
    pub mod ways_out;
}

use std::{
    cell::RefCell,
    future::ready,
    marker::PhantomPinned,
    pin::{Pin, pin},
    rc::Rc,
    task::{Context, Poll, Waker},
};

use course::{Child, Exercise, Recorder, Task, grade, grade_race, memory};
use pinning::{SumByHand, sum_by_hand};
use support::statically::{Otherwise as _, Statically};
use support::two_sums::{Run, Script, by_compiler, by_hand, scripts};
use support::ways_out::must_have_no_way_out;

const STATE_MACHINE: Exercise = course::exercise!(
    "state_machine",
    stage = "06-pinning",
    feature = "my-state-machine"
);

/// The file that is graded, as text.
#[cfg(feature = "my-state-machine")]
const SOURCE: &str = include_str!("../exercises/state_machine.rs");
#[cfg(not(feature = "my-state-machine"))]
const SOURCE: &str = include_str!("../src/state_machine.rs");

/// The rule that a run by hand does what the compiler's does, in the same order.
fn must_be_equal(rec: &Recorder, script: &Script) {
    let (hand, compiler) = (by_hand(rec, script), by_compiler(rec, script));
    compare(rec, script, &hand, &compiler);
}

fn compare(rec: &Recorder, script: &Script, hand: &Run, compiler: &Run) {
    let equal = |(one, other): &(&String, &String)| one == other;
    let same = hand
        .steps
        .iter()
        .zip(&compiler.steps)
        .take_while(equal)
        .count();
    for step in &hand.steps {
        rec.note(step.clone());
    }
    let (found, right) = (hand.steps.get(same), compiler.steps.get(same));
    let code = match (found, right) {
        (None, None) if hand.sum == compiler.sum => return,
        (None, None) => rec.fail(
            "wrong-value",
            format!(
                "{script}: the sum is {:?}, and {:?} is right",
                hand.sum, compiler.sum
            ),
        ),
        _ if hand.is_stuck => "lost-wakeup",
        (Some(found), _) if hand.steps[..same].contains(found) && !found.contains("poll") => {
            "effect-twice"
        }
        _ => "other-steps",
    };
    let or_end = |step: Option<&String>| step.cloned().unwrap_or_else(|| "nothing more".into());
    rec.fail(
        code,
        format!(
            "{script}: after {same} equal steps, the compiler's future goes on with `{}`, and this one with `{}`",
            or_end(right),
            match hand.is_stuck {
                true => "Pending, and nobody to wake it".into(),
                false => or_end(found),
            }
        ),
    );
}

#[test]
fn does_nothing_before_its_first_poll() {
    grade!(STATE_MACHINE, |rec| {
        let script = Script::new(0, &[0]);
        drop(script.clone().start_by_hand(rec));
        if !script.is_untouched() {
            rec.fail(
                "eager",
                "it has done something before anybody has polled it",
            );
        }
        rec.note("it was made and dropped");
    });
}

#[test]
fn does_what_the_compilers_does_if_nothing_is_pending() {
    grade!(STATE_MACHINE, |rec| {
        must_be_equal(rec, &Script::new(0, &[0, 0]));
    });
}

#[test]
fn does_what_the_compilers_does_if_everything_is_pending_once() {
    grade!(STATE_MACHINE, lesson, |rec| {
        must_be_equal(rec, &Script::new(1, &[1, 1]));
    });
}

#[test]
fn ends_at_once_without_rounds() {
    grade!(STATE_MACHINE, |rec| {
        must_be_equal(rec, &Script::new(1, &[]));
    });
}

#[test]
fn does_what_the_compilers_does_in_every_script() {
    // So many runs: only one that differs is worth a trace.
    grade_race!(STATE_MACHINE, |rec| {
        for script in scripts() {
            let (hand, compiler) =
                memory::uncounted(|| (by_hand(rec, &script), by_compiler(rec, &script)));
            if hand.steps != compiler.steps || hand.sum != compiler.sum {
                compare(rec, &script, &hand, &compiler);
            }
        }
    });
}

#[test]
fn wakes_the_latest_waker() {
    grade!(STATE_MACHINE, |rec| {
        let rounds = Child::<Waker, u32>::new(rec, "rounds");
        let numbers = ["first", "second"].map(|name| Child::<Waker, u64>::new(rec, name));
        let ask = |round: u32| numbers[round as usize].future();
        let mut task = Task::new(rec, sum_by_hand(rounds.future(), ask, |_| ()));
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        for waits_for in 0..=2 {
            // The first of these polls may wake the task to go on.
            for waker in [&a, &a, &a, &b] {
                if task.poll(waker).is_ready() {
                    rec.fail(
                        "early-ready",
                        "it is ready, and waits for a future that is not",
                    );
                }
            }
            match waits_for {
                0 => rounds.finish(2),
                number => numbers[number - 1].finish(1 << 40),
            }
            rec.must_wake("B", "what it waits for can finish");
        }
        let sum = task.poll(&b);
        if sum != Poll::Ready(2 << 40) {
            rec.fail(
                "wrong-value",
                format!("twice 2^40 is 2^41, and the poll gave {sum:?}"),
            );
        }
    });
}

#[test]
fn is_unpin_only_if_its_futures_are() {
    grade!(STATE_MACHINE, |rec| {
        type Fixed = PhantomPinned;
        type Movable = std::future::Ready<u8>;
        let boxed = Statically::<SumByHand<Fixed, fn(), Fixed, fn()>>::UNPIN;
        let one = Statically::<SumByHand<Movable, fn(), Fixed, fn()>>::UNPIN
            || Statically::<SumByHand<Fixed, fn(), Movable, fn()>>::UNPIN;
        // With its futures in boxes it may be moved, and then it allocates.
        if (boxed || one) && !allocates() {
            rec.fail_reading(
                "an-unpin-that-lies",
                "still-movable",
                "it is `Unpin` although a future that lies in it is not: safe code moves that future with it",
            );
        }
        rec.note("it may be moved only if that moves no future");
    });
}

/// Whether a sum by hand needs memory beside its own.
fn allocates() -> bool {
    let (allocations, _) = memory::allocations(|| {
        let ask = |round: u32| ready(u64::from(round));
        let sum = pin!(sum_by_hand(ready(3), ask, |_| ()));
        sum.poll(&mut Context::from_waker(Waker::noop()))
    });
    allocations > 0
}

#[test]
fn is_send_only_if_what_is_in_it_is() {
    grade!(STATE_MACHINE, |rec| {
        type Here = Rc<()>;
        if Statically::<SumByHand<Here, fn(), (), fn()>>::SEND
            || Statically::<SumByHand<(), Here, (), fn()>>::SEND
            || Statically::<SumByHand<(), fn(), Here, fn()>>::SEND
            || Statically::<SumByHand<(), fn(), (), Here>>::SEND
        {
            rec.fail(
                "unsafe-way-out",
                "it is `Send` although a future or a function that lies in it is not: safe code takes an `Rc` in it to another thread",
            );
        }
        rec.note("it goes to another thread only if all that is in it may");
    });
}

#[test]
fn its_futures_stay_where_they_are() {
    grade!(STATE_MACHINE, |rec| {
        let script = Script::new(2, &[2, 0, 2]);
        let run = by_hand(rec, &script);
        if run.sum.is_none() {
            rec.fail("never-ready", format!("{script}: it does not end"));
        }
        // A future that was not polled yet may lie in it unpinned: so this asks for the whole alone.
        must_have_no_way_out(rec, SOURCE, "SumByHand", &[]);
        rec.note("each was polled and dropped in one place");
    });
}

#[test]
fn a_future_is_dropped_when_it_is_done() {
    grade!(STATE_MACHINE, |rec| {
        let script = Script::new(1, &[1, 0]);
        let (hand, compiler) = (by_hand(rec, &script), by_compiler(rec, &script));
        for (late, right) in hand.alive.iter().zip(&compiler.alive) {
            if late.1 > right.1 {
                rec.fail(
                    "kept-too-long",
                    format!("at `{}` there are {} futures alive that are done: the compiler's drops each before it goes on", late.0, late.1 - right.1),
                );
            }
        }
        rec.note("nothing is kept longer than the compiler keeps it");
    });
}

#[test]
fn is_dropped_in_any_state() {
    grade!(STATE_MACHINE, |rec| {
        let script = Script::new(1, &[1, 1]);
        for polls in 0..4 {
            let mut future = Box::pin(script.clone().start_by_hand(rec));
            for _ in 0..polls {
                let waker = Waker::noop();
                if Pin::as_mut(&mut future)
                    .poll(&mut Context::from_waker(waker))
                    .is_ready()
                {
                    break;
                }
            }
            drop(future);
            let alive = script.alive();
            if alive > 0 {
                rec.fail(
                    "kept-too-long",
                    format!("dropped after {polls} polls, it left {alive} futures behind"),
                );
            }
        }
        rec.note("nothing is left behind");
    });
}

/// By how much the stack is deeper some rounds later, if nothing is pending.
fn grown_stack() -> (usize, usize) {
    const ROUNDS: usize = 100;
    let places = RefCell::new(Vec::new());
    let ask = |round: u32| {
        let here = 0_u8;
        places.borrow_mut().push((&raw const here).addr());
        ready(u64::from(round))
    };
    let mut sum = pin!(sum_by_hand(ready(ROUNDS as u32), ask, |_| ()));
    let mut cx = Context::from_waker(Waker::noop());
    // More than one poll, for one that wakes itself on its way.
    let mut polls = 0..10 * ROUNDS;
    while polls.next().is_some() && sum.as_mut().poll(&mut cx).is_pending() {}
    let places = places.take();
    let (early, late) = (10, ROUNDS - 10);
    match (places.get(early), places.get(late)) {
        (Some(one), Some(other)) => (late - early, one.abs_diff(*other)),
        _ => (0, 0),
    }
}

#[test]
fn weighs_what_it_has_to() {
    grade!(STATE_MACHINE, |rec| {
        if allocates() {
            rec.advise(
                "needless-box",
                "three rounds have allocated: the futures can lie in the state itself",
            );
        }
        let large = || async {
            let bytes = [1_u8; 512];
            ready(()).await;
            u32::from(bytes[0])
        };
        let ask = |_: u32| async {
            let bytes = [1_u8; 512];
            ready(()).await;
            u64::from(bytes[0])
        };
        let hand = size_of_val(&sum_by_hand(large(), ask, |_| ()));
        let larger = size_of_val(&large()).max(size_of_val(&ask(0)));
        if hand > larger + 128 {
            rec.advise("wasted-room", format!("it has {hand} bytes, and the larger of the two futures in it has {larger}: they are never there at the same time"));
        }
        let (rounds, grown) = grown_stack();
        if grown > 16 * rounds {
            rec.advise(
                "grows-the-stack",
                format!("in {rounds} rounds of one poll the stack has grown by {grown} bytes"),
            );
        }
        rec.note("it was weighed");
    });
}
