//! The grader of `intrusive_notify`: the rules of a `Notify`, a list that anybody may leave at any time, and no
//! allocation.

// What this grader uses of what the stage's graders share.
#[allow(dead_code, unreachable_pub)]
mod support {
    pub mod statically;
    pub mod waiter;
}

#[path = "support/loom_sync.rs"]
mod sync;
// What the graded file takes from its crate, and the file once more: here its `crate::sync` is loom's.
#[cfg_attr(
    feature = "my-intrusive-notify",
    path = "../exercises/intrusive_notify.rs"
)]
#[cfg_attr(
    not(feature = "my-intrusive-notify"),
    path = "../src/intrusive_notify.rs"
)]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "a library's module, in a program"
)]
mod intrusive_notify;
#[path = "../src/lock.rs"]
mod lock;

use std::{
    collections::VecDeque,
    mem::MaybeUninit,
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    task::{Context, Poll, Wake, Waker},
    thread,
};

use course::{Exercise, Race, RecordedWaker, Recorder, grade, grade_race, memory};
use pinning::{Notified, Notify};
use support::{
    statically::{Otherwise as _, Statically},
    waiter::{Place, Waiter},
};

const INTRUSIVE_NOTIFY: Exercise = course::exercise!(
    "intrusive_notify",
    stage = "06-pinning",
    feature = "my-intrusive-notify"
);

/// Where the file that is graded is read as text.
#[cfg(feature = "my-intrusive-notify")]
const SOURCE: &str = include_str!("../exercises/intrusive_notify.rs");
#[cfg(not(feature = "my-intrusive-notify"))]
const SOURCE: &str = include_str!("../src/intrusive_notify.rs");

/// Complete "… although".
const NOBODY: &str = "nobody has notified it";
const NOTIFIED: &str = "it was notified";

/// A `Notify` for the whole run.
fn shared() -> &'static Notify {
    Box::leak(Box::new(Notify::new()))
}

fn notify_one(rec: &Recorder, notify: &Notify) {
    rec.note("notify_one");
    notify.notify_one();
}

fn waiters<const N: usize>(
    rec: &Recorder,
    notify: &'static Notify,
    names: [&'static str; N],
) -> [Waiter; N] {
    names.map(|name| {
        let mut waiter = Waiter::new(rec, name, notify);
        waiter.waits(NOBODY);
        waiter
    })
}

/// The rule that this one is woken, and nobody before it.
fn must_serve(rec: &Recorder, first: &str, all: &[&str]) {
    if rec.wakes_since_note(first) > 0 {
        return;
    }
    match all.iter().find(|name| rec.wakes_since_note(name) > 0) {
        Some(other) => rec.fail(
            "unfair-order",
            format!("{first} has waited longest, and {other} was woken"),
        ),
        None => rec.fail(
            "broken-list",
            format!("{first} waits, and a notification has woken nobody: the list has lost it"),
        ),
    }
}

#[test]
fn a_future_in_a_list_cannot_be_moved() {
    grade!(INTRUSIVE_NOTIFY, |rec| {
        if Statically::<Notified<'static>>::UNPIN {
            rec.fail_reading(
                "a-list-through-the-futures",
                "still-movable",
                "`Notified` is `Unpin`: safe code moves it while the list points to it",
            );
        }
        if Statically::<Notified<'static>>::CLONE {
            rec.fail(
                "copied-pointer",
                "`Notified` can be cloned: the clone's links lead into a list that knows nothing of it",
            );
        }
        if !Statically::<Notify>::SYNC || !Statically::<Notified<'static>>::SEND {
            rec.fail(
                "not-thread-safe",
                "a `Notify` is shared by threads, and a `Notified` goes with its task: `Notify` is to be `Sync`, and `Notified` `Send`",
            );
        }
        rec.note("it is not `Unpin`, and goes with its task");
    });
}

#[test]
fn wakes_who_waits() {
    grade!(INTRUSIVE_NOTIFY, |rec| {
        let notify = shared();
        let [mut ann] = waiters(rec, notify, ["Ann"]);
        rec.must_be_quiet();
        notify_one(rec, notify);
        rec.must_wake("Ann", NOTIFIED);
        ann.goes_on(NOTIFIED);
    });
}

#[test]
fn stores_one_permit_and_no_more() {
    grade!(INTRUSIVE_NOTIFY, |rec| {
        let notify = shared();
        notify_one(rec, notify);
        notify_one(rec, notify);
        Waiter::new(rec, "Ann", notify).goes_on("a permit was stored");
        let mut bob = Waiter::new(rec, "Bob", notify);
        if bob.is_ready() {
            rec.fail(
                "piled-permits",
                "two notifications with nobody waiting have let two through",
            );
        }
    });
}

