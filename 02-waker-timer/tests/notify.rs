//! The grader of `notify`: one permit, first come first served, and nothing lost when a waiter is dropped.

mod support;

// The graded file once more, as a module of this program: here something can happen between two locks
// of its `crate::sync`. Its other names from the crate are the layer's.
#[allow(dead_code, reason = "not every design uses it")]
#[path = "../src/lock.rs"]
mod lock;
#[cfg_attr(feature = "my-notify", path = "../exercises/notify.rs")]
#[cfg_attr(not(feature = "my-notify"), path = "../src/notify.rs")]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "a library's module, in a program"
)]
mod notify;
#[path = "support/paths_from_std.rs"]
mod paths_from_std;
#[path = "support/stepped_sync.rs"]
mod sync;

use std::{
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    task::{Context, Poll, Waker},
    thread,
};

use course::{Exercise, Race, Recorder, Task, grade, grade_race};
use paths_from_std::advise_locks_of_the_course;
use support::{lock, pending, ready, steps};
#[allow(unused_imports, reason = "for the graded file")]
use waker_timer::*;
use waker_timer::{Notified, Notify};

const NOTIFY: Exercise =
    course::exercise!("notify", stage = "02-waker-timer", feature = "my-notify");

/// Where the file that is graded is read as text.
#[cfg(feature = "my-notify")]
const SOURCE: &str = include_str!("../exercises/notify.rs");
#[cfg(not(feature = "my-notify"))]
const SOURCE: &str = include_str!("../src/notify.rs");

/// A notification that all may share, without end: threads and hooks ask for that.
fn shared() -> &'static Notify {
    Box::leak(Box::new(Notify::new()))
}

fn waiter<'a>(rec: &Recorder, name: &'static str, notify: &'a Notify) -> Task<Notified<'a>> {
    Task::named(rec, name, notify.notified())
}

fn notify_one(rec: &Recorder, notify: &Notify) {
    rec.note("notify_one");
    notify.notify_one();
}

/// The rule that a permit that was stored lets this poll through.
///
/// Fails with `lost-permit`.
fn must_have_a_permit(rec: &Recorder, poll: Poll<()>, why: &str) {
    if poll.is_pending() {
        rec.fail(
            "lost-permit",
            format!("a new waiter has to wait, although {why}"),
        );
    }
}

#[test]
fn waits_until_it_is_notified() {
    grade!(NOTIFY, |rec| {
        let notify = Notify::new();
        let mut first = waiter(rec, "first", &notify);
        let a = rec.waker("A");
        pending(rec, first.poll(&a), "nobody has notified");
        pending(rec, first.poll(&a), "a poll is no notification");
        rec.must_be_quiet();
        notify_one(rec, &notify);
        rec.must_wake("A", "`notify_one` was called");
        ready(rec, first.poll(&a), "it was notified");
    });
}

#[test]
fn wakes_the_latest_waker() {
    grade!(NOTIFY, |rec| {
        let notify = Notify::new();
        let mut first = waiter(rec, "first", &notify);
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        pending(rec, first.poll(&a), "nobody has notified");
        pending(rec, first.poll(&b), "nobody has notified");
        notify_one(rec, &notify);
        rec.must_wake("B", "`notify_one` was called");
        ready(rec, first.poll(&b), "it was notified");
    });
}

#[test]
fn stores_a_permit_when_nobody_waits() {
    grade!(NOTIFY, |rec| {
        let notify = Notify::new();
        notify_one(rec, &notify);
        let mut first = waiter(rec, "first", &notify);
        let outcome = first.poll(&rec.waker("A"));
        must_have_a_permit(rec, outcome, "`notify_one` was called when nobody waited");
    });
}

