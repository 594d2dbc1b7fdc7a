//! The grader of `oneshot`: one value, and two sides that may both go away early.

#[path = "support/channel_rules.rs"]
mod channel_rules;
// The graded file once more, as a module of this program: here something can happen between two locks
// of its `crate::sync`.
#[allow(dead_code, reason = "not every design uses it")]
#[path = "../src/lock.rs"]
mod lock;
#[cfg_attr(feature = "my-oneshot", path = "../exercises/oneshot.rs")]
#[cfg_attr(not(feature = "my-oneshot"), path = "../src/oneshot.rs")]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "a library's module, in a program"
)]
mod oneshot;
#[path = "support/oneshot_races.rs"]
mod oneshot_races;
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

use std::{
    sync::{Arc, Mutex},
    task::{Poll, Waker},
};

#[allow(unused_imports, reason = "for the graded file")]
use async_await::*;
use channel_rules::{
    advise_if_blocked, must_be_left, must_be_released, must_hear, wakes_too_early,
};
use course::{Exercise, HostileWaker, Race, RecordedWaker, Recorder, Task, grade, grade_race};
use executor::{Executor, block_on, yield_now};
use oneshot::{Closed, Receiver, Sender};
use oneshot_races::received_in_the_middle;
use paths_from_std::advise_locks_of_the_course;
use rules::{lock, pending, ready};
use spinning::must_not_spin;
use until_idle::run_all;
use values::{Value, Values};

const ONESHOT: Exercise =
    course::exercise!("oneshot", stage = "05-async-await", feature = "my-oneshot");

/// Where the file that is graded is read as text.
#[cfg(feature = "my-oneshot")]
const SOURCE: &str = include_str!("../exercises/oneshot.rs");
#[cfg(not(feature = "my-oneshot"))]
const SOURCE: &str = include_str!("../src/oneshot.rs");

/// The chapter's section.
const SECTION: &str = "one-value-once";

/// Complete "… although".
const NOTHING: &str = "nothing was sent, and the sender is there";
const SENT: &str = "the value was sent";
const SENDER_GONE: &str = "the sender went without sending";
const RECEIVES: &str = "the receiver is there";
const RECEIVER_GONE: &str = "the receiver is gone";

/// The number of the value that is sent.
const NUMBER: u32 = 7;

/// What a receiver gives.
type Received = Result<Value, Closed>;

/// Both sides, the receiver to be polled by hand.
fn channel(rec: &Recorder) -> (Sender<Value>, Task<Receiver<Value>>) {
    must_not_spin(rec);
    let (sender, receiver) = oneshot::channel();
    (sender, Task::named(rec, "receiver", receiver))
}

fn send(rec: &Recorder, sender: Sender<Value>, values: &Values) {
    rec.note(format!("send({NUMBER})"));
    must_be_taken(rec, sender.send(values.make(NUMBER)));
}

fn drop_sender(rec: &Recorder, sender: Sender<Value>) {
    rec.note("the sender is dropped");
    drop(sender);
}

fn drop_receiver(rec: &Recorder, receiver: Task<Receiver<Value>>) {
    rec.note("the receiver is dropped");
    drop(receiver);
}

fn must_be_taken(rec: &Recorder, sent: Result<(), Value>) {
    if let Err(value) = sent {
        rec.fail_reading(
            SECTION,
            "lost-value",
            format!("`send` gave {value:?} back, although {RECEIVES}"),
        );
    }
}

fn must_be_the_value(rec: &Recorder, received: Received) {
    match received {
        Ok(value) if value.number() == NUMBER => {}
        Ok(value) => rec.fail(
            "wrong-value",
            format!("{NUMBER} was sent, and {value:?} came"),
        ),
        Err(Closed) => rec.fail_reading(
            SECTION,
            "lost-value",
            format!("`send` has taken {NUMBER}, and the receiver says `Closed`"),
        ),
    }
}

