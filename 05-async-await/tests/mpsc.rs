//! The grader of `mpsc`: many values, room for so many, and none of either lost.

#[path = "support/channel_rules.rs"]
mod channel_rules;
#[path = "support/dropped_sends.rs"]
mod dropped_sends;
// The graded file once more, as a module of this program: here something can happen between two locks
// of its `crate::sync`.
#[allow(dead_code, reason = "not every design uses it")]
#[path = "../src/lock.rs"]
mod lock;
#[cfg_attr(feature = "my-mpsc", path = "../exercises/mpsc.rs")]
#[cfg_attr(not(feature = "my-mpsc"), path = "../src/mpsc.rs")]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "a library's module, in a program"
)]
mod mpsc;
#[path = "support/mpsc_races.rs"]
mod mpsc_races;
#[allow(
    dead_code,
    unreachable_pub,
    reason = "a library's module, in a program"
)]
#[path = "../src/mpsc_receive.rs"]
mod mpsc_receive;
#[path = "support/mpsc_rules.rs"]
mod mpsc_rules;
#[cfg(not(feature = "my-mpsc"))]
#[path = "../src/mpsc_state.rs"]
mod mpsc_state;
#[path = "support/paths_from_std.rs"]
mod paths_from_std;
#[path = "support/rules.rs"]
mod rules;
#[path = "support/spinning.rs"]
mod spinning;
#[path = "support/steps.rs"]
mod steps;
#[path = "support/stepped_sync.rs"]
mod sync;
#[path = "support/until_idle.rs"]
mod until_idle;
#[path = "support/values.rs"]
mod values;
#[allow(dead_code, reason = "not every design uses it")]
#[path = "../src/wait_queue.rs"]
mod wait_queue;

/// The errors are the layer's.
mod send_error {
    #[allow(unused_imports, reason = "for the graded file")]
    pub(crate) use async_await::{SendError, TrySendError};
}

use std::{
    panic,
    task::{Context, Poll, Waker},
};

use async_await::TrySendError;
#[allow(unused_imports, reason = "for the graded file")]
use async_await::*;
use channel_rules::{must_be_left, must_be_released, must_hear};
use course::{Exercise, Race, Recorder, Task, grade, grade_race};
use executor::{Executor, block_on};
use mpsc_races::{Act, Moment};
use mpsc_rules::{
    full, must_be, must_be_full, must_be_sent, must_be_the_end, must_come_back, must_wait, put,
    received, send, take,
};
use paths_from_std::advise_locks_of_the_course;
use rules::{pending, ready};
use spinning::must_not_spin;
use until_idle::run_all;
use values::Values;

const MPSC: Exercise = course::exercise!("mpsc", stage = "05-async-await", feature = "my-mpsc");

/// Where the file that is graded is read as text.
#[cfg(feature = "my-mpsc")]
const SOURCE: &str = include_str!("../exercises/mpsc.rs");
#[cfg(not(feature = "my-mpsc"))]
const SOURCE: &str = include_str!("../src/mpsc.rs");

/// The chapter's section.
const SECTION: &str = "many-values-and-back-pressure";

/// Complete "… although".
const EMPTY: &str = "nothing is in the channel, and a sender is there";
const SENT: &str = "a value was sent";
const ROOM: &str = "a value was received, and its place is free";
const RECEIVER_GONE: &str = "the receiver is gone";
const CLOSED: &str = "the receiver has closed the channel";
const SENDERS_GONE: &str = "all senders are gone";

#[test]
fn gives_values_in_the_order_in_which_they_were_sent() {
    grade!(MPSC, |rec| {
        let (values, a) = (Values::default(), rec.waker("A"));
        must_not_spin(rec);
        let (sender, mut receiver) = mpsc::channel(3);
        for number in 1..=3 {
            let mut sends = send(rec, "send", &sender, values.make(number));
            must_be_sent(rec, ready(rec, sends.poll(&a), "there is room"));
        }
        for number in 1..=3 {
            take(rec, &mut receiver, number);
        }
        pending(rec, received(rec, &mut receiver), EMPTY);
        must_be_left(rec, &values, 0, "all values were received, and dropped");
    });
}