#[test]
fn stores_one_permit_and_no_more() {
    grade!(NOTIFY, |rec| {
        let notify = Notify::new();
        notify_one(rec, &notify);
        notify_one(rec, &notify);
        let (mut first, mut second) = (
            waiter(rec, "first", &notify),
            waiter(rec, "second", &notify),
        );
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        must_have_a_permit(
            rec,
            first.poll(&a),
            "`notify_one` was called twice when nobody waited",
        );
        if second.poll(&b).is_ready() {
            rec.fail(
                "piled-permits",
                "two notifications that nobody waited for let two waiters through",
            );
        }
        notify_one(rec, &notify);
        rec.must_wake("B", "`notify_one` was called");
        ready(rec, second.poll(&b), "it was notified");
    });
}

#[test]
fn keeps_a_waker_for_each_waiter() {
    grade!(NOTIFY, |rec| {
        let notify = Notify::new();
        let (mut first, mut second) = (
            waiter(rec, "first", &notify),
            waiter(rec, "second", &notify),
        );
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        pending(rec, first.poll(&a), "nobody has notified");
        pending(rec, second.poll(&b), "nobody has notified");
        notify_one(rec, &notify);
        notify_one(rec, &notify);
        for (waker, name) in [("A", "first"), ("B", "second")] {
            if rec.wakes(waker) == 0 {
                rec.fail_reading(
                    "one-permit",
                    "overwritten-wake",
                    format!("two waiters, two notifications, and `{name}` with waker {waker} was not woken"),
                );
            }
        }
        ready(
            rec,
            first.poll(&a),
            "there were two notifications for two waiters",
        );
        ready(
            rec,
            second.poll(&b),
            "there were two notifications for two waiters",
        );
    });
}

/// The rule of the queue: `first` with waker A, and only it, is served by the notification that was just
/// given; `second` with waker B waits on.
///
/// Fails with `unfair-order` and `wakes-too-many`.
fn must_serve_the_first(rec: &Recorder) {
    match (rec.wakes_since_note("A"), rec.wakes_since_note("B")) {
        (1.., 0) => {}
        (0, 1..) => rec.fail(
            "unfair-order",
            "`first` has waited longer, and `second` was woken by the first notification",
        ),
        (1.., 1..) => rec.fail(
            "wakes-too-many",
            "there was one notification, and both waiters were woken",
        ),
        (0, 0) => rec.must_wake("A", "`notify_one` was called"),
    }
}

#[test]
fn serves_waiters_in_the_order_in_which_they_came() {
    grade!(NOTIFY, lesson, |rec| {
        let notify = Notify::new();
        let (mut first, mut second) = (
            waiter(rec, "first", &notify),
            waiter(rec, "second", &notify),
        );
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        pending(rec, first.poll(&a), "nobody has notified");
        pending(rec, second.poll(&b), "nobody has notified");
        notify_one(rec, &notify);
        must_serve_the_first(rec);
        ready(rec, first.poll(&a), "it was notified");
        notify_one(rec, &notify);
        rec.must_wake("B", "`notify_one` was called");
        ready(rec, second.poll(&b), "it was notified");
    });
}

#[test]
fn a_waiter_keeps_its_place_when_it_is_polled_again() {
    grade!(NOTIFY, |rec| {
        let notify = Notify::new();
        let (mut first, mut second) = (
            waiter(rec, "first", &notify),
            waiter(rec, "second", &notify),
        );
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        pending(rec, first.poll(&a), "nobody has notified");
        pending(rec, second.poll(&b), "nobody has notified");
        pending(rec, first.poll(&a), "a poll is no notification");
        notify_one(rec, &notify);
        must_serve_the_first(rec);
        ready(rec, first.poll(&a), "it was notified");
        // One place each, however often they are polled.
        notify_one(rec, &notify);
        rec.must_wake("B", "`notify_one` was called");
        ready(rec, second.poll(&b), "it was notified");
        notify_one(rec, &notify);
        let outcome = waiter(rec, "third", &notify).poll(&rec.waker("C"));
        must_have_a_permit(rec, outcome, "`notify_one` was called when nobody waited");
    });
}

