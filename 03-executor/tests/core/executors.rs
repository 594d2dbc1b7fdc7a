//! The executors that are made of `Executor`: one for futures that stay, one with a main future.

use std::cell::RefCell;
use std::future::{pending, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;
use std::task::Poll;
use std::thread;

use executor::{
    CurrentThread, JoinError, LocalExecutor, block_on, new_executor_and_spawner, spawn,
    spawn_local, yield_now,
};

use crate::tools::{Count, Event, in_time, times};

#[test]
fn a_local_task_gives_what_is_not_send() {
    let mut executor = LocalExecutor::new();
    let shared = Rc::new(RefCell::new(Vec::new()));
    let tasks: Vec<_> = (0..3)
        .map(|number| {
            let shared = Rc::clone(&shared);
            executor.spawn_local(async move {
                yield_now().await;
                shared.borrow_mut().push(number);
                shared
            })
        })
        .collect();
    executor.run_until(async {
        for task in tasks {
            drop(task.await.expect("it is run to its end"));
        }
    });
    assert_eq!(*shared.borrow(), [0, 1, 2]);
    assert_eq!(Rc::strong_count(&shared), 1);
}

#[test]
fn a_local_task_may_panic_and_may_be_aborted() {
    let mut executor = LocalExecutor::new();
    let count = Count::default();
    let (first, second) = (count.one(), count.one());
    let bad = executor.spawn_local(async move {
        let _first = first;
        yield_now().await;
        resume_unwind(Box::new("on purpose"));
    });
    let waits = executor.spawn_local(async move {
        let _second = second;
        pending::<()>().await;
    });
    let good = executor.spawn_local(async {});
    executor.run_until(async {
        good.await.expect("it is run to its end");
        assert!(matches!(bad.await, Err(JoinError::Panicked(_))));
        waits.abort();
        assert!(matches!(waits.await, Err(JoinError::Cancelled)));
    });
    assert_eq!(count.get(), 0);
}

/// A value that may be dropped on its own thread alone.
struct Here(
    thread::ThreadId,
    #[allow(dead_code, reason = "dropped")] crate::tools::One,
);

impl Here {
    fn new(count: &Count) -> Self {
        Self(thread::current().id(), count.one())
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        assert_eq!(self.0, thread::current().id());
    }
}

#[test]
fn local_futures_are_dropped_on_their_thread_whoever_wakes_them_meanwhile() {
    in_time(|| {
        for round in 0..times(300, 6) {
            let (count, event) = (Count::default(), Event::default());
            let ours = count.clone();
            let local = thread::spawn(move || {
                let mut executor = LocalExecutor::new();
                for _ in 0..3 {
                    let (here, waits) = (Here::new(&ours), event.clone());
                    drop(executor.spawn_local(async move {
                        let _here = here;
                        waits.happens().await;
                        pending::<()>().await;
                    }));
                }
                executor.run_until(yield_now());
                let wakes = event.clone();
                let other = thread::spawn(move || {
                    wakes.wake();
                    drop(wakes.wakers());
                });
                if round % 2 == 0 {
                    executor.run_until(yield_now());
                }
                drop(executor);
                drop(event);
                other
            });
            // What the other thread was just waking goes, at the latest, when its own thread ends.
            let other = local.join().expect("no panic");
            other.join().expect("no panic");
            assert_eq!(count.get(), 0, "round {round}");
        }
    });
}

#[test]
fn a_local_task_whose_executor_is_dropped_elsewhere_waits_for_its_thread() {
    let count = Count::default();
    let ours = count.clone();
    let local = thread::spawn(move || {
        let (mut executor, spawner) = new_executor_and_spawner();
        let here = Here::new(&ours);
        let handle = spawn_local(&spawner, async move {
            let _here = here;
            pending::<()>().await;
        });
        executor.turn(1);
        thread::spawn(move || drop(executor))
            .join()
            .expect("no panic");
        assert_eq!(ours.get(), 1, "it cannot be dropped there");
        assert!(matches!(block_on(handle), Err(JoinError::Cancelled)));
        // The next one that is spawned here finds what is left.
        drop(spawn_local(&spawner, async {}));
        assert_eq!(ours.get(), 0);
    });
    local.join().expect("no panic");
    assert_eq!(count.get(), 0);
}

#[test]
fn a_local_executor_runs_until_its_tasks_are_done() {
    in_time(|| {
        let executor = LocalExecutor::new();
        let (count, event) = (Count::default(), Event::default());
        let (one, waits) = (count.one(), event.clone());
        let local = executor.spawn_local(async move {
            let _one = one;
            waits.happens().await;
        });
        let spawner = executor.spawner();
        let other = thread::spawn(move || {
            drop(spawner.spawn(async move { event.happen() }));
        });
        executor.run();
        other.join().expect("no panic");
        assert!(local.is_finished());
        assert_eq!(count.get(), 0);
    });
}

#[test]
fn tasks_stay_with_their_runtime_from_one_block_on_to_the_next() {
    let mut runtime = CurrentThread::new();
    let count = Count::default();
    let one = count.one();
    let mut task = runtime.spawn(async move {
        yield_now().await;
        one
    });
    runtime.block_on(async {});
    runtime.block_on(async {
        let task = poll_fn(|cx| std::pin::Pin::new(&mut task).poll(cx));
        drop(task.await.expect("it is run to its end"));
    });
    assert_eq!(count.get(), 0);
    let one = count.one();
    drop(runtime.spawn(async move {
        let _one = one;
        pending::<()>().await;
    }));
    runtime.block_on(yield_now());
    drop(runtime);
    assert_eq!(count.get(), 0);
}

#[test]
fn a_main_future_that_panics_leaves_the_runtime_and_its_tasks_as_they_are() {
    let mut runtime = CurrentThread::new();
    let count = Count::default();
    let one = count.one();
    let task = runtime.spawn(async move {
        yield_now().await;
        yield_now().await;
        drop(one);
        5
    });
    let panic = catch_unwind(AssertUnwindSafe(|| {
        runtime.block_on(async {
            spawn(async {}).await.expect("it is run to its end");
            resume_unwind(Box::new("on purpose"));
        })
    }));
    assert!(panic.is_err());
    assert_eq!(runtime.block_on(task).expect("it is run to its end"), 5);
    assert_eq!(count.get(), 0);
}

#[test]
fn a_main_future_is_woken_from_any_thread() {
    in_time(|| {
        for _ in 0..times(300, 6) {
            let event = Event::default();
            let happens = event.clone();
            let other = thread::spawn(move || happens.happen());
            CurrentThread::new().block_on(event.happens());
            other.join().expect("no panic");
            drop(event.wakers());
            let mut polls = 0;
            LocalExecutor::new().run_until(poll_fn(|cx| {
                polls += 1;
                let waker = cx.waker().clone();
                drop(thread::spawn(move || waker.wake()));
                if polls == 2 {
                    Poll::Ready(())
                } else {
                    Poll::Pending
                }
            }));
        }
    });
}