#[test]
fn takes_its_place_at_the_first_poll() {
    grade!(INTRUSIVE_NOTIFY, |rec| {
        let notify = shared();
        let mut ann = Waiter::new(rec, "Ann", notify);
        // Said before it happens: whoever has linked it by now is led to where it was.
        rec.note("Ann's future was made and moved, and is not polled: it is in no list");
        notify_one(rec, notify);
        let mut bob = Waiter::new(rec, "Bob", notify);
        if !bob.is_ready() {
            rec.fail(
                "early-link",
                "Ann was made, and never polled, and a notification went to her: she is in the list already, and is about to be moved",
            );
        }
        ann.waits("Bob has taken the permit");
    });
}

#[test]
fn wakes_the_latest_waker() {
    grade!(INTRUSIVE_NOTIFY, |rec| {
        let notify = shared();
        let mut waiter = Waiter::new(rec, "Ann", notify);
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        for waker in [&a, &b, &a, &b] {
            if waiter.poll_as(waker).is_ready() {
                rec.fail("early-ready", "it goes on, although nobody has notified it");
            }
        }
        notify_one(rec, notify);
        rec.must_wake("B", NOTIFIED);
        if a.clones_alive() > 0 {
            rec.fail(
                "keeps-task-alive",
                "it was polled with waker B last, and still holds waker A",
            );
        }
        let mut waiter = Waiter::new(rec, "Bob", notify);
        let _ = waiter.poll_as(&a);
        waiter.leave();
        if a.clones_alive() > 0 {
            rec.fail(
                "keeps-task-alive",
                "it was dropped while it waited, and what it held of waker A was not",
            );
        }
    });
}

#[test]
fn serves_them_in_the_order_in_which_they_came() {
    grade!(INTRUSIVE_NOTIFY, lesson, |rec| {
        let notify = shared();
        let [mut ann, mut bob, mut cleo] = waiters(rec, notify, ["Ann", "Bob", "Cleo"]);
        // To be polled again changes no place.
        ann.waits(NOBODY);
        for (name, waiter) in [("Ann", &mut ann), ("Bob", &mut bob), ("Cleo", &mut cleo)] {
            notify_one(rec, notify);
            must_serve(rec, name, &["Ann", "Bob", "Cleo"]);
            waiter.goes_on(NOTIFIED);
        }
    });
}

const NAMES: [&str; 4] = ["Ann", "Bob", "Cleo", "Dan"];

/// Those of four who are left when two have gone, or one has, who is named twice.
fn those_left(gone: [usize; 2]) -> impl Iterator<Item = usize> {
    (0..NAMES.len()).filter(move |place| !gone.contains(place))
}

/// Whether those who are left are served in their order. It says nothing: see [`they_leave`].
fn are_served(gone: [usize; 2]) -> bool {
    let notify = shared();
    let mut all = NAMES.map(|_| Place::new(notify));
    let mut all_well = all.iter_mut().all(|place| place.poll().is_pending());
    all[gone[0]].leave();
    if gone[1] != gone[0] {
        all[gone[1]].leave();
    }
    let mut fay = Place::new(notify);
    all_well &= fay.poll().is_pending();
    for left in those_left(gone) {
        notify.notify_one();
        let of_those_gone = gone.map(|gone| all[gone].wakes());
        all_well &= of_those_gone == [0, 0] && all[left].wakes() > 0;
        all_well &= all[left].poll().is_ready();
    }
    notify.notify_one();
    all_well &= fay.poll().is_ready();
    notify.notify_one();
    all_well && Place::new(notify).poll().is_ready()
}

/// Two of four leave, or one: the others are served in their order.
fn they_leave(rec: &Recorder, gone: [usize; 2]) {
    let notify = shared();
    let mut all = waiters(rec, notify, NAMES);
    all[gone[0]].leave();
    if gone[1] != gone[0] {
        all[gone[1]].leave();
    }
    // And one who comes later is behind them.
    let mut fay = Waiter::new(rec, "Fay", notify);
    fay.waits(NOBODY);
    for left in those_left(gone) {
        notify_one(rec, notify);
        if gone
            .iter()
            .any(|gone| rec.wakes_since_note(NAMES[*gone]) > 0)
        {
            rec.fail(
                "dangling-node",
                "a future was dropped, and the list still leads to it: what it woke is memory that somebody else may have by now",
            );
        }
        if rec.wakes_since_note(NAMES[left]) == 0 {
            rec.fail(
                "broken-list",
                format!("{} is the first of those who are left, and was not woken: the list has lost it, or its order", NAMES[left]),
            );
        }
        all[left].goes_on(NOTIFIED);
    }
    notify_one(rec, notify);
    if !fay.is_ready() {
        rec.fail(
            "broken-list",
            "who came after the others had left was not served: the list does not know where its end is",
        );
    }
    // Nobody is left: this one is stored.
    notify_one(rec, notify);
    Waiter::new(rec, "Eve", notify).goes_on("a permit was stored when everybody was gone");
}

