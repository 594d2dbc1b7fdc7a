//! The wheel and the sorted map against the plainest model; and a hundred thousand sleeps on one loop, on a
//! clock that moves only when the loop sleeps.

use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use course::memory::allocations;
use futures::StreamExt;
use reactor::{
    ManualSelector, Runtime, Sleep, SortedTimers, Timers, interval, interval_at, selector, sleep,
    sleep_until, timeout,
};
use waker_timer::{ManualClock, clock};

/// A waker that writes down its number.
struct Numbered {
    number: usize,
    woken: Arc<Mutex<Vec<usize>>>,
}

impl Wake for Numbered {
    fn wake(self: Arc<Self>) {
        self.woken.lock().unwrap().push(self.number);
    }
}

/// Numbers that look random, the same in each run.
fn noise(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed | 1;
    move |below| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    }
}

/// Does the same things to timers and to a list, and compares what fires, in which order.
macro_rules! compare_with_a_list {
    ($timers:expr, $start:expr, $seed:expr, $exact:expr) => {{
        let (start, mut noise): (Instant, _) = ($start, noise($seed));
        let mut timers = $timers;
        let woken = Arc::new(Mutex::new(Vec::new()));
        let mut now = Duration::ZERO;
        // Each timer that waits: when it is due, its number, its waker's number, its key.
        let mut model = Vec::new();
        let (mut wakers, mut keys_of_fired) = (Vec::new(), Vec::new());
        for number in 0..3000_usize {
            let make_waker = |number| {
                Waker::from(Arc::new(Numbered {
                    number,
                    woken: woken.clone(),
                }))
            };
            match noise(10) {
                0..5 => {
                    // From nanoseconds to days, often at the same time as another, or in the past.
                    let digits = noise(50);
                    let far = Duration::from_nanos(noise(1 << digits));
                    let when = match noise(4) {
                        0 => now.saturating_sub(far),
                        1 => Duration::from_secs((now + far).as_secs()),
                        _ => now + far,
                    };
                    let key = timers.insert(start + when, make_waker(number));
                    model.push((
                        when.max(if $exact { Duration::ZERO } else { now }),
                        number,
                        number,
                        key,
                    ));
                }
                5 if !model.is_empty() => {
                    let at = noise(model.len() as u64) as usize;
                    let (_, _, waker, key) = model.swap_remove(at);
                    timers.remove(key).expect("it waits").wake();
                    assert_eq!(woken.lock().unwrap().pop(), Some(waker));
                }
                6 if !model.is_empty() => {
                    let at = noise(model.len() as u64) as usize;
                    let (_, _, waker, key) = &mut model[at];
                    timers
                        .set_waker(key, make_waker(number))
                        .expect("it waits")
                        .wake();
                    assert_eq!(woken.lock().unwrap().pop(), Some(*waker));
                    *waker = number;
                }
                7 => {
                    if let Some(key) = keys_of_fired.pop() {
                        let ours = timers.set_waker(&key, make_waker(number));
                        ours.expect_err("it has fired").wake();
                        assert_eq!(woken.lock().unwrap().pop(), Some(number));
                        assert!(timers.remove(key).is_none());
                    }
                }
                _ => {
                    let digits = noise(48);
                    now += Duration::from_nanos(noise(1 << digits));
                    timers.fire(start + now, &mut wakers);
                    wakers.drain(..).for_each(Waker::wake);
                    model.sort_by_key(|(when, number, ..)| (*when, *number));
                    let due = model.partition_point(|(when, ..)| *when <= now);
                    let expected: Vec<_> = model
                        .drain(..due)
                        .map(|(_, _, waker, key)| {
                            keys_of_fired.push(key);
                            waker
                        })
                        .collect();
                    assert_eq!(std::mem::take(&mut *woken.lock().unwrap()), expected);
                }
            }
            assert_eq!(timers.len(), model.len());
            assert_eq!(timers.is_empty(), model.is_empty());
            let earliest = model.iter().map(|(when, ..)| start + *when).min();
            let promised = timers.next_deadline();
            assert_eq!(promised.is_some(), earliest.is_some());
            assert!(promised <= earliest, "nobody would look in time");
            if model.len() <= 32 {
                assert_eq!(promised, earliest, "a look for nothing");
            }
        }
    }};
}

#[test]
fn the_wheel_does_what_a_list_does() {
    for seed in 1..=40 {
        let start = Instant::now();
        compare_with_a_list!(Timers::new(start), start, seed, false);
    }
}