#[test]
fn nobody_overtakes_a_waiter_that_was_notified() {
    grade!(NOTIFY, |rec| {
        let notify = Notify::new();
        let (mut first, mut late) = (waiter(rec, "first", &notify), waiter(rec, "late", &notify));
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        pending(rec, first.poll(&a), "nobody has notified");
        notify_one(rec, &notify);
        rec.must_wake("A", "`notify_one` was called");
        if late.poll(&b).is_ready() {
            rec.fail(
                "unfair-order",
                "`first` was notified, and before it was polled a later waiter took the notification",
            );
        }
        ready(rec, first.poll(&a), "it was notified");
        pending(rec, late.poll(&b), "the one notification was for `first`");
    });
}

#[test]
fn a_notification_for_nobody_else_is_stored() {
    grade!(NOTIFY, |rec| {
        let notify = Notify::new();
        let (mut first, mut second) = (
            waiter(rec, "first", &notify),
            waiter(rec, "second", &notify),
        );
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        pending(rec, first.poll(&a), "nobody has notified");
        notify_one(rec, &notify);
        // `first` has what it waited for, so nobody waits now, although it has not run yet.
        notify_one(rec, &notify);
        let why = "the first notification was for another waiter, and the second for nobody";
        must_have_a_permit(rec, second.poll(&b), why);
        ready(rec, first.poll(&a), "it was notified");
    });
}

#[test]
fn takes_its_place_at_the_first_poll() {
    grade!(NOTIFY, |rec| {
        let notify = Notify::new();
        let (idle, mut second) = (waiter(rec, "idle", &notify), waiter(rec, "second", &notify));
        let b = rec.waker("B");
        pending(rec, second.poll(&b), "nobody has notified");
        notify_one(rec, &notify);
        if rec.wakes("B") == 0 {
            rec.fail(
                "eager",
                "the notification did not go to the only waiter that was ever polled: one that was \
                 made before it, and not polled, stands in front of it",
            );
        }
        ready(rec, second.poll(&b), "it was notified");
        drop(idle);
        let outcome = waiter(rec, "third", &notify).poll(&rec.waker("C"));
        pending(rec, outcome, "the one notification is used up");
    });
}

#[test]
fn a_dropped_waiter_leaves_the_queue() {
    grade!(NOTIFY, |rec| {
        let notify = Notify::new();
        let mut first = waiter(rec, "first", &notify);
        let mut second = waiter(rec, "second", &notify);
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        pending(rec, first.poll(&a), "nobody has notified");
        pending(rec, second.poll(&b), "nobody has notified");
        rec.note("`first` is dropped");
        drop(first);
        if rec.wakes("B") > 0 {
            rec.fail(
                "busy-wake",
                "`second` was woken because another waiter was dropped, unnotified",
            );
        }
        let kept = a.clones_alive();
        notify_one(rec, &notify);
        if rec.wakes("B") == 0 {
            rec.fail(
                "swallowed-notification",
                "the notification went to a waiter that had been dropped, and `second` waits on",
            );
        }
        if kept > 0 {
            rec.fail(
                "keeps-task-alive",
                "`first` was dropped, and a clone of its waker was still there",
            );
        }
        ready(rec, second.poll(&b), "it was notified");
    });
}

#[test]
fn a_dropped_winner_passes_its_notification_on() {
    grade!(NOTIFY, |rec| {
        let notify = Notify::new();
        let mut first = waiter(rec, "first", &notify);
        let mut second = waiter(rec, "second", &notify);
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        pending(rec, first.poll(&a), "nobody has notified");
        pending(rec, second.poll(&b), "nobody has notified");
        notify_one(rec, &notify);
        must_serve_the_first(rec);
        rec.note("`first` is dropped");
        drop(first);
        if rec.wakes("B") == 0 {
            rec.fail(
                "swallowed-notification",
                "`first` was notified, and dropped before it was polled; `second` was not woken",
            );
        }
        ready(rec, second.poll(&b), "the notification was passed on to it");
    });
}