#[test]
fn waits_for_a_value() {
    grade!(MPSC, |rec| {
        let (values, a, b) = (Values::default(), rec.waker("A"), rec.waker("B"));
        let (sender, mut receiver) = full(rec, &values, 1);
        take(rec, &mut receiver, 1);
        let mut recv = Task::named(rec, "recv", receiver.recv());
        for waker in [&a, &b, &a] {
            pending(rec, recv.poll(waker), EMPTY);
            rec.must_be_quiet();
        }
        put(rec, &sender, values.make(2));
        rec.must_wake("A", SENT);
        must_be(rec, ready(rec, recv.poll(&a), SENT), 2);
    });
}

#[test]
fn a_full_channel_makes_its_senders_wait() {
    grade!(MPSC, lesson, |rec| {
        let (values, a, b) = (Values::default(), rec.waker("A"), rec.waker("B"));
        let (sender, mut receiver) = full(rec, &values, 2);
        must_be_full(rec, &sender, values.make(9));
        let mut third = send(rec, "third", &sender, values.make(3));
        for waker in [&a, &b] {
            must_wait(rec, &mut third, waker);
            rec.must_be_quiet();
        }
        must_be_full(rec, &sender, values.make(9));
        take(rec, &mut receiver, 1);
        rec.must_wake("B", ROOM);
        must_be_sent(rec, ready(rec, third.poll(&b), ROOM));
        must_be_full(rec, &sender, values.make(9));
        take(rec, &mut receiver, 2);
        take(rec, &mut receiver, 3);
    });
}

#[test]
fn the_capacity_is_a_limit_and_not_a_reservation() {
    grade!(MPSC, |rec| {
        let values = Values::default();
        let made = panic::catch_unwind(|| mpsc::channel(usize::MAX));
        let Ok((sender, mut receiver)) = made else {
            rec.fail_reading(
                SECTION,
                "panicked",
                "`channel(usize::MAX)` panics: it has no room for so many values, and need not",
            );
        };
        for number in 1..=3 {
            put(rec, &sender, values.make(number));
        }
        for number in 1..=3 {
            take(rec, &mut receiver, number);
        }
    });
}

#[test]
fn the_end_comes_when_the_last_sender_is_gone() {
    grade!(MPSC, |rec| {
        let (values, a) = (Values::default(), rec.waker("A"));
        let (sender, mut receiver) = full(rec, &values, 2);
        let other = sender.clone();
        rec.note("one of two senders is dropped");
        drop(sender);
        take(rec, &mut receiver, 1);
        rec.note("the other sender is dropped");
        drop(other);
        take(rec, &mut receiver, 2);
        for _ in 0..2 {
            must_be_the_end(rec, ready(rec, received(rec, &mut receiver), SENDERS_GONE));
        }

        let (sender, mut receiver) = full(rec, &values, 1);
        take(rec, &mut receiver, 1);
        let other = sender.clone();
        let mut recv = Task::named(rec, "recv", receiver.recv());
        pending(rec, recv.poll(&a), EMPTY);
        rec.note("one of two senders is dropped");
        drop(other);
        pending(rec, recv.poll(&a), EMPTY);
        rec.note("the other sender is dropped");
        drop(sender);
        must_hear(rec, "A", "the receiver", SENDERS_GONE);
        must_be_the_end(rec, ready(rec, recv.poll(&a), SENDERS_GONE));
        drop(recv);
        // Who asks again is told again. It does not wait, and nobody has to wake it.
        must_be_the_end(rec, ready(rec, received(rec, &mut receiver), SENDERS_GONE));
    });
}