#[test]
fn anybody_may_leave_at_any_time() {
    grade!(INTRUSIVE_NOTIFY, |rec| {
        they_leave(rec, [1, 2]);
        // Whoever leaves, in either order. What is not as it should be is done once more, to be seen.
        let mut all = (0..16).map(|pair| [pair / 4, pair % 4]);
        if let Some(gone) = memory::uncounted(|| all.find(|gone| !are_served(*gone))) {
            rec.note("others leave");
            they_leave(rec, gone);
        }
    });
}

/// One who waits by a box of their own.
fn boxed<'a>(rec: &Recorder, notify: &'a Notify, waker: &RecordedWaker) -> Pin<Box<Notified<'a>>> {
    let mut waiting = Box::pin(notify.notified());
    let mut cx = Context::from_waker(waker.as_waker());
    let name = waker.name();
    if waiting.as_mut().poll(&mut cx).is_ready() {
        rec.fail("early-ready", format!("{name} goes on, although {NOBODY}"));
    }
    rec.note(format!("{name} waits"));
    waiting
}

#[test]
fn a_notify_may_be_moved_between_two_waits() {
    grade!(INTRUSIVE_NOTIFY, |rec| {
        for is_leaked in [false, true] {
            // Where it was stays as it was: what still leads there leads to nothing that was freed.
            let place = Box::leak(Box::new(MaybeUninit::new(Notify::new())));
            let (ann, bob) = (rec.waker("Ann"), rec.waker("Bob"));
            ann.never_free();
            // SAFETY: it was written, and is there until it is moved.
            let waiting = boxed(rec, unsafe { place.assume_init_ref() }, &ann);
            if is_leaked {
                std::mem::forget(waiting);
                rec.note("Ann is leaked: nobody borrows the Notify, and it is moved");
            } else {
                drop(waiting);
                rec.note("Ann is dropped: nobody borrows the Notify, and it is moved");
            }
            // SAFETY: it was written, and is not used there again.
            let moved = unsafe { place.assume_init_read() };
            let _waiting = boxed(rec, &moved, &bob);
            if is_leaked {
                // She is there for ever, and was there first.
                notify_one(rec, &moved);
            }
            notify_one(rec, &moved);
            if rec.wakes_since_note("Bob") == 0 {
                rec.fail(
                    "broken-list",
                    "a `Notify` was moved, and who waits there now is not served: its list leads to where it was. A future is pinned, and the `Notify` is not",
                );
            }
        }
    });
}

#[test]
fn a_notification_is_passed_on_by_who_leaves_with_it() {
    grade!(INTRUSIVE_NOTIFY, |rec| {
        let notify = shared();
        let [mut ann, mut bob] = waiters(rec, notify, ["Ann", "Bob"]);
        notify_one(rec, notify);
        ann.leave();
        if rec.wakes("Bob") == 0 {
            rec.fail(
                "swallowed-notification",
                "Ann was notified, and was dropped before she could go on: nobody has told Bob",
            );
        }
        bob.goes_on("Ann has left with a notification");
        let [mut cleo] = waiters(rec, notify, ["Cleo"]);
        notify_one(rec, notify);
        cleo.leave();
        let mut dan = Waiter::new(rec, "Dan", notify);
        if !dan.is_ready() {
            rec.fail("swallowed-notification", "Cleo was notified, and was dropped before she could go on: her notification is not stored");
        }
    });
}

#[test]
fn a_notification_that_was_used_is_used_up() {
    grade!(INTRUSIVE_NOTIFY, |rec| {
        let notify = shared();
        let [mut ann, mut bob] = waiters(rec, notify, ["Ann", "Bob"]);
        notify_one(rec, notify);
        ann.goes_on(NOTIFIED);
        ann.leave();
        if rec.wakes("Bob") > 0 || bob.is_ready() {
            rec.fail(
                "doubled-notification",
                "Ann has gone on by a notification, and by her drop Bob has it too",
            );
        }
    });
}