#[test]
fn a_dropped_winner_with_nobody_behind_it_stores_the_permit() {
    grade!(NOTIFY, |rec| {
        let notify = Notify::new();
        let mut first = waiter(rec, "first", &notify);
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        pending(rec, first.poll(&a), "nobody has notified");
        notify_one(rec, &notify);
        rec.note("`first` is dropped");
        drop(first);
        if waiter(rec, "second", &notify).poll(&b).is_pending() {
            rec.fail(
                "swallowed-notification",
                "`first` was notified, and dropped before it was polled; the next to come has to wait",
            );
        }
        let outcome = waiter(rec, "third", &notify).poll(&rec.waker("C"));
        pending(rec, outcome, "the one notification is used up");
    });
}

#[test]
fn a_notification_that_was_used_up_is_not_passed_on() {
    grade!(NOTIFY, |rec| {
        let notify = Notify::new();
        let mut first = waiter(rec, "first", &notify);
        let mut second = waiter(rec, "second", &notify);
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        pending(rec, first.poll(&a), "nobody has notified");
        pending(rec, second.poll(&b), "nobody has notified");
        notify_one(rec, &notify);
        ready(rec, first.poll(&a), "it was notified");
        rec.note("`first` is dropped");
        drop(first);
        if rec.wakes("B") > 0 || second.poll(&b).is_ready() {
            rec.fail(
                "doubled-notification",
                "`first` was ready, and when it was dropped after that, `second` was let through too",
            );
        }
        let mut lucky = waiter(rec, "lucky", &notify);
        rec.note("`second` is dropped");
        drop(second);
        notify_one(rec, &notify);
        ready(rec, lucky.poll(&b), "a permit was stored");
        rec.note("`lucky` is dropped");
        drop(lucky);
        if waiter(rec, "last", &notify).poll(&b).is_ready() {
            rec.fail(
                "doubled-notification",
                "`lucky` took the stored permit, and when it was dropped after that, it gave one back",
            );
        }
    });
}

#[test]
fn a_notification_in_the_middle_of_a_poll_is_not_missed() {
    grade_race!(NOTIFY, |rec| {
        let notify = shared();
        let race = Race::new();
        let rival = {
            let rec = rec.clone();
            race.once(move || {
                rec.note("notify_one, while the waker is cloned");
                notify.notify_one();
            })
        };
        let a = rec.hostile_waker("A").on_clone(rival).build();
        let mut first = waiter(rec, "first", notify);
        let polled = first.poll(&a);
        race.finish();
        if polled.is_pending() && race.was_forced() && rec.wakes("A") == 0 {
            rec.fail(
                "check-then-register",
                "the notification came in the middle of the poll; the poll answered Pending, and \
                 nobody woke A",
            );
        }
        if !race.was_forced() {
            notify.notify_one();
        }
        if polled.is_pending() {
            ready(rec, first.poll(&a), "it was notified");
        }
        let outcome = waiter(rec, "second", notify).poll(&rec.waker("B"));
        pending(rec, outcome, "the one notification is used up");
    });
}