#[test]
fn the_sorted_map_does_what_a_list_does() {
    for seed in 1..=10 {
        let start = Instant::now() + Duration::from_secs(1 << 20);
        compare_with_a_list!(SortedTimers::new(), start, seed, true);
    }
}

#[test]
fn the_places_of_cancelled_timers_are_used_again_and_their_wakers_are_dropped_at_once() {
    let start = Instant::now();
    let mut timers = Timers::new(start);
    let task = Arc::new(Numbered {
        number: 0,
        woken: Arc::default(),
    });
    let waker = Waker::from(task.clone());
    let mut keys = Vec::with_capacity(COUNT);
    for round in 0..3 {
        let (allocations, ()) = allocations(|| {
            let whens = (0..COUNT as u64).map(|number| start + Duration::from_micros(number));
            keys.extend(whens.map(|when| timers.insert(when, waker.clone())));
        });
        assert!(
            round == 0 || allocations == 0,
            "the places of the first round are lost"
        );
        assert_eq!(Arc::strong_count(&task), COUNT + 2);
        for key in keys.drain(..) {
            drop(timers.remove(key));
        }
        assert_eq!(Arc::strong_count(&task), 2);
        assert_eq!(timers.next_deadline(), None);
    }
}

#[test]
fn the_deadline_is_exact_again_when_few_timers_are_left() {
    let start = Instant::now();
    let at = |number: u64| start + Duration::from_secs(1000) + Duration::from_nanos(number);
    let mut timers = Timers::new(start);
    // All of them in one slot, and the earliest goes first.
    let keys: Vec<_> = (0..100)
        .map(|number| timers.insert(at(number), Waker::noop().clone()))
        .collect();
    for (number, key) in keys.into_iter().enumerate().take(90) {
        assert!(
            timers.next_deadline() <= Some(at(number as u64)),
            "nobody would look in time"
        );
        timers.remove(key);
    }
    assert_eq!(timers.next_deadline(), Some(at(90)));

    let mut timers = Timers::new(start);
    let mut keys: Vec<_> = (0..33)
        .map(|number| timers.insert(at(number), Waker::noop().clone()))
        .collect();
    timers.remove(keys.remove(0));
    assert_eq!(timers.next_deadline(), Some(at(1)));
    let more = timers.insert(at(99), Waker::noop().clone());
    timers.remove(keys.remove(0));
    timers.remove(more);
    assert_eq!(timers.next_deadline(), Some(at(2)));
}

#[test]
fn a_timer_in_a_thousand_years_neither_panics_nor_fires() {
    let start = Instant::now();
    let mut timers = Timers::new(start);
    let Some(when) = start.checked_add(Duration::from_secs(1000 * 365 * 86_400)) else {
        return;
    };
    let key = timers.insert(when, Waker::noop().clone());
    let mut due = Vec::new();
    timers.fire(start + Duration::from_secs(86_400), &mut due);
    assert!(due.is_empty());
    assert!(timers.remove(key).is_some());
}

/// A runtime whose selector moves the clock instead of sleeping.
struct Scene {
    runtime: Runtime,
    manual: ManualSelector,
    start: Instant,
    _replaced: (selector::Replaced, clock::Replaced),
}

impl Scene {
    fn new() -> Self {
        let time = Arc::new(ManualClock::new());
        // One order everywhere: each of the two waits for whoever has replaced it.
        let clock = clock::replace(time.clone());
        let manual = ManualSelector::with_clock(time);
        let selector = selector::replace(Arc::new(manual.clone()));
        Self {
            runtime: Runtime::new().unwrap(),
            start: clock::now(),
            manual,
            _replaced: (selector, clock),
        }
    }

    /// How many times the loop has slept.
    fn sleeps(&self) -> usize {
        let timeouts = self.manual.timeouts();
        timeouts
            .iter()
            .filter(|timeout| **timeout != Some(Duration::ZERO))
            .count()
    }
}

const COUNT: usize = 100_000;

