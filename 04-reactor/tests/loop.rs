//! The loop of tasks, timers and I/O, with time and readiness in the test's hands.

#[path = "support/fake.rs"]
mod fake;
#[path = "support/watchdog.rs"]
mod watchdog;

use std::future::{pending, poll_fn};
use std::sync::atomic::{
    AtomicBool, AtomicUsize,
    Ordering::{Relaxed, SeqCst},
};
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use executor::yield_now;
use fake::{Fake, Scene};
use reactor::{Direction, Registered, Runtime, Signals, Sleep, sleep};

const SECOND: Duration = Duration::from_secs(1);

/// Something to wait for that any thread can bring about.
#[derive(Clone, Default)]
struct Flag(Arc<(AtomicBool, Mutex<Option<Waker>>)>);

impl Flag {
    fn raise(&self) {
        self.0.0.store(true, SeqCst);
        let waker = self.0.1.lock().unwrap().take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    async fn wait(self) {
        poll_fn(|cx| {
            *self.0.1.lock().unwrap() = Some(cx.waker().clone());
            match self.0.0.load(SeqCst) {
                true => Poll::Ready(()),
                false => Poll::Pending,
            }
        })
        .await;
    }
}

/// Does something on another thread, and waits until it is done.
fn elsewhere(act: impl FnOnce() + Send + 'static) {
    thread::spawn(act).join().unwrap();
}

#[test]
fn a_wake_between_the_last_look_and_the_sleep_is_not_lost() {
    let scene = Scene::set();
    let mut runtime = Runtime::new().unwrap();
    for in_a_task in [false, true] {
        let flag = Flag::default();
        let raised = flag.clone();
        scene.manual.before_sleep(move |_| {
            let raised = raised.clone();
            elsewhere(move || raised.raise());
        });
        let interrupts = scene.manual.interrupts();
        if in_a_task {
            let task = runtime.spawn(flag.wait());
            runtime.block_on(task).unwrap();
        } else {
            runtime.block_on(flag.wait());
        }
        assert_eq!(scene.manual.interrupts(), interrupts + 1);
    }
}

#[test]
fn a_task_from_another_thread_ends_the_sleep() {
    let scene = Scene::set();
    let mut runtime = Runtime::new().unwrap();
    let flag = Flag::default();
    let (spawner, raised) = (runtime.spawner(), flag.clone());
    scene.manual.before_sleep(move |_| {
        let (spawner, raised) = (spawner.clone(), raised.clone());
        elsewhere(move || drop(spawner.spawn(async move { raised.raise() })));
    });
    runtime.block_on(flag.wait());
}

#[test]
fn an_earlier_timer_from_another_thread_shortens_the_sleep() {
    let scene = Scene::set();
    let mut runtime = Runtime::new().unwrap();
    let (count, waker) = fake::Count::new();
    let (reactor, kept) = (runtime.reactor().clone(), Arc::new(Mutex::new(None)));
    scene.manual.before_sleep({
        let kept = Arc::clone(&kept);
        move |_| {
            if kept.lock().unwrap().is_some() {
                return;
            }
            let (reactor, kept, waker) = (reactor.clone(), Arc::clone(&kept), waker.clone());
            elsewhere(move || {
                let _reactor = reactor.enter();
                let mut early = Box::pin(sleep(SECOND));
                let polled = early.as_mut().poll(&mut Context::from_waker(&waker));
                assert!(polled.is_pending());
                *kept.lock().unwrap() = Some(early);
            });
        }
    });
    runtime.block_on(sleep(10 * SECOND));
    assert_eq!(scene.timeouts(), [10.0, 1.0, 9.0]);
    assert_eq!(count.get(), 1);
}

#[test]
fn sleeps_once_for_each_time_that_a_timer_is_due() {
    let scene = Scene::set();
    let mut runtime = Runtime::new().unwrap();
    runtime.block_on(async {
        let tasks: Vec<_> = [3, 1, 1, 2]
            .map(|seconds| executor::spawn(sleep(seconds * SECOND)))
            .into();
        for task in tasks {
            task.await.unwrap();
        }
    });
    assert_eq!(scene.timeouts(), [1.0, 1.0, 1.0]);
    assert_eq!(scene.passed(), 3 * SECOND);
}

#[test]
fn sleeps_without_a_timeout_when_there_is_no_timer() {
    let scene = Scene::set();
    let mut runtime = Runtime::new().unwrap();
    let (source, id) = scene.source(runtime.reactor());
    let manual = scene.manual.clone();
    scene.manual.before_sleep(move |_| {
        let signals = Signals::READABLE;
        manual.inject(reactor::Event { id, signals });
    });
    let _tick = runtime.block_on(poll_fn(|cx| source.poll_ready(Direction::Read, cx)));
    assert_eq!(scene.timeouts(), [-1.0]);
}

#[test]
fn a_signal_neither_ends_nor_lengthens_a_sleep() {
    let scene = Scene::set();
    let mut runtime = Runtime::new().unwrap();
    (scene.manual).fail_with_interrupted(3, Duration::from_millis(250));
    runtime.block_on(sleep(SECOND));
    assert_eq!(scene.timeouts(), [1.0, 0.75, 0.5, 0.25]);
    assert_eq!(scene.passed(), SECOND);
}

#[test]
fn a_storm_of_signals_ends_with_the_timeout() {
    let scene = Scene::set();
    let mut runtime = Runtime::new().unwrap();
    scene.manual.fail_with_interrupted(1_000, SECOND);
    runtime.block_on(sleep(5 * SECOND));
    assert!(scene.passed() < 6 * SECOND, "{:?}", scene.passed());
}

#[test]
fn wakes_of_the_loops_own_thread_interrupt_nothing() {
    let scene = Scene::set();
    let mut runtime = Runtime::new().unwrap();
    let (source, id) = scene.source(runtime.reactor());
    // The loop counts as asleep when these events come.
    let manual = scene.manual.clone();
    let mut signals = Some(Signals::READABLE | Signals::WRITABLE);
    scene.manual.before_sleep(move |_| {
        if let Some(signals) = signals.take() {
            manual.inject(reactor::Event { id, signals });
        }
    });
    runtime.block_on(async {
        let timer = executor::spawn(sleep(SECOND));
        let source = Arc::new(source);
        let shared = Arc::clone(&source);
        let reader = executor::spawn(async move {
            let _tick = poll_fn(|cx| shared.poll_ready(Direction::Read, cx)).await;
        });
        // A wake of the main future, one of a task, and one of the main future by that task.
        let _tick = poll_fn(|cx| source.poll_ready(Direction::Write, cx)).await;
        reader.await.unwrap();
        executor::spawn(yield_now()).await.unwrap();
        sleep(SECOND).await;
        timer.await.unwrap();
    });
    assert_eq!(scene.manual.interrupts(), 0);
}

#[test]
fn looks_at_the_sockets_once_for_many_polls() {
    let scene = Scene::set();
    let mut runtime = Runtime::new().unwrap();
    runtime.block_on(async {
        let tasks: Vec<_> = (0..1_000).map(|_| executor::spawn(yield_now())).collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
    // 2,000 polls and some of the main future.
    let looks = scene.timeouts().len();
    assert!(looks <= 200, "{looks} system calls");
}

#[test]
fn tasks_that_never_rest_keep_neither_sockets_nor_timers_waiting() {
    let scene = Scene::set();
    let mut runtime = Runtime::new().unwrap();
    let (source, id) = scene.source(runtime.reactor());
    let manual = scene.manual.clone();
    let polls = Arc::new(AtomicUsize::new(0));
    for _ in 0..3 {
        let (manual, time, polls) = (manual.clone(), scene.time.clone(), Arc::clone(&polls));
        runtime.spawn(async move {
            loop {
                match polls.fetch_add(1, Relaxed) {
                    1_000 => manual.inject(reactor::Event {
                        id,
                        signals: Signals::READABLE,
                    }),
                    2_000 => time.advance(SECOND),
                    10_000.. => return,
                    _ => {}
                }
                yield_now().await;
            }
        });
    }
    scene
        .manual
        .before_sleep(|_| panic!("the tasks have given up"));
    runtime.block_on(async {
        let late = sleep(SECOND);
        let _tick = poll_fn(|cx| source.poll_ready(Direction::Read, cx)).await;
        let seen = polls.load(Relaxed);
        assert!(seen < 1_500, "the event was seen after {seen} polls");
        late.await;
    });
    let seen = polls.load(Relaxed);
    assert!(seen < 2_500, "the timer fired after {seen} polls");
}

#[test]
fn a_main_future_that_never_rests_keeps_neither_tasks_nor_sockets_waiting() {
    let scene = Scene::set();
    let mut runtime = Runtime::new().unwrap();
    let (source, id) = scene.source(runtime.reactor());
    scene.inject(id, Signals::READABLE);
    let task = runtime.spawn(async move {
        let _tick = poll_fn(|cx| source.poll_ready(Direction::Read, cx)).await;
    });
    runtime.block_on(async {
        let mut rounds = 0;
        while !task.is_finished() {
            rounds += 1;
            assert!(rounds < 2_000, "the task does not get on");
            yield_now().await;
        }
    });
}

#[test]
fn a_task_that_is_dropped_while_it_waits_leaves_nothing() {
    let scene = Scene::set();
    let mut runtime = Runtime::new().unwrap();
    let reactor = runtime.reactor().clone();
    let alive = Arc::new(());
    let held = Arc::downgrade(&alive);
    let task = runtime.spawn(async move {
        let _alive = alive;
        let source = Registered::new(Fake).unwrap();
        let mut timer = Box::pin(sleep(SECOND));
        poll_fn(|cx| {
            assert!(timer.as_mut().poll(cx).is_pending());
            for direction in [Direction::Read, Direction::Write] {
                while let Poll::Ready(tick) = source.poll_ready(direction, cx) {
                    source.clear_ready(direction, tick);
                }
            }
            Poll::<()>::Pending
        })
        .await;
    });
    runtime.block_on(yield_now());
    assert_eq!((reactor.sources(), reactor.timers()), (1, 1));
    task.abort();
    assert!(runtime.block_on(task).unwrap_err().is_cancelled());
    assert_eq!((reactor.sources(), reactor.timers()), (0, 0));
    assert_eq!(scene.manual.registered(), 0);
    assert!(held.upgrade().is_none());
}

#[test]
fn a_runtime_that_is_dropped_drops_its_tasks_with_their_sources() {
    let scene = Scene::set();
    let mut runtime = Runtime::new().unwrap();
    let reactor = runtime.reactor().clone();
    for _ in 0..10 {
        runtime.spawn(async {
            let source = Registered::new(Fake).unwrap();
            let (wait, _clock) = (sleep(SECOND), sleep(SECOND));
            let _ = poll_fn(|cx| source.poll_io(Direction::Read, cx, |_| would_block())).await;
            wait.await;
        });
    }
    runtime.block_on(yield_now());
    assert_eq!(reactor.sources(), 10);
    drop(runtime);
    assert_eq!((reactor.sources(), reactor.timers()), (0, 0));
    assert_eq!(scene.manual.registered(), 0);
}

fn would_block() -> std::io::Result<()> {
    Err(std::io::ErrorKind::WouldBlock.into())
}

#[test]
fn a_hundred_threads_register_and_wake_while_the_loop_sleeps() {
    let scene = Scene::set();
    let mut runtime = Runtime::new().unwrap();
    let reactor = runtime.reactor().clone();
    // Each source is readable as soon as it is registered.
    let manual = scene.manual.clone();
    scene.manual.in_register(move |registered| {
        manual.inject(reactor::Event {
            id: registered.id,
            signals: Signals::READABLE,
        });
    });
    let flags: Vec<Flag> = (0..100).map(|_| Flag::default()).collect();
    let threads: Vec<_> = (flags.iter().cloned())
        .map(|flag| {
            let (reactor, spawner) = (reactor.clone(), runtime.spawner());
            thread::spawn(move || {
                let source = Registered::with_reactor(Fake, &reactor).unwrap();
                let (count, waker) = fake::Count::new();
                let mut cx = Context::from_waker(&waker);
                // It may have seen the event already, or will be woken by it.
                let polled = source.poll_io(Direction::Read, &mut cx, |_| would_block());
                assert!(polled.is_pending());
                drop((source, count));
                let handle = spawner.spawn(async {});
                flag.raise();
                executor::block_on(handle).unwrap();
            })
        })
        .collect();
    runtime.block_on(async {
        for flag in flags {
            flag.wait().await;
        }
    });
    // The tasks that came after the last flag.
    let all = executor_runs_until_joined(&mut runtime, threads);
    assert_eq!(
        (all, reactor.sources(), scene.manual.registered()),
        (100, 0, 0)
    );
}

/// Keeps the runtime going until the threads, which wait for tasks of it, have ended.
fn executor_runs_until_joined(
    runtime: &mut Runtime,
    threads: Vec<thread::JoinHandle<()>>,
) -> usize {
    let (flag, joined) = (Flag::default(), threads.len());
    let raised = flag.clone();
    let joiner = thread::spawn(move || {
        let results: Vec<_> = threads.into_iter().map(thread::JoinHandle::join).collect();
        raised.raise();
        assert!(results.iter().all(Result::is_ok));
    });
    runtime.block_on(flag.wait());
    joiner.join().unwrap();
    joined
}

#[test]
fn shuts_down_while_others_wake_its_tasks() {
    let _scene = Scene::set();
    for _ in 0..50 {
        let mut runtime = Runtime::new().unwrap();
        let (send, wakers) = mpsc::channel::<Waker>();
        let alive = Arc::new(());
        for _ in 0..4 {
            let (send, alive) = (send.clone(), Arc::clone(&alive));
            runtime.spawn(async move {
                let _alive = alive;
                poll_fn(|cx| {
                    send.send(cx.waker().clone()).ok();
                    Poll::<()>::Pending
                })
                .await;
            });
        }
        runtime.block_on(yield_now());
        let wakers: Vec<_> = wakers.try_iter().collect();
        let stop = Arc::new(AtomicBool::new(false));
        let threads = [0, 1].map(|_| {
            let (wakers, stop) = (wakers.clone(), Arc::clone(&stop));
            thread::spawn(move || {
                while !stop.load(Relaxed) {
                    wakers.iter().for_each(Waker::wake_by_ref);
                }
            })
        });
        runtime.block_on(yield_now());
        drop(runtime);
        stop.store(true, Relaxed);
        threads
            .into_iter()
            .for_each(|thread| thread.join().unwrap());
        drop(wakers);
        assert_eq!(Arc::strong_count(&alive), 1, "a task outlived its runtime");
    }
}

#[test]
fn a_sleep_that_was_made_outside_finds_the_runtime_that_polls_it() {
    let scene = Scene::set();
    let outside: Sleep = sleep(SECOND);
    Runtime::new().unwrap().block_on(outside);
    assert_eq!(scene.passed(), SECOND);
}

#[test]
fn a_panic_in_the_main_future_leaves_the_runtime_usable() {
    let scene = Scene::set();
    let mut runtime = Runtime::new().unwrap();
    let task = runtime.spawn(sleep(SECOND));
    let main = std::panic::AssertUnwindSafe(|| runtime.block_on(async { panic!("as it should") }));
    assert!(std::panic::catch_unwind(main).is_err());
    runtime.block_on(task).unwrap();
    assert_eq!(scene.passed(), SECOND);
}

#[test]
fn a_runtime_inside_a_runtime_is_refused() {
    let _scene = Scene::set();
    let nested = std::panic::catch_unwind(|| {
        Runtime::new().unwrap().block_on(async {
            Runtime::new().unwrap().block_on(pending::<()>());
        });
    });
    assert!(nested.is_err());
}