fn must_be_closed(rec: &Recorder, received: Received) {
    if let Ok(value) = received {
        rec.fail(
            "wrong-value",
            format!("nothing was sent, and {value:?} came"),
        );
    }
}

#[test]
fn gives_the_value_that_was_sent() {
    grade!(ONESHOT, |rec| {
        let (values, (sender, mut receiver)) = (Values::default(), channel(rec));
        send(rec, sender, &values);
        let received = receiver.poll(&rec.waker("A"));
        must_be_the_value(rec, ready(rec, received, SENT));
    });
}

#[test]
fn waits_for_the_value() {
    grade!(ONESHOT, lesson, |rec| {
        let (values, (sender, mut receiver)) = (Values::default(), channel(rec));
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        for waker in [&a, &b] {
            pending(rec, receiver.poll(waker), NOTHING);
            rec.must_be_quiet();
        }
        send(rec, sender, &values);
        rec.must_wake("B", SENT);
        must_be_the_value(rec, ready(rec, receiver.poll(&b), SENT));
    });
}

#[test]
fn wakes_the_latest_waker_also_if_it_comes_back() {
    grade!(ONESHOT, |rec| {
        let (values, (sender, mut receiver)) = (Values::default(), channel(rec));
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        for waker in [&a, &b, &b, &a] {
            pending(rec, receiver.poll(waker), NOTHING);
            rec.must_be_quiet();
        }
        send(rec, sender, &values);
        rec.must_wake("A", SENT);
        must_be_the_value(rec, ready(rec, receiver.poll(&a), SENT));
    });
}

#[test]
fn a_sender_that_goes_is_an_answer() {
    grade!(ONESHOT, |rec| {
        let (sender, mut receiver) = channel(rec);
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        pending(rec, receiver.poll(&a), NOTHING);
        pending(rec, receiver.poll(&b), NOTHING);
        drop_sender(rec, sender);
        must_hear(rec, "B", "the receiver", "the sender is gone");
        must_be_closed(rec, ready(rec, receiver.poll(&b), SENDER_GONE));

        let (sender, mut receiver) = channel(rec);
        drop_sender(rec, sender);
        must_be_closed(rec, ready(rec, receiver.poll(&a), SENDER_GONE));
    });
}

#[test]
fn a_value_that_nobody_waits_for_comes_back() {
    grade!(ONESHOT, |rec| {
        for polled in [false, true] {
            let (values, (sender, mut receiver)) = (Values::default(), channel(rec));
            if polled {
                pending(rec, receiver.poll(&rec.waker("A")), NOTHING);
            }
            drop_receiver(rec, receiver);
            match sender.send(values.make(NUMBER)) {
                Err(value) if value.number() == NUMBER => {}
                other => rec.fail_reading(
                    SECTION,
                    "lost-value",
                    format!("{RECEIVER_GONE}, and `send` answers {other:?}: its caller takes {NUMBER} for sent"),
                ),
            }
        }
    });
}

#[test]
fn the_sender_hears_that_the_receiver_is_gone() {
    grade!(ONESHOT, |rec| {
        let (mut sender, receiver) = channel(rec);
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        let mut closed = Task::named(rec, "closed", sender.closed());
        for waker in [&a, &b] {
            pending(rec, closed.poll(waker), RECEIVES);
            rec.must_be_quiet();
        }
        drop_receiver(rec, receiver);
        must_hear(rec, "B", "the sender", RECEIVER_GONE);
        ready(rec, closed.poll(&b), RECEIVER_GONE);

        let (mut sender, receiver) = channel(rec);
        drop_receiver(rec, receiver);
        let mut closed = Task::named(rec, "closed", sender.closed());
        ready(rec, closed.poll(&a), RECEIVER_GONE);
    });
}