/// Notifies a waiter in the middle of its poll with waker B, at a moment when that poll holds no lock, and
/// `skip` other such moments have passed by. Before, it is polled by the wakers `before`. Tells whether
/// the poll came by there.
fn is_notified_between_locks(rec: &Recorder, before: &[&'static str], skip: usize) -> bool {
    let notify: &'static notify::Notify = Box::leak(Box::new(notify::Notify::new()));
    let mut first = Task::named(rec, "first", notify.notified());
    for name in before {
        pending(rec, first.poll(&rec.waker(name)), "nobody has notified");
    }
    let (race, b, wakes) = (Race::new(), rec.waker("B"), rec.wakes("B"));
    let recorder = rec.clone();
    let rival = race.once(move || {
        recorder.note("notify_one, at a moment when the poll holds no lock");
        notify.notify_one();
    });
    steps::ambush(skip, rival);
    let polled = first.poll(&b);
    race.finish();
    steps::call_off();
    if !race.was_forced() {
        return false;
    }
    if polled.is_pending() {
        if rec.wakes("B") == wakes {
            rec.fail(
                "check-then-register",
                "the notification came in the middle of the poll with waker B; the poll answered \
                 Pending, and nobody woke B",
            );
        }
        ready(rec, first.poll(&b), "it was notified");
    }
    let outcome = Task::named(rec, "second", notify.notified()).poll(&rec.waker("C"));
    pending(rec, outcome, "the one notification is used up");
    true
}

#[test]
fn a_notification_between_two_locks_is_not_missed() {
    grade_race!(NOTIFY, |rec| {
        advise_locks_of_the_course(rec, SOURCE);
        for before in [&[][..], &["A"]] {
            for skip in 0.. {
                if !is_notified_between_locks(rec, before, skip) {
                    break;
                }
            }
        }
    });
}

#[test]
fn who_is_woken_may_poll_at_once() {
    grade_race!(NOTIFY, |rec| {
        let notify = shared();
        let race = Race::new();
        let first = Arc::new(Mutex::new(Box::pin(notify.notified())));
        let answer = Arc::new(Mutex::new(None));
        let rival = {
            let (rec, first, answer) = (rec.clone(), Arc::clone(&first), Arc::clone(&answer));
            race.once(move || {
                let polled = poll_shared(&rec, &first, "B", Waker::noop());
                *lock(&answer) = Some(polled);
            })
        };
        let blocked = Arc::new(AtomicBool::new(false));
        let a = {
            let (blocked, answer) = (Arc::clone(&blocked), Arc::clone(&answer));
            let hook = move || {
                rival();
                blocked.fetch_or(lock(&answer).is_none(), SeqCst);
            };
            rec.hostile_waker("A").on_wake(hook).build()
        };
        let polled = poll_shared(rec, &first, "A", a.as_waker());
        pending(rec, polled, "nobody has notified");
        notify_one(rec, notify);
        race.finish();
        match *lock(&answer) {
            None => rec.must_wake("A", "`notify_one` was called"),
            Some(Poll::Ready(())) => {}
            Some(Poll::Pending) => rec.fail(
                "wake-before-flag",
                "the task was woken, polled at once on another thread, and found no notification",
            ),
        }
        if blocked.load(SeqCst) {
            rec.advise(
                "wakes-under-lock",
                "while `notify_one` was waking, the task that was woken could not be polled",
            );
        }
    });
}

/// Polls a future that several threads poll.
fn poll_shared(
    rec: &Recorder,
    future: &Mutex<Pin<Box<Notified<'_>>>>,
    name: &str,
    waker: &Waker,
) -> Poll<()> {
    let describe = |poll: &Poll<()>| poll.is_ready().then(|| String::from("()"));
    let poll = || {
        let mut future = lock(future);
        future.as_mut().poll(&mut Context::from_waker(waker))
    };
    rec.poll_named("first", name, poll, describe)
}

#[test]
fn two_threads_take_turns() {
    grade!(NOTIFY, |rec| {
        const ROUNDS: usize = 1000;
        let (ping, pong) = (shared(), shared());
        let other = thread::spawn(move || {
            for _ in 0..ROUNDS {
                futures::executor::block_on(ping.notified());
                pong.notify_one();
            }
        });
        for _ in 0..ROUNDS {
            ping.notify_one();
            futures::executor::block_on(pong.notified());
        }
        if other.join().is_err() {
            rec.fail(
                "panicked",
                "the other thread panicked while it waited or notified",
            );
        }
    });
}