#[test]
fn a_receiver_that_goes_sends_everybody_away() {
    grade!(MPSC, |rec| {
        let (values, a, b) = (Values::default(), rec.waker("A"), rec.waker("B"));
        let (sender, receiver) = full(rec, &values, 1);
        let mut first = send(rec, "first", &sender, values.make(2));
        let mut second = send(rec, "second", &sender, values.make(3));
        must_wait(rec, &mut first, &a);
        must_wait(rec, &mut second, &b);
        rec.note("the receiver is dropped");
        drop(receiver);
        must_hear(rec, "A", "`first`", RECEIVER_GONE);
        must_hear(rec, "B", "`second`", RECEIVER_GONE);
        must_be_left(
            rec,
            &values,
            2,
            "the receiver is gone, and what it had not received is",
        );
        must_come_back(
            rec,
            ready(rec, first.poll(&a), RECEIVER_GONE),
            2,
            RECEIVER_GONE,
        );
        must_come_back(
            rec,
            ready(rec, second.poll(&b), RECEIVER_GONE),
            3,
            RECEIVER_GONE,
        );
        let mut late = send(rec, "late", &sender, values.make(4));
        must_come_back(
            rec,
            ready(rec, late.poll(&a), RECEIVER_GONE),
            4,
            RECEIVER_GONE,
        );
        if !matches!(
            sender.try_send(values.make(5)),
            Err(TrySendError::Closed(_))
        ) {
            rec.fail_reading(
                SECTION,
                "lost-value",
                "the receiver is gone, and `try_send` does not say so",
            );
        }

        // One of them has been woken for a place by then, and has not come for it.
        let (sender, mut receiver) = full(rec, &values, 1);
        let mut woken = send(rec, "woken", &sender, values.make(2));
        must_wait(rec, &mut woken, &a);
        take(rec, &mut receiver, 1);
        rec.must_wake("A", ROOM);
        rec.note("the receiver is dropped");
        drop(receiver);
        must_come_back(
            rec,
            ready(rec, woken.poll(&a), RECEIVER_GONE),
            2,
            RECEIVER_GONE,
        );
    });
}

#[test]
fn who_closes_gets_what_was_sent() {
    grade!(MPSC, |rec| {
        let (values, a) = (Values::default(), rec.waker("A"));
        let (sender, mut receiver) = full(rec, &values, 2);
        let mut waits = send(rec, "waits", &sender, values.make(3));
        must_wait(rec, &mut waits, &a);
        rec.note("the receiver closes");
        receiver.close();
        must_hear(rec, "A", "`waits`", CLOSED);
        must_come_back(rec, ready(rec, waits.poll(&a), CLOSED), 3, CLOSED);
        take(rec, &mut receiver, 1);
        let mut late = send(rec, "late", &sender, values.make(4));
        must_come_back(rec, ready(rec, late.poll(&a), CLOSED), 4, CLOSED);
        take(rec, &mut receiver, 2);
        for _ in 0..2 {
            must_be_the_end(rec, ready(rec, received(rec, &mut receiver), CLOSED));
        }
    });
}

#[test]
fn wakes_one_sender_for_each_place() {
    grade!(MPSC, |rec| {
        let (values, a, b) = (Values::default(), rec.waker("A"), rec.waker("B"));
        let (sender, mut receiver) = full(rec, &values, 2);
        let mut first = send(rec, "first", &sender, values.make(3));
        let mut second = send(rec, "second", &sender, values.make(4));
        must_wait(rec, &mut first, &a);
        must_wait(rec, &mut second, &b);
        if a.clones_alive() == 0 {
            rec.fail_reading(
                SECTION,
                "overwritten-wake",
                "`first` and `second` wait for room, and nobody has the waker of `first` any more",
            );
        }
        take(rec, &mut receiver, 1);
        if rec.wakes("A") > 0 && rec.wakes("B") > 0 {
            rec.advise(
                "wakes-too-many",
                "one place became free, and both who waited for one were woken",
            );
        }
        // Nobody comes for the first place. That takes nothing from who waits for the second.
        take(rec, &mut receiver, 2);
        for (waker, name) in [("A", "first"), ("B", "second")] {
            if rec.wakes(waker) == 0 {
                rec.fail_reading(
                    SECTION,
                    "lost-wakeup",
                    format!("two places became free, and `{name}`, who waits with waker {waker}, was not woken: the \
                             other one was woken before, and has not been polled since"),
                );
            }
        }
        must_be_sent(rec, ready(rec, second.poll(&b), ROOM));
        must_be_sent(rec, ready(rec, first.poll(&a), ROOM));
        take(rec, &mut receiver, 4);
        take(rec, &mut receiver, 3);
    });
}

#[test]
fn a_send_that_has_waited_sends_like_any_other() {
    grade!(MPSC, |rec| {
        let (values, a, b) = (Values::default(), rec.waker("A"), rec.waker("B"));
        let (sender, mut receiver) = full(rec, &values, 1);
        let mut second = send(rec, "second", &sender, values.make(2));
        must_wait(rec, &mut second, &b);
        take(rec, &mut receiver, 1);
        rec.must_wake("B", ROOM);
        let mut recv = Task::named(rec, "recv", receiver.recv());
        pending(rec, recv.poll(&a), "nothing is in the channel yet");
        rec.note("`second` takes its place");
        must_be_sent(rec, ready(rec, second.poll(&b), ROOM));
        rec.must_wake("A", SENT);
        must_be(rec, ready(rec, recv.poll(&a), SENT), 2);
    });
}