#[test]
fn waiting_allocates_nothing() {
    grade!(INTRUSIVE_NOTIFY, |rec| {
        let notify = shared();
        let mut cx = Context::from_waker(Waker::noop());
        let (allocations, ()) = memory::allocations(|| {
            let mut first = pin!(notify.notified());
            let mut second = pin!(notify.notified());
            for _ in 0..3 {
                assert_eq!(first.as_mut().poll(&mut cx), Poll::Pending);
                assert_eq!(second.as_mut().poll(&mut cx), Poll::Pending);
            }
            notify.notify_one();
            assert_eq!(first.as_mut().poll(&mut cx), Poll::Ready(()));
        });
        if allocations > 0 {
            rec.fail("needless-box", format!("two have waited, and {allocations} allocations were made: the place in the list is to lie in the future"));
        }
        rec.note("nothing was allocated");
    });
}

/// The rules, with a queue: what a list has to do, done by something that cannot go wrong.
#[derive(Default)]
struct Model {
    waiting: VecDeque<usize>,
    notified: Vec<usize>,
    permit: bool,
}

impl Model {
    fn notify_one(&mut self) {
        match self.waiting.pop_front() {
            Some(first) => self.notified.push(first),
            None => self.permit = true,
        }
    }

    /// Whether a poll is ready.
    fn poll(&mut self, waiter: usize) -> bool {
        if let Some(place) = self.notified.iter().position(|one| *one == waiter) {
            self.notified.swap_remove(place);
            return true;
        }
        if self.waiting.contains(&waiter) {
            return false;
        }
        if !std::mem::take(&mut self.permit) {
            self.waiting.push_back(waiter);
            return false;
        }
        true
    }

    fn leave(&mut self, waiter: usize) {
        self.waiting.retain(|one| *one != waiter);
        if let Some(place) = self.notified.iter().position(|one| *one == waiter) {
            self.notified.swap_remove(place);
            self.notify_one();
        }
    }
}

#[test]
fn keeps_to_the_rules_in_any_order_of_calls() {
    // So many calls: their number at the end is all that a trace could say.
    grade_race!(INTRUSIVE_NOTIFY, |rec| {
        let notify = shared();
        let mut cx = Context::from_waker(Waker::noop());
        let (mut model, mut seed) = (Model::default(), 42_u32);
        let mut waiters: [Option<_>; 6] = [const { None }; 6];
        for call in 0..20_000 {
            // A linear congruential generator: the same calls in every run.
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let (what, who) = (seed >> 29, (seed >> 16) as usize % waiters.len());
            match (what, &mut waiters[who]) {
                (0 | 1, _) => {
                    notify.notify_one();
                    model.notify_one();
                }
                (2, waiter @ Some(_)) => {
                    *waiter = None;
                    model.leave(who);
                }
                (_, waiter) => {
                    let future = waiter.get_or_insert_with(|| Box::pin(notify.notified()));
                    let (found, right) =
                        (future.as_mut().poll(&mut cx).is_ready(), model.poll(who));
                    if found != right {
                        rec.fail(
                            "broken-list",
                            format!("after {call} calls, a poll of one of six waiters gave ready: {found}, and a queue in the place of the list gives {right}"),
                        );
                    }
                    if found {
                        *waiter = None;
                    }
                }
            }
        }
        rec.note("as with a queue");
    });
}

/// Counts its wakes.
#[derive(Default)]
struct Wakes(AtomicUsize);

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

/// Runs a model of threads in every order of their steps, and says with which code it has failed.
fn explore(
    rec: &Recorder,
    code: &str,
    model: impl Fn() -> Result<(), &'static str> + Send + Sync + 'static,
) {
    let failed = Arc::new(std::sync::Mutex::new(None));
    let seen = Arc::clone(&failed);
    let mut builder = loom::model::Builder::new();
    builder.max_branches = 10_000;
    let explored = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        builder.check(move || {
            if let Err(what) = model() {
                *seen.lock().expect("nobody panics here") = Some(what);
                // Past the panic hook: this ends the exploration.
                std::panic::resume_unwind(Box::new(what));
            }
        });
    }));
    let failed = *failed.lock().expect("nobody panics here");
    if let Some(what) = failed {
        rec.fail(code, what);
    }
    if explored.is_err() {
        rec.fail("deadlock", "in one order of their steps, the threads wait for each other for ever, or one of them panics");
    }
}