#[test]
fn a_hundred_thousand_sleeps_fire_in_order_and_never_early() {
    let mut scene = Scene::new();
    let (start, latest) = (scene.start, Arc::new(AtomicU64::new(0)));
    let done = Arc::new(AtomicUsize::new(0));
    let mut noise = noise(7);
    // A hundred times, a thousand sleeps each.
    let whens: Vec<_> = (0..COUNT)
        .map(|_| 1 + noise(100))
        .map(|at| at * 7_777_777)
        .collect();
    let (seen, count) = (latest.clone(), done.clone());
    scene.runtime.block_on(async move {
        let tasks: Vec<_> = (whens.into_iter())
            .map(|when| {
                let (latest, done) = (seen.clone(), count.clone());
                executor::spawn(async move {
                    sleep_until(start + Duration::from_nanos(when)).await;
                    assert!(clock::now() >= start + Duration::from_nanos(when), "early");
                    assert!(latest.swap(when, SeqCst) <= when, "a later one came first");
                    done.fetch_add(1, SeqCst);
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
    assert_eq!(done.load(SeqCst), COUNT);
    assert_eq!(scene.runtime.reactor().timers(), 0);
    assert!(
        scene.sleeps() <= 200,
        "slept {} times for a hundred times",
        scene.sleeps()
    );
}

#[test]
fn a_timer_far_away_is_one_sleep() {
    for far in [
        Duration::from_micros(900),
        Duration::from_secs(3),
        Duration::from_secs(86_400 * 365),
    ] {
        let mut scene = Scene::new();
        scene.runtime.block_on(sleep(far));
        assert_eq!(clock::now() - scene.start, far);
        assert_eq!(scene.sleeps(), 1);
    }
}

#[test]
fn sleeps_that_are_given_up_cost_no_sleep_and_leave_nothing() {
    let mut scene = Scene::new();
    scene.runtime.block_on(async {
        for at in 0..COUNT {
            let limit = Duration::from_micros(10 + at as u64 % 1000);
            timeout(limit, executor::yield_now())
                .await
                .expect("no time passes here");
        }
        sleep(Duration::from_secs(1)).await;
    });
    assert_eq!(scene.runtime.reactor().timers(), 0);
    assert_eq!(scene.sleeps(), 1);
}

#[test]
fn an_earlier_sleep_shortens_the_wait_for_a_later_one() {
    let mut scene = Scene::new();
    let woken = Arc::new(Mutex::new(Vec::new()));
    let order = woken.clone();
    let start = scene.start;
    scene.runtime.block_on(async move {
        let tasks = [10_000, 600, 3000].map(|ms| {
            let order = order.clone();
            executor::spawn(async move {
                sleep(Duration::from_millis(ms)).await;
                order.lock().unwrap().push((ms, clock::now() - start));
            })
        });
        for task in tasks {
            task.await.unwrap();
        }
    });
    let expected = [600, 3000, 10_000].map(|ms| (ms, Duration::from_millis(ms)));
    assert_eq!(*woken.lock().unwrap(), expected);
}

#[test]
fn a_sleep_that_another_thread_polls_interrupts_the_loop() {
    // On the clock and the selector of the system: the loop really sleeps.
    let _clock = clock::replace(Arc::new(waker_timer::clock::RealClock));
    let mut runtime = Runtime::new().unwrap();
    let reactor = runtime.reactor().clone();
    let elsewhere = std::thread::spawn(move || {
        let _entered = reactor.enter();
        executor::block_on(sleep(Duration::from_millis(5)));
        // And once more, when the loop sleeps for an hour.
        executor::block_on(sleep(Duration::from_millis(5)));
    });
    let (done, finished) = futures::channel::oneshot::channel();
    let joined = std::thread::spawn(move || {
        elsewhere.join().unwrap();
        done.send(()).unwrap();
    });
    let hour = Duration::from_secs(3600);
    runtime.block_on(timeout(hour, finished)).unwrap().unwrap();
    joined.join().unwrap();
}

#[test]
fn zero_and_the_past_are_ready_at_the_first_poll_and_for_ever_never_is() {
    // There is nothing to wait for, and no reactor needed.
    let mut cx = Context::from_waker(Waker::noop());
    assert!(pin!(sleep(Duration::ZERO)).poll(&mut cx).is_ready());

    let mut scene = Scene::new();
    let start = scene.start;
    scene.runtime.block_on(async move {
        let mut cx = Context::from_waker(Waker::noop());
        let mut poll = |sleep: &mut Sleep| Pin::new(sleep).poll(&mut cx);
        let mut zero = sleep(Duration::ZERO);
        assert_eq!(poll(&mut zero), Poll::Ready(()));
        assert_eq!(poll(&mut zero), Poll::Ready(()));
        assert_eq!(poll(&mut sleep_until(start)), Poll::Ready(()));
        let mut never = sleep(Duration::MAX);
        assert_eq!(never.deadline(), None);
        assert_eq!(poll(&mut never), Poll::Pending);
        assert_eq!(reactor::Reactor::current().timers(), 0);
    });
}

#[test]
fn the_latest_waker_is_woken_and_no_other() {
    let scene = Scene::new();
    let reactor = scene.runtime.reactor();
    let _entered = reactor.enter();
    let woken: Arc<Mutex<Vec<usize>>> = Arc::default();
    let mut sleep = Box::pin(sleep(Duration::from_secs(1)));
    let tasks = [1, 2, 3, 2].map(|number| {
        Arc::new(Numbered {
            number,
            woken: woken.clone(),
        })
    });
    for task in &tasks {
        let waker = Waker::from(task.clone());
        assert!(
            sleep
                .as_mut()
                .poll(&mut Context::from_waker(&waker))
                .is_pending()
        );
    }
    assert_eq!(tasks.each_ref().map(Arc::strong_count), [1, 1, 1, 2]);
    reactor.poll_io(Some(Duration::from_secs(1))).unwrap();
    reactor.fire_timers();
    assert_eq!(*woken.lock().unwrap(), [2]);
    assert!(
        sleep
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
            .is_ready()
    );
    assert!(
        sleep
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
            .is_ready()
    );
}

#[test]
fn a_sleep_that_is_dropped_or_reset_gives_its_place_and_its_waker_back() {
    let scene = Scene::new();
    let reactor = scene.runtime.reactor();
    let _entered = reactor.enter();
    let task = Arc::new(Numbered {
        number: 1,
        woken: Arc::default(),
    });
    let waker = Waker::from(task.clone());
    let mut sleep = Box::pin(sleep(Duration::from_secs(1)));
    assert!(
        sleep
            .as_mut()
            .poll(&mut Context::from_waker(&waker))
            .is_pending()
    );
    assert_eq!((reactor.timers(), Arc::strong_count(&task)), (1, 3));
    sleep.reset(scene.start + Duration::from_secs(5));
    assert_eq!((reactor.timers(), Arc::strong_count(&task)), (0, 2));
    assert!(
        sleep
            .as_mut()
            .poll(&mut Context::from_waker(&waker))
            .is_pending()
    );
    assert_eq!(
        reactor.next_deadline(),
        Some(scene.start + Duration::from_secs(5))
    );
    drop(sleep);
    assert_eq!((reactor.timers(), Arc::strong_count(&task)), (0, 2));
}

#[test]
fn an_interval_does_not_drift_and_passes_over_what_was_missed() {
    let mut scene = Scene::new();
    let start = scene.start;
    let second = Duration::from_secs(1);
    let ticks = scene.runtime.block_on(async move {
        let mut ticks = interval(second);
        let mut seen = Vec::new();
        for work in [300, 999, 2500, 0, 0] {
            seen.push(ticks.tick().await - start);
            sleep(Duration::from_millis(work)).await;
        }
        seen
    });
    // The work after the third tick lasts until 5.5 s: the tick of 4 s is heard then, 5 s is not.
    assert_eq!(ticks, [1, 2, 3, 4, 6].map(|at| at * second));
}

#[test]
fn an_interval_is_a_stream_that_may_begin_whenever_you_like() {
    let mut scene = Scene::new();
    let start = scene.start;
    let ticks: Vec<_> = scene.runtime.block_on(async move {
        interval_at(start, Duration::from_secs(2))
            .take(3)
            .collect()
            .await
    });
    assert_eq!(ticks, [0, 2, 4].map(|at| start + Duration::from_secs(at)));
    assert_eq!(scene.runtime.reactor().timers(), 0);
}

#[test]
fn a_timeout_ends_what_lasts_too_long_and_nothing_else() {
    let mut scene = Scene::new();
    let second = Duration::from_secs(1);
    scene.runtime.block_on(async move {
        let long = timeout(second, sleep(2 * second)).await;
        assert_eq!(
            std::io::Error::from(long.unwrap_err()).kind(),
            std::io::ErrorKind::TimedOut
        );
        assert_eq!(
            timeout(2 * second, async {
                sleep(second).await;
                7
            })
            .await,
            Ok(7)
        );
        assert_eq!(timeout(Duration::ZERO, async { 7 }).await, Ok(7));
        assert!(
            timeout(Duration::ZERO, std::future::pending::<()>())
                .await
                .is_err()
        );
        assert_eq!(timeout(Duration::MAX, sleep(second)).await, Ok(()));
    });
    assert_eq!(clock::now() - scene.start, 3 * second);
    assert_eq!(scene.runtime.reactor().timers(), 0);
}