#[test]
fn a_send_that_was_dropped_has_sent_nothing() {
    grade!(MPSC, |rec| {
        let (values, a) = (Values::default(), rec.waker("A"));
        let (sender, mut receiver) = full(rec, &values, 1);
        drop(send(rec, "never polled", &sender, values.make(2)));
        let mut first = send(rec, "first", &sender, values.make(3));
        must_wait(rec, &mut first, &a);
        rec.note("`first` is dropped");
        drop(first);
        must_be_released(rec, &a, "`first` was dropped");
        take(rec, &mut receiver, 1);
        if let Poll::Ready(Some(value)) = received(rec, &mut receiver) {
            rec.fail_reading(
                SECTION,
                "sent-by-cancelled",
                format!("`first`, with the value 3, was dropped while it waited, and {value:?} was received"),
            );
        }
        must_be_left(rec, &values, 0, "the send was dropped");
        put(rec, &sender, values.make(4));
        must_be_full(rec, &sender, values.make(9));
    });
}

#[test]
fn a_send_that_was_dropped_is_in_nobodys_way() {
    grade!(MPSC, |rec| {
        let (values, a, b) = (Values::default(), rec.waker("A"), rec.waker("B"));
        let (sender, mut receiver) = full(rec, &values, 1);
        let mut first = send(rec, "first", &sender, values.make(2));
        let mut second = send(rec, "second", &sender, values.make(3));
        must_wait(rec, &mut first, &a);
        must_wait(rec, &mut second, &b);
        rec.note("`first` is dropped");
        drop(first);
        take(rec, &mut receiver, 1);
        if rec.wakes("B") == 0 {
            rec.fail_reading(
                SECTION,
                "lost-room",
                "the place that became free went to a send that had been dropped, and `second`, who waits with \
                 waker B, was not woken",
            );
        }
        must_be_sent(rec, ready(rec, second.poll(&b), ROOM));
        take(rec, &mut receiver, 3);
    });
}

#[test]
fn a_send_that_was_woken_and_dropped_gives_its_place_on() {
    grade!(MPSC, |rec| {
        dropped_sends::gives_its_place_on(rec);
    });
}

#[test]
fn the_room_does_not_shrink() {
    grade!(MPSC, |rec| {
        dropped_sends::leaves_all_room(rec);
    });
}

#[test]
fn a_dropped_recv_keeps_nothing() {
    grade!(MPSC, |rec| {
        let (values, a, b) = (Values::default(), rec.waker("A"), rec.waker("B"));
        let (sender, mut receiver) = full(rec, &values, 1);
        take(rec, &mut receiver, 1);
        let mut recv = Task::named(rec, "recv", receiver.recv());
        pending(rec, recv.poll(&a), EMPTY);
        pending(rec, recv.poll(&b), EMPTY);
        rec.note("`recv` is dropped");
        drop(recv);
        for waker in [&a, &b] {
            must_be_released(rec, waker, "`recv` was dropped, and its receiver lives on");
        }
        put(rec, &sender, values.make(2));
        take(rec, &mut receiver, 2);
        let mut cx = Context::from_waker(a.as_waker());
        pending(rec, receiver.poll_recv(&mut cx), EMPTY);
        rec.note("the receiver is dropped");
        drop(receiver);
        must_be_released(rec, &a, "the receiver was dropped, and its sender lives on");
    });
}

#[test]
fn misses_nothing_that_comes_while_the_waker_is_cloned() {
    grade_race!(MPSC, |rec| {
        for act in [Act::Sends, Act::LastSenderGoes] {
            mpsc_races::recv_meets(rec, act, Moment::Clone);
        }
        for act in [Act::Receives, Act::Closes, Act::ReceiverGoes] {
            mpsc_races::send_meets(rec, act, Moment::Clone);
        }
    });
}

#[test]
fn misses_nothing_that_comes_between_two_steps_of_a_poll() {
    grade_race!(MPSC, |rec| {
        advise_locks_of_the_course(rec, SOURCE);
        for act in [Act::Sends, Act::LastSenderGoes] {
            steps::each(rec, act.says(), |skip| {
                mpsc_races::recv_meets(rec, act, Moment::Step(skip))
            });
        }
        for act in [Act::Receives, Act::Closes, Act::ReceiverGoes] {
            steps::each(rec, act.says(), |skip| {
                mpsc_races::send_meets(rec, act, Moment::Step(skip))
            });
        }
    });
}