#[test]
fn each_side_has_a_waker_of_its_own() {
    grade!(ONESHOT, |rec| {
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        let (mut sender, mut receiver) = channel(rec);
        pending(rec, receiver.poll(&a), NOTHING);
        let mut closed = Task::named(rec, "closed", sender.closed());
        pending(rec, closed.poll(&b), RECEIVES);
        drop(closed);
        drop_sender(rec, sender);
        must_have_its_own(rec, "A", "the receiver", "the sender's `closed`");
        must_be_closed(rec, ready(rec, receiver.poll(&a), SENDER_GONE));

        let (mut sender, mut receiver) = channel(rec);
        let mut closed = Task::named(rec, "closed", sender.closed());
        pending(rec, closed.poll(&b), RECEIVES);
        pending(rec, receiver.poll(&a), NOTHING);
        drop_receiver(rec, receiver);
        must_have_its_own(rec, "B", "the sender's `closed`", "the receiver");
        ready(rec, closed.poll(&b), RECEIVER_GONE);
    });
}

/// Fails with `overwritten-wake`.
fn must_have_its_own(rec: &Recorder, waker: &str, who: &str, other: &str) {
    if rec.wakes_since_note(waker) == 0 {
        rec.fail_reading(
            SECTION,
            "overwritten-wake",
            format!("{who} waits with waker {waker}, {other} was polled after it, and the end of the other side does \
                     not wake {waker}"),
        );
    }
}

#[test]
fn who_gave_up_waiting_for_the_end_can_still_send() {
    grade!(ONESHOT, |rec| {
        let (values, (mut sender, mut receiver)) = (Values::default(), channel(rec));
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        pending(rec, receiver.poll(&a), NOTHING);
        let mut closed = Task::named(rec, "closed", sender.closed());
        pending(rec, closed.poll(&b), RECEIVES);
        rec.note("`closed` is dropped");
        drop(closed);
        must_be_released(rec, &b, "`closed` was dropped, and its sender lives on");
        pending(rec, receiver.poll(&a), NOTHING);
        send(rec, sender, &values);
        rec.must_wake("A", SENT);
        must_be_the_value(rec, ready(rec, receiver.poll(&a), SENT));
    });
}

#[test]
fn a_dropped_receiver_keeps_nothing() {
    grade!(ONESHOT, |rec| {
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        let (values, (sender, mut receiver)) = (Values::default(), channel(rec));
        pending(rec, receiver.poll(&a), NOTHING);
        pending(rec, receiver.poll(&b), NOTHING);
        drop_receiver(rec, receiver);
        for waker in [&a, &b] {
            must_be_released(
                rec,
                waker,
                "the receiver was dropped, and its sender lives on",
            );
        }
        drop(sender);
        // What came too late for it is dropped with the channel.
        let (sender, mut receiver) = channel(rec);
        pending(rec, receiver.poll(&a), NOTHING);
        send(rec, sender, &values);
        drop_receiver(rec, receiver);
        must_be_released(rec, &a, "both sides are gone");
        must_be_left(rec, &values, 0, "both sides are gone");
    });
}

/// What one side does while the other one is polled.
#[derive(Clone, Copy)]
enum End {
    Sends,
    Goes,
}

impl End {
    fn says(self) -> &'static str {
        match self {
            Self::Sends => "the sender sends",
            Self::Goes => "the sender goes",
        }
    }
}

#[test]
fn misses_nothing_that_comes_while_the_waker_is_cloned() {
    grade_race!(ONESHOT, |rec| {
        for end in [End::Sends, End::Goes] {
            for before in [false, true] {
                let force = |rival: Box<dyn Fn() + Send + Sync>, waker: HostileWaker| {
                    waker.on_clone(rival).build()
                };
                received_in_the_middle(rec, force, before, move |sender| ends(sender, end));
            }
        }
        closes_in_the_middle(rec, |rival, waker| waker.on_clone(rival).build());
    });
}