#[test]
fn a_notification_in_the_middle_of_a_poll_is_not_missed() {
    grade_race!(INTRUSIVE_NOTIFY, |rec| {
        let mut code = SOURCE
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        if code.any(|line| line.contains("std::sync")) {
            rec.advise(
                "bypassed-seam",
                "the file uses `std::sync`. A lock from there works, but nobody can try what happens between two of them. Take `Mutex` from `crate::sync`",
            );
        }
        explore(rec, "check-then-register", || {
            let notify = loom::sync::Arc::new(intrusive_notify::Notify::new());
            let other = loom::sync::Arc::clone(&notify);
            let rival = loom::thread::spawn(move || other.notify_one());
            let wakes = Arc::new(Wakes::default());
            let waker = Waker::from(Arc::clone(&wakes));
            let mut future = Box::pin(notify.notified());
            let first = future.as_mut().poll(&mut Context::from_waker(&waker));
            rival.join().expect("it only notifies");
            if first.is_ready() {
                return Ok(());
            }
            if wakes.0.load(SeqCst) == 0 {
                return Err(
                    "a notification came in the middle of a poll: the answer was Pending, and nobody was woken",
                );
            }
            match future.as_mut().poll(&mut Context::from_waker(&waker)) {
                Poll::Ready(()) => Ok(()),
                Poll::Pending => Err(
                    "a notification came in the middle of a poll, the task was woken, and still waits",
                ),
            }
        });
    });
}

#[test]
fn who_leaves_in_the_middle_of_a_notification_takes_nothing_along() {
    grade_race!(INTRUSIVE_NOTIFY, |rec| {
        explore(rec, "swallowed-notification", || {
            let notify = loom::sync::Arc::new(intrusive_notify::Notify::new());
            let mut cx = Context::from_waker(Waker::noop());
            let mut first = Box::pin(notify.notified());
            let mut second = Box::pin(notify.notified());
            let waits = [first.as_mut().poll(&mut cx), second.as_mut().poll(&mut cx)];
            if waits.iter().any(|poll| poll.is_ready()) {
                return Err("somebody went on before anybody has notified");
            }
            let other = loom::sync::Arc::clone(&notify);
            let rival = loom::thread::spawn(move || other.notify_one());
            drop(first);
            rival.join().expect("it only notifies");
            match second.as_mut().poll(&mut cx) {
                Poll::Ready(()) => Ok(()),
                Poll::Pending => Err(
                    "the first of two left while it was being notified, and the second was not: the notification is lost",
                ),
            }
        });
    });
}

#[test]
fn a_waker_may_come_back_at_once() {
    grade_race!(INTRUSIVE_NOTIFY, |rec| {
        // What is held against nobody but in a remark: whoever comes back waits for a lock.
        let blocked =
            |make: fn(course::HostileWaker, Race, &'static Notify) -> course::HostileWaker,
             act: fn(&Recorder, &'static Notify, &mut Waiter)| {
                let (notify, race) = (shared(), Race::certain());
                let ann = make(rec.hostile_waker("Ann"), race.clone(), notify).build();
                let mut waiter = Waiter::new(rec, "waiter", notify);
                let _ = waiter.poll_as(&ann);
                act(rec, notify, &mut waiter);
                race.finish();
                race.was_blocked()
            };
        let woken = blocked(
            |ann, race, notify| ann.on_wake(race.once(move || notify.notify_one())),
            |rec, notify, _| notify_one(rec, notify),
        );
        if woken {
            rec.advise(
                "wakes-under-lock",
                "the waker was woken while the lock was held",
            );
        }
        let cloned = blocked(
            |ann, race, notify| ann.on_clone(race.once(move || notify.notify_one())),
            |_, _, _| (),
        );
        if cloned {
            rec.advise(
                "clones-under-lock",
                "the waker was cloned while the lock was held",
            );
        }
        let dropped = blocked(
            |ann, race, notify| ann.on_drop(race.once(move || notify.notify_one())),
            |rec, _, waiter| {
                let _ = waiter.poll_as(&rec.waker("Bob"));
            },
        );
        if dropped {
            rec.advise(
                "drops-under-lock",
                "the waker of an earlier poll was dropped while the lock was held",
            );
        }
    });
}

#[test]
fn threads_take_turns() {
    grade_race!(INTRUSIVE_NOTIFY, |rec| {
        const TURNS: usize = 1_000;
        let (ping, pong) = (shared(), shared());
        let other = thread::spawn(move || {
            for _ in 0..TURNS {
                executor::block_on(ping.notified());
                pong.notify_one();
            }
        });
        for _ in 0..TURNS {
            ping.notify_one();
            executor::block_on(pong.notified());
        }
        if other.join().is_err() {
            rec.fail("panicked", "the other thread has panicked");
        }
        rec.note("they took turns");
    });
}
