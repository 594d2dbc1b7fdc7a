//! The grader of `timers`: what is due fires, the earliest first, and what goes leaves nothing.

// What this grader uses of what the stage's graders share.
#[allow(dead_code, unreachable_pub)]
mod support {
    pub mod alarms;
}

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    task::Waker,
    time::{Duration, Instant},
};

use course::{Exercise, RecordedWaker, Recorder, Task, grade, grade_race, memory};
use reactor::{ManualSelector, Reactor, Runtime, Sleep, TimerKey, Timers, selector, sleep};
use support::alarms::{Alarms, LATE};
use waker_timer::{
    ManualClock,
    clock::{self, RealClock},
};

const TIMERS: Exercise = course::exercise!("timers", stage = "04-reactor", feature = "my-timers");

/// Where the chapter explains it.
const SECTION: &str = "timers-without-threads";

const MILLISECOND: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);

#[test]
fn is_empty_at_first() {
    grade!(TIMERS, |rec| {
        let mut alarms = Alarms::new(rec);
        alarms.must_know_what_is_next();
        alarms.at(SECOND);
        alarms.must_know_what_is_next();
    });
}

#[test]
fn fires_when_the_time_has_come_and_not_before() {
    grade!(TIMERS, |rec| {
        let mut alarms = Alarms::new(rec);
        alarms.set("tea", SECOND);
        alarms.must_know_what_is_next();
        for after in [Duration::ZERO, SECOND / 2, SECOND - MILLISECOND / 1000] {
            alarms.at(after);
            alarms.must_know_what_is_next();
        }
        alarms.at(SECOND + LATE);
        alarms.must_know_what_is_next();
    });
}

#[test]
fn the_earliest_is_the_next() {
    grade!(TIMERS, lesson, |rec| {
        let mut alarms = Alarms::new(rec);
        for (name, after) in [
            ("late", 10 * SECOND),
            ("early", SECOND * 3 / 5),
            ("middle", 3 * SECOND),
        ] {
            alarms.set(name, after);
            alarms.must_know_what_is_next();
        }
        for after in [SECOND, 2 * SECOND, 4 * SECOND, 9 * SECOND, 11 * SECOND] {
            alarms.at(after);
            alarms.must_know_what_is_next();
        }
    });
}

#[test]
fn fires_all_that_are_due_in_their_order() {
    grade!(TIMERS, |rec| {
        let mut alarms = Alarms::new(rec);
        for seconds in [4, 1, 9, 3, 7, 2, 8, 5, 6] {
            alarms.set(format!("timer {seconds}"), seconds * SECOND);
            alarms.must_know_what_is_next();
        }
        for after in [6 * SECOND + LATE, 20 * SECOND] {
            alarms.at(after);
            alarms.must_know_what_is_next();
        }
    });
}

#[test]
fn timers_may_have_one_time() {
    grade_race!(TIMERS, |rec| {
        let mut alarms = Alarms::new(rec);
        for name in ["first", "second", "third"] {
            alarms.set(name, SECOND);
        }
        let there = alarms.timers.len();
        if there != 3 {
            rec.fail_reading(
                SECTION,
                "overwritten-wake",
                format!("three timers were set for one time, and `len` says {there}"),
            );
        }
        alarms.set("later", 2 * SECOND);
        alarms.must_know_what_is_next();
        alarms.at(SECOND + LATE);
        alarms.must_know_what_is_next();
        alarms.at(2 * SECOND + LATE);
        alarms.must_know_what_is_next();
    });
}