#[test]
fn misses_nothing_that_comes_between_two_steps_of_a_poll() {
    grade_race!(ONESHOT, |rec| {
        advise_locks_of_the_course(rec, SOURCE);
        for end in [End::Sends, End::Goes] {
            for before in [false, true] {
                steps::each(rec, end.says(), |skip| {
                    let force = |rival: Box<dyn Fn() + Send + Sync>, waker: HostileWaker| {
                        steps::ambush(skip, rival);
                        waker.build()
                    };
                    received_in_the_middle(rec, force, before, move |sender| ends(sender, end))
                });
            }
        }
        steps::each(rec, "the receiver goes", |skip| {
            closes_in_the_middle(rec, |rival, waker| {
                steps::ambush(skip, rival);
                waker.build()
            })
        });
    });
}

/// Tells whether a value was sent.
fn ends(sender: Sender<Value>, end: End) -> bool {
    match end {
        End::Sends => sender.send(Values::default().make(NUMBER)).is_ok(),
        End::Goes => {
            drop(sender);
            false
        }
    }
}

/// The receiver goes in the middle of a poll of `closed`. Tells whether there was such a moment.
fn closes_in_the_middle(
    rec: &Recorder,
    force: impl FnOnce(Box<dyn Fn() + Send + Sync>, HostileWaker) -> RecordedWaker,
) -> bool {
    let (race, (mut sender, receiver)) = (Race::new(), channel(rec));
    let rival = {
        let rec = rec.clone();
        race.once(move || drop_receiver(&rec, receiver))
    };
    let waker = force(Box::new(rival), rec.hostile_waker("B"));
    let wakes = rec.wakes("B");
    let mut closed = Task::named(rec, "closed", sender.closed());
    let poll = closed.poll(&waker);
    steps::call_off();
    race.finish();
    if race.was_forced() && poll.is_pending() {
        if rec.wakes("B") == wakes {
            rec.fail_reading(
                SECTION,
                "check-then-register",
                "the receiver went in the middle of the poll of `closed` with waker B; the poll answered Pending, and \
                 nobody woke B",
            );
        }
        ready(rec, closed.poll(&waker), RECEIVER_GONE);
    }
    race.was_forced()
}

#[test]
fn who_is_woken_finds_what_happened() {
    grade_race!(ONESHOT, |rec| {
        for end in [End::Sends, End::Goes] {
            woken_receiver_polls_at_once(rec, end);
        }
        let (race, (sender, receiver)) = (Race::certain(), channel(rec));
        let sender: &'static mut Sender<Value> = Box::leak(Box::new(sender));
        let closed = Arc::new(Mutex::new(Task::named(rec, "closed", sender.closed())));
        let found = Arc::new(Mutex::new(None));
        let rival = {
            let (rec, closed, found) = (rec.clone(), Arc::clone(&closed), Arc::clone(&found));
            race.once(move || {
                let poll = lock(&closed).poll(&rec.waker("B"));
                *lock(&found) = Some(poll);
            })
        };
        let first = rec.hostile_waker("A").on_wake(rival).build();
        pending(rec, lock(&closed).poll(&first), RECEIVES);
        drop_receiver(rec, receiver);
        race.finish();
        match lock(&found).take() {
            None => must_hear(rec, "A", "the sender", RECEIVER_GONE),
            Some(Poll::Ready(())) => {}
            Some(Poll::Pending) => wakes_too_early(rec, RECEIVER_GONE),
        }
        advise_if_blocked(rec, &race);
    });
}