#[test]
fn who_is_woken_finds_what_happened() {
    grade_race!(MPSC, |rec| {
        for act in [Act::Sends, Act::LastSenderGoes] {
            mpsc_races::woken_receiver_polls_at_once(rec, act);
        }
        for act in [Act::Receives, Act::Closes, Act::ReceiverGoes] {
            mpsc_races::woken_sender_polls_at_once(rec, act);
        }
    });
}

#[test]
fn a_poll_in_the_middle_of_a_send_is_not_forgotten() {
    grade_race!(MPSC, |rec| {
        for act in [Act::Sends, Act::LastSenderGoes] {
            steps::each(rec, act.says(), |skip| {
                mpsc_races::recv_in_the_middle_of(rec, act, skip)
            });
        }
    });
}

#[test]
fn a_place_is_not_lost_between_two_steps() {
    grade_race!(MPSC, |rec| {
        steps::each(rec, "a value is received", |skip| {
            dropped_sends::receives_in_the_drop(rec, skip)
        });
        steps::each(rec, "another sender comes", |skip| {
            dropped_sends::newcomer_in_a_recv(rec, skip)
        });
    });
}

#[test]
fn nothing_is_dropped_where_a_lock_is_held() {
    grade_race!(MPSC, |rec| {
        let values = Values::default();
        // The last waker of a task may take the task with it: here, one that sends.
        let (race, (sender, mut receiver)) = (Race::certain(), full(rec, &values, 1));
        take(rec, &mut receiver, 1);
        let (value, sends) = (values.make(2), sender.clone());
        let rival = race.once(move || drop(sends.try_send(value)));
        let first = rec.hostile_waker("A").on_drop(rival).build();
        let mut recv = Task::named(rec, "recv", receiver.recv());
        pending(rec, recv.poll(&first), EMPTY);
        drop(recv);
        race.finish();
        advise_if_it_had_to_wait(rec, &race, "the waker of a `recv` that was dropped");
        drop((receiver, sender));

        // And a value may hold a sender of the very channel that it lies in.
        let race = Race::certain();
        let (sender, receiver) = mpsc::channel(1);
        let (inside, dropped) = (sender.clone(), race.clone());
        let value = values.hostile(3, move || dropped.run(move || drop(inside)));
        put(rec, &sender, value);
        drop(receiver);
        race.finish();
        advise_if_it_had_to_wait(
            rec,
            &race,
            "a value that was in the channel of a dropped receiver",
        );
    });
}

fn advise_if_it_had_to_wait(rec: &Recorder, race: &Race, what: &str) {
    if race.was_blocked() {
        rec.advise(
            "drops-under-lock",
            format!("{what} was dropped while a lock was held: a call of the channel, from within that drop on \
                     another thread, had to wait"),
        );
    }
}

/// How many senders there are below, and how much each of them sends.
const SENDERS: u32 = 3;
const EACH: u32 = 100;

#[test]
fn values_go_from_many_tasks_to_one() {
    grade!(MPSC, |rec| {
        let values = Values::default();
        let (executor, spawner) = Executor::new(Waker::noop().clone());
        let (sender, mut receiver) = mpsc::channel(2);
        for who in 0..SENDERS {
            let (sender, values) = (sender.clone(), values.clone());
            spawner.spawn(async move {
                for number in 0..EACH {
                    let sent = sender.send(values.make(who * EACH + number)).await;
                    sent.expect("the receiver is there");
                }
            });
        }
        drop(sender);
        let all = spawner.spawn(async move {
            let mut all = Vec::new();
            while let Some(value) = receiver.recv().await {
                all.push(value.number());
            }
            all
        });
        drop(spawner);
        run_all(rec, SECTION, executor, "three tasks send, and one receives");
        let all = block_on(all).unwrap_or_default();
        for who in 0..SENDERS {
            let own = all.iter().filter(|number| *number / EACH == who);
            if !own.copied().eq(who * EACH..(who + 1) * EACH) {
                rec.fail_reading(
                    SECTION,
                    "lost-value",
                    format!("each of {SENDERS} tasks has sent {EACH} values, and task {who}'s did not all come in order"),
                );
            }
        }
        must_be_left(rec, &values, 0, "everybody is gone");
    });
}