/// `1 waker`, `2 wakers`.
fn how_many(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

/// The loop's way: sleeps until the next deadline, fires, and looks again.
///
/// Fails with `deadline-mismatch` if that takes many more rounds than there are times.
fn run_to_the_end(rec: &Recorder, alarms: &mut Alarms, times: usize) {
    let mut rounds = 0;
    let mut now = alarms.start;
    while let Some(deadline) = alarms.timers.next_deadline() {
        now = now.max(deadline);
        let fired = alarms.fire(now);
        rounds += 1;
        if rounds > 2 * times + 4 {
            let next = alarms.timers.next_deadline();
            rec.fail(
                "deadline-mismatch",
                format!(
                    "{times} timers took {rounds} sleeps so far: it is {:?} after the start, the latest `fire` gave {}, and \
                     `next_deadline` says {:?}",
                    now - alarms.start,
                    how_many(fired, "waker"),
                    next.map(|when| when.saturating_duration_since(alarms.start))
                ),
            );
        }
    }
    alarms.must_know_what_is_next();
}

#[test]
fn sleeping_until_the_next_deadline_gets_on() {
    grade!(TIMERS, |rec| {
        // Whole milliseconds, and just beside them; and far more than one in a millisecond.
        let nanos = [
            900_000,
            1_000_000,
            1_000_001,
            5_999_999,
            1,
            0,
            77_777_777,
            3_600_000_000_001,
        ];
        let mut alarms = Alarms::new(rec);
        for nanos in nanos {
            let after = Duration::from_nanos(nanos);
            alarms.set(format!("timer {nanos}"), after);
        }
        run_to_the_end(rec, &mut alarms, nanos.len());
    });
}

#[test]
fn fires_any_number_at_once() {
    grade_race!(TIMERS, |rec| {
        const CROWD: usize = 5_000;
        let start = Instant::now();
        let mut timers = Timers::new(start);
        rec.note(format!("{CROWD} timers are set for the next five seconds"));
        for number in 0..CROWD {
            // Each once, but not in their order.
            let millis = number * 7 % CROWD;
            let when = start + MILLISECOND * millis as u32;
            timers.insert(when, Waker::noop().clone());
        }
        rec.note("it is 6 s after the start");
        let mut fired = Vec::new();
        timers.fire(start + 6 * SECOND, &mut fired);
        let (given, left) = (fired.len(), timers.len());
        if given != CROWD || left != 0 {
            rec.fail_reading(
                SECTION,
                "lost-wakeup",
                format!(
                    "{CROWD} timers were due, and one call of `fire` gave {}; `len` says {left}",
                    how_many(given, "waker")
                ),
            );
        }
    });
}

#[test]
fn a_time_that_is_past_is_due_at_once() {
    grade!(TIMERS, |rec| {
        let mut alarms = Alarms::new(rec);
        alarms.set("future", 9 * SECOND);
        alarms.at(5 * SECOND);
        rec.note("one is set for 3 s after the start, and one for before it");
        let past = [3 * SECOND, Duration::ZERO];
        for (number, after) in past.into_iter().enumerate() {
            let when = alarms.start + after - number as u32 * SECOND;
            alarms.set_at(format!("past {number}"), when);
            alarms.must_know_what_is_next();
        }
        // The same time again: `fire` may be called twice in one moment.
        alarms.at(5 * SECOND + LATE);
        alarms.must_know_what_is_next();
        alarms.at(9 * SECOND + LATE);
        alarms.must_know_what_is_next();
    });
}

#[test]
fn a_time_may_be_far_away() {
    grade!(TIMERS, |rec| {
        let day = 24 * 3600 * SECOND;
        let mut alarms = Alarms::new(rec);
        for (name, days) in [
            ("next century", 36_500),
            ("this season", 51),
            ("next year", 365),
        ] {
            alarms.set(name, days * day);
            alarms.must_know_what_is_next();
        }
        alarms.set("soon", SECOND);
        alarms.must_know_what_is_next();
        for after in [
            2 * SECOND,
            50 * day,
            52 * day,
            364 * day,
            366 * day,
            36_499 * day,
            36_501 * day,
        ] {
            alarms.at(after);
            alarms.must_know_what_is_next();
        }
    });
}

#[test]
fn a_removed_timer_gives_its_waker_back_and_never_fires() {
    grade!(TIMERS, |rec| {
        let mut alarms = Alarms::new(rec);
        let (_before, gone, _after) = (
            alarms.set("neighbour", SECOND),
            alarms.set("gone", SECOND),
            alarms.set("other neighbour", SECOND),
        );
        let last = alarms.set("last", 2 * SECOND);
        alarms.remove("gone", gone);
        alarms.must_know_what_is_next();
        alarms.at(SECOND + LATE);
        alarms.must_know_what_is_next();
        alarms.remove("last", last);
        alarms.must_know_what_is_next();
        alarms.at(3 * SECOND);
    });
}

#[test]
fn nobody_gets_up_for_a_removed_timer() {
    grade!(TIMERS, |rec| {
        let mut alarms = Alarms::new(rec);
        let keys: Vec<_> = [1, 2, 4, 3, 9, 8]
            .map(|seconds| {
                let name = format!("timer {seconds}");
                (alarms.set(&name, seconds * SECOND), name)
            })
            .into();
        for (key, name) in keys {
            alarms.remove(&name, key);
            alarms.must_know_what_is_next();
        }
        alarms.set("another one", 5 * SECOND);
        alarms.must_know_what_is_next();
        run_to_the_end(rec, &mut alarms, 7);
    });
}

#[test]
fn a_removed_timer_keeps_no_task_alive() {
    grade_race!(TIMERS, |rec| {
        let start = Instant::now();
        let mut timers = Timers::new(start);
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        let _later = timers.insert(start + 2 * SECOND, b.as_waker().clone());
        let key = timers.insert(start + SECOND, a.as_waker().clone());
        drop(timers.remove(key));
        must_be_let_go(
            rec,
            &a,
            "the timer was removed, and the waker that came back was dropped",
        );
        let key = timers.insert(start + SECOND, a.as_waker().clone());
        let set = timers.set_waker(&key, b.as_waker().clone());
        drop(set);
        must_be_let_go(rec, &a, "the timer has another waker now");
        let mut fired = Vec::new();
        timers.fire(start + 3 * SECOND, &mut fired);
        drop(fired);
        must_be_let_go(rec, &b, "all timers have fired");
    });
}

fn must_be_let_go(rec: &Recorder, waker: &RecordedWaker, why: &str) {
    let kept = waker.clones_alive();
    if kept > 0 {
        rec.fail_reading(
            SECTION,
            "keeps-task-alive",
            format!(
                "{why}, and there is still {}: waker {} keeps its task alive",
                how_many(kept, "clone"),
                waker.name()
            ),
        );
    }
}

#[test]
fn fires_the_latest_waker() {
    grade!(TIMERS, |rec| {
        let mut alarms = Alarms::new(rec);
        let (tea, cake) = (alarms.set("tea", SECOND), alarms.set("cake", SECOND));
        for _ in 0..2 {
            alarms.change("tea", &tea);
            alarms.must_know_what_is_next();
        }
        alarms.change("cake", &cake);
        alarms.change("tea", &tea);
        alarms.at(SECOND / 2);
        alarms.at(SECOND + LATE);
        alarms.must_know_what_is_next();
    });
}

/// What the owner of a timer that has fired still has is a key, and it must lead nowhere.
fn must_lead_nowhere(rec: &Recorder, timers: &mut Timers, key: TimerKey, code: &str, before: &str) {
    let waker = Waker::noop().clone();
    if timers.set_waker(&key, waker).is_ok() {
        rec.fail(
            code,
            format!("{before}, and `set_waker` has taken a waker for it"),
        );
    }
    if timers.remove(key).is_some() {
        rec.fail(code, format!("{before}, and `remove` has given a waker"));
    }
}

#[test]
fn a_timer_that_has_fired_is_gone() {
    grade_race!(TIMERS, |rec| {
        let mut alarms = Alarms::new(rec);
        let (tea, cake) = (alarms.set("tea", SECOND), alarms.set("cake", SECOND));
        alarms.set("dinner", 9 * SECOND);
        alarms.at(SECOND + LATE);
        for key in [tea, cake] {
            let before = "the timer has fired";
            must_lead_nowhere(rec, &mut alarms.timers, key, "fires-again", before);
        }
        // A refused waker comes back: whoever gave it drops it.
        let refused = rec.waker("A");
        let late = alarms.set("late", 2 * SECOND);
        alarms.at(2 * SECOND + LATE);
        let set = alarms.timers.set_waker(&late, refused.as_waker().clone());
        if !matches!(&set, Err(waker) if waker.will_wake(refused.as_waker())) {
            rec.fail(
                "wrong-waker",
                "a timer had fired, and `set_waker` has not given the refused waker back",
            );
        }
        drop(set);
        alarms.must_know_what_is_next();
        alarms.at(10 * SECOND);
        alarms.must_know_what_is_next();
    });
}

#[test]
fn an_old_key_reaches_no_later_timer() {
    grade_race!(TIMERS, |rec| {
        let mut alarms = Alarms::new(rec);
        let old: Vec<_> = (0..4)
            .map(|number| alarms.set(format!("old {number}"), SECOND))
            .collect();
        alarms.at(SECOND + LATE);
        // With the same time as the old ones, and with others.
        for number in 0..8 {
            let after = SECOND + number % 2 * SECOND;
            alarms.set(format!("new {number}"), after);
        }
        for key in old {
            let before = "a timer has fired, others have come since, and its key is used once more";
            must_lead_nowhere(rec, &mut alarms.timers, key, "reused-key", before);
        }
        alarms.must_know_what_is_next();
        alarms.at(3 * SECOND);
        alarms.must_know_what_is_next();
    });
}

#[test]
fn puts_the_wakers_behind_those_in_the_list() {
    grade_race!(TIMERS, |rec| {
        let start = Instant::now();
        let mut timers = Timers::new(start);
        let (mine, theirs) = (rec.waker("A"), rec.waker("B"));
        timers.insert(start + SECOND, mine.as_waker().clone());
        let mut list = vec![theirs.as_waker().clone()];
        timers.fire(start + 2 * SECOND, &mut list);
        let found: Vec<_> = [&theirs, &mine]
            .map(|waker| {
                list.iter()
                    .position(|other| other.will_wake(waker.as_waker()))
            })
            .into();
        if found != [Some(0), Some(1)] {
            rec.fail_reading(
                SECTION,
                "lost-wakeup",
                format!(
                    "a waker was in the list already, and one timer was due: the list has {} now, and not these two in \
                     this order",
                    how_many(list.len(), "waker")
                ),
            );
        }
    });
}

/// Counts what is done to a waker.
#[derive(Clone, Default)]
struct Touched {
    wakes: Arc<AtomicUsize>,
    clones: Arc<AtomicUsize>,
    drops: Arc<AtomicUsize>,
}

impl Touched {
    fn waker(&self, rec: &Recorder) -> RecordedWaker {
        let count = |counter: &Arc<AtomicUsize>| {
            let counter = Arc::clone(counter);
            move || {
                counter.fetch_add(1, SeqCst);
            }
        };
        rec.hostile_waker("A")
            .on_wake(count(&self.wakes))
            .on_clone(count(&self.clones))
            .on_drop(count(&self.drops))
            .build()
    }

    /// Calls a method, which must leave the wakers alone.
    ///
    /// Fails with `wakes-under-lock`; advises `drops-under-lock` and `clones-under-lock`.
    fn check<T>(&self, rec: &Recorder, method: &str, call: impl FnOnce() -> T) -> T {
        for counter in [&self.wakes, &self.clones, &self.drops] {
            counter.store(0, SeqCst);
        }
        let output = call();
        let done = |verb| {
            format!(
                "`{method}` {verb} a waker, and whoever calls it holds the lock of these timers"
            )
        };
        if self.wakes.load(SeqCst) > 0 {
            rec.fail("wakes-under-lock", done("wakes"));
        }
        if self.drops.load(SeqCst) > 0 {
            rec.advise("drops-under-lock", done("drops"));
        }
        if self.clones.load(SeqCst) > 0 {
            rec.advise("clones-under-lock", done("clones"));
        }
        output
    }
}

#[test]
fn leaves_the_wakers_alone() {
    grade_race!(TIMERS, |rec| {
        let start = Instant::now();
        let mut timers = Timers::new(start);
        let touched = Touched::default();
        let waker = touched.waker(rec);
        let clone = || waker.as_waker().clone();
        let (first, second, third) = (clone(), clone(), clone());
        let key = touched.check(rec, "insert", || timers.insert(start + SECOND, first));
        let set = touched.check(rec, "set_waker", || timers.set_waker(&key, second));
        drop(set);
        let removed = touched.check(rec, "remove", || timers.remove(key));
        drop(removed);
        timers.insert(start + SECOND, third);
        let mut fired = Vec::new();
        touched.check(rec, "fire", || timers.fire(start + 2 * SECOND, &mut fired));
    });
}

/// How many timers come and go.
const MANY: usize = 100_000;

/// How much memory may be left when they are gone.
const LITTLE: usize = 1 << 20;

/// How many KiB more are in use after `work` with new timers, if that is much. What other threads take meanwhile
/// counts too, but not every time.
fn grows(work: impl Fn(&mut Timers, Instant)) -> Option<usize> {
    let once = || {
        let start = Instant::now();
        let mut timers = Timers::new(start);
        timers.insert(start + 9 * SECOND, Waker::noop().clone());
        let before = memory::in_use();
        work(&mut timers, start);
        Some(memory::in_use().saturating_sub(before)).filter(|left| *left > LITTLE)
    };
    let mut least = once()?;
    for _ in 0..4 {
        least = least.min(once()?);
    }
    Some(least >> 10)
}

#[test]
fn what_goes_leaves_its_place() {
    grade_race!(TIMERS, |rec| {
        let fired = grows(|timers, start| {
            let mut fired = Vec::with_capacity(8);
            for number in 1..=MANY {
                let when = start + MILLISECOND * number as u32;
                timers.insert(when, Waker::noop().clone());
                timers.fire(when + LATE, &mut fired);
                fired.clear();
            }
        });
        if let Some(kib) = fired {
            rec.fail(
                "cancelled-stays",
                format!(
                    "{MANY} timers came and fired, one after the other: {kib} KiB more are in use"
                ),
            );
        }
        let removed = grows(|timers, start| {
            for number in 0..MANY {
                let when = start + 3600 * SECOND + MILLISECOND * number as u32;
                let key = timers.insert(when, Waker::noop().clone());
                drop(timers.remove(key));
            }
        });
        if let Some(kib) = removed {
            rec.advise(
                "cancelled-stays",
                format!(
                    "{MANY} timers came and were removed, one after the other, all an hour before their time: \
                     {kib} KiB more are in use, and stay so for that hour"
                ),
            );
        }
    });
}

/// The same numbers in every run.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: u64) -> u64 {
        // A linear congruence, of which the upper bits are good enough for a test.
        self.0 = (self.0)
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

#[test]
fn keeps_to_the_rules_in_any_order_of_calls() {
    grade_race!(TIMERS, |rec| {
        for seed in 0..20 {
            rec.note("new timers");
            let mut dice = Dice(seed);
            let mut alarms = Alarms::new(rec);
            let mut keys: Vec<(String, TimerKey, Instant)> = Vec::new();
            let mut now = alarms.start;
            for step in 0..120 {
                match dice.throw(8) {
                    0..4 => {
                        // Near and far, and several with one time.
                        let scale = [1, 40, 1_000, 100_000][dice.throw(4) as usize];
                        let when = now + MILLISECOND * scale * dice.throw(30) as u32;
                        let name = format!("timer {step}");
                        keys.push((name.clone(), alarms.set_at(name, when), when));
                    }
                    4..6 if !keys.is_empty() => {
                        let one = dice.throw(keys.len() as u64) as usize;
                        let (name, key, _) = keys.swap_remove(one);
                        alarms.remove(&name, key);
                    }
                    6 if !keys.is_empty() => {
                        let (name, key, _) = &keys[dice.throw(keys.len() as u64) as usize];
                        alarms.change(name, key);
                    }
                    _ => {
                        now += MILLISECOND
                            * [1, 100, 10_000][dice.throw(3) as usize]
                            * dice.throw(20) as u32;
                        now += LATE;
                        alarms.fire(now);
                        // Those at the edge may have fired or not: nobody uses their keys.
                        keys.retain(|(_, _, when)| *when > now);
                    }
                }
                alarms.must_know_what_is_next();
            }
            run_to_the_end(rec, &mut alarms, 120);
        }
    });
}

#[test]
fn the_sleeps_of_a_reactor_run_on_it() {
    grade!(TIMERS, |rec| {
        let time = Arc::new(ManualClock::new());
        let _clock = clock::replace(time.clone());
        let manual = ManualSelector::with_clock(time.clone());
        let _selector = selector::replace(Arc::new(manual.clone()));
        let reactor = Reactor::new().expect("it is always open");
        let _entered = reactor.enter();
        let sleep = |name, future, after| (name, Task::named(rec, future, Sleep::new(after)));
        let mut tasks = [
            sleep("A", "tea", 10 * SECOND),
            sleep("B", "cake", SECOND * 3 / 5),
            sleep("C", "coffee", 3 * SECOND),
            sleep("D", "dinner", SECOND / 2),
        ]
        .map(|(name, task)| (name, task, rec.waker(name)));
        let wait = |task: &mut Task<Sleep>, waker: &RecordedWaker| {
            if task.poll(waker).is_ready() {
                rec.fail("early-ready", "no time has passed, and the sleep is over");
            }
        };
        for (_, task, waker) in &mut tasks {
            wait(task, waker);
        }
        let [a, b, c, (_, task, _)] = tasks;
        rec.note("D is dropped");
        drop(task);
        // And one of them moves to another task.
        let (mut c, e) = (c, rec.waker("E"));
        wait(&mut c.1, &e);
        let start = clock::now();
        for ((name, mut task, waker), due) in [
            (b, SECOND * 3 / 5),
            (("E", c.1, e), 3 * SECOND),
            (a, 10 * SECOND),
        ] {
            rec.note("the loop sleeps until the next timer");
            let mut sleeps = 0;
            while rec.wakes(name) == 0 {
                let Some(when) = reactor.next_deadline() else {
                    rec.fail(
                        "not-the-earliest",
                        format!("{name} waits, and the reactor knows of no timer"),
                    );
                };
                let left = when.saturating_duration_since(clock::now());
                reactor.poll_io(Some(left)).expect("nothing fails here");
                reactor.fire_timers();
                sleeps += 1;
                if sleeps > 4 {
                    rec.fail("deadline-mismatch", format!("{name} waits, and after {sleeps} sleeps until the next deadline it is not woken"));
                }
            }
            let passed = clock::now() - start;
            if passed > due + LATE {
                rec.fail(
                    "not-the-earliest",
                    format!("{name} was due after {due:?}; the loop slept until the next deadline, and it is {passed:?} now"),
                );
            }
            if task.poll(&waker).is_pending() {
                rec.fail(
                    "never-ready",
                    format!("{name} was woken, and its sleep is not over"),
                );
            }
        }
        if reactor.timers() > 0 {
            rec.fail(
                "wrong-count",
                "all sleeps are over or dropped, and the reactor still has timers",
            );
        }
    });
}

#[test]
fn a_runtime_runs_on_it_in_real_time() {
    grade!(TIMERS, |rec| {
        let _real = clock::replace(Arc::new(RealClock));
        let _system = selector::replace(Arc::new(selector::MioSelector));
        let mut runtime = Runtime::new().expect("the system has a selector");
        let start = Instant::now();
        runtime.block_on(async {
            let tasks: Vec<_> = [5, 1, 3]
                .map(|millis| executor::spawn(sleep(MILLISECOND * millis)))
                .into();
            for task in tasks {
                task.await.expect("a sleep does not fail");
            }
        });
        if start.elapsed() < 5 * MILLISECOND {
            rec.fail(
                "early-timer",
                "sleeps of 5 ms and less are over, and 5 ms have not passed",
            );
        }
        rec.note("all sleeps are over");
    });
}