fn woken_receiver_polls_at_once(rec: &Recorder, end: End) {
    let (race, values, (sender, receiver)) = (Race::certain(), Values::default(), channel(rec));
    let (receiver, found) = (Arc::new(Mutex::new(receiver)), Arc::default());
    let rival = race.once(oneshot_races::polls(rec, &receiver, &found));
    let first = rec.hostile_waker("A").on_wake(rival).build();
    pending(rec, lock(&receiver).poll(&first), NOTHING);
    match end {
        End::Sends => send(rec, sender, &values),
        End::Goes => drop_sender(rec, sender),
    }
    race.finish();
    match (lock(&found).take(), end) {
        (None, End::Sends) => rec.must_wake("A", SENT),
        (None, End::Goes) => must_hear(rec, "A", "the receiver", "the sender is gone"),
        (Some(Poll::Ready(received)), End::Sends) => must_be_the_value(rec, received),
        (Some(Poll::Ready(received)), End::Goes) => must_be_closed(rec, received),
        (Some(Poll::Pending), End::Sends) => wakes_too_early(rec, SENT),
        (Some(Poll::Pending), End::Goes) => wakes_too_early(rec, SENDER_GONE),
    }
    advise_if_blocked(rec, &race);
}

#[test]
fn a_poll_in_the_middle_of_send_is_not_told_that_nothing_comes() {
    grade_race!(ONESHOT, |rec| {
        for before in [false, true] {
            steps::each(rec, "the receiver is polled", |skip| {
                oneshot_races::polled_in_a_send(rec, skip, before)
            });
        }
    });
}

#[test]
fn a_receiver_that_goes_in_the_middle_of_send_leaves_nothing_behind() {
    grade_race!(ONESHOT, |rec| {
        steps::each(rec, "the receiver goes", |skip| {
            let (race, values, (sender, receiver)) = (Race::new(), Values::default(), channel(rec));
            steps::ambush(skip, race.once(move || drop(receiver)));
            let sent = sender.send(values.make(NUMBER));
            steps::call_off();
            race.finish();
            // Taken, and dropped with the receiver; or given back.
            must_be_left(
                rec,
                &values,
                usize::from(sent.is_err()),
                "both sides are gone",
            );
            race.was_forced()
        });
    });
}

#[test]
fn wakers_are_dropped_where_no_lock_is_held() {
    grade_race!(ONESHOT, |rec| {
        for replaced in [true, false] {
            let (race, values) = (Race::certain(), Values::default());
            let (sender, mut receiver) = channel(rec);
            // The last waker of a task may take the task with it: here, what makes the value.
            let sends = race.once(move || drop(sender.send(values.make(NUMBER))));
            let first = rec.hostile_waker("A").on_drop(sends).build();
            pending(rec, receiver.poll(&first), NOTHING);
            if replaced {
                let _ = receiver.poll(&rec.waker("B"));
            }
            drop(receiver);
            race.finish();
            if race.was_blocked() {
                rec.advise(
                    "drops-under-lock",
                    "the waker of an earlier poll was dropped while a lock was held: `send`, called from within that \
                     drop on another thread, had to wait",
                );
            }
        }
    });
}

/// How many values go from task to task below.
const MANY: u32 = 100;

#[test]
fn values_go_from_one_task_to_another() {
    grade!(ONESHOT, |rec| {
        let values = Values::default();
        let (executor, spawner) = Executor::new(Waker::noop().clone());
        let (senders, receivers): (Vec<_>, Vec<_>) = (0..MANY).map(|_| oneshot::channel()).unzip();
        let all = spawner.spawn(async move {
            let mut all = Vec::new();
            for receiver in receivers {
                all.push(receiver.await.map_or(MANY, |value: Value| value.number()));
            }
            all
        });
        let makes = values.clone();
        spawner.spawn(async move {
            for (number, sender) in (0..).zip(senders) {
                let sent = sender.send(makes.make(number));
                sent.expect("the receiver is there");
                yield_now().await;
            }
        });
        drop(spawner);
        run_all(
            rec,
            SECTION,
            executor,
            "one task makes values, and another one waits for each",
        );
        let all = block_on(all).unwrap_or_default();
        if !all.into_iter().eq(0..MANY) {
            rec.fail_reading(
                SECTION,
                "lost-value",
                format!("a task has sent {MANY} values, and they did not all come"),
            );
        }
        must_be_left(rec, &values, 0, "both sides are gone");
    });
}
