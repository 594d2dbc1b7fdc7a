//! The executor of `src/run.rs`, with all that it is made of, on the types of loom: a thread that runs
//! and sleeps, and another that wakes, spawns and aborts, in every order of their steps.
//!
//! A wake that is lost shows as a deadlock, because the real [`Parker`] sleeps here. The protocol of the
//! task alone is in `task_model.rs`; here it is one part among others, and fewer orders are tried.

/// The variables of each of loom's threads: they are no threads of the system.
macro_rules! thread_local {
    ($(#[$meta:meta])* static $name:ident: $type:ty = const $init:block;) => {
        loom::thread_local! { $(#[$meta])* static $name: $type = $init; }
    };
}

#[path = "../src/block_on.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "a library's module, in a program"
)]
mod block_on;
#[path = "../src/home.rs"]
mod home;
#[path = "../src/inbox.rs"]
mod inbox;
#[path = "../src/join_handle.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "a library's module, in a program"
)]
mod join_handle;
#[path = "../src/joinable.rs"]
#[allow(unreachable_pub, reason = "a library's module, in a program")]
mod joinable;
#[path = "../src/lock.rs"]
mod lock;
#[path = "../src/polling.rs"]
mod polling;
#[path = "../src/run.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "a library's module, in a program"
)]
mod run;
#[path = "../src/slab.rs"]
mod slab;
#[path = "../src/task.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "a library's module, in a program"
)]
mod task;

/// Nothing here is nested.
mod enter {
    pub(crate) struct Entered;

    pub(crate) fn enter(_: &'static str) -> Entered {
        Entered
    }
}

/// What goes through here, the model sees.
mod sync {
    pub(crate) use loom::cell::UnsafeCell;
    pub(crate) use loom::sync::{Arc, Condvar, Mutex, MutexGuard, atomic};
    pub(crate) use std::sync::PoisonError;
}

pub use block_on::Parker;
pub use executor::JoinError;
pub use join_handle::{JoinHandle, JoinState};
pub use joinable::Joinable;

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize as Count, Ordering::SeqCst};
use std::task::{Context, Poll, Waker};

use loom::sync::Mutex;
use loom::sync::atomic::{AtomicBool, Ordering::Relaxed};
use loom::thread;

use lock::lock;
use run::{Executor, Spawner, new_executor_and_spawner};

/// What a task waits for.
#[derive(Clone)]
struct Event {
    /// As weak as can be: that a poll sees what went before its wake is not the event's business.
    happened: Arc<AtomicBool>,
    waker: Arc<Mutex<Option<Waker>>>,
}

impl Event {
    fn new() -> Self {
        Self {
            happened: Arc::new(AtomicBool::new(false)),
            waker: Arc::new(Mutex::new(None)),
        }
    }

    fn poll(&self, cx: &Context<'_>) -> Poll<()> {
        let old = lock(&self.waker).replace(cx.waker().clone());
        drop(old);
        match self.happened.load(Relaxed) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    }

    /// For any thread, also before the task's first poll.
    fn happen(&self) {
        self.happened.store(true, Relaxed);
        let waker = lock(&self.waker).take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// Counts when it is dropped.
struct Drops(Arc<Count>);

impl Drop for Drops {
    fn drop(&mut self) {
        self.0.fetch_add(1, SeqCst);
    }
}

/// A task that waits for the event, and counts when it is dropped.
fn spawn(spawner: &Spawner, event: &Event, dropped: &Arc<Count>) -> JoinHandle<()> {
    let (event, drops) = (event.clone(), Drops(Arc::clone(dropped)));
    spawner.spawn(async move {
        let _drops = drops;
        poll_fn(|cx| event.poll(cx)).await;
    })
}

fn result<T>(handle: &mut JoinHandle<T>) -> Poll<Result<T, JoinError>> {
    Pin::new(handle).poll(&mut Context::from_waker(Waker::noop()))
}

fn is_ok(handle: &mut JoinHandle<()>) -> bool {
    matches!(result(handle), Poll::Ready(Ok(())))
}

fn is_cancelled(handle: &mut JoinHandle<()>) -> bool {
    matches!(result(handle), Poll::Ready(Err(JoinError::Cancelled)))
}

/// Tries the orders in which at most three steps interrupt the other thread.
fn explore(model: impl Fn(Executor, Spawner, Event, Arc<Count>) + Send + Sync + 'static) {
    let mut checker = loom::model::Builder::new();
    checker.preemption_bound = Some(3);
    checker.check(move || {
        let (executor, spawner) = new_executor_and_spawner();
        model(executor, spawner, Event::new(), Arc::default());
    });
}

#[test]
fn a_wake_reaches_a_thread_that_runs_or_goes_to_sleep() {
    explore(|mut executor, spawner, event, dropped| {
        let mut handle = spawn(&spawner, &event, &dropped);
        drop(spawner);
        let source = thread::spawn(move || event.happen());
        executor.run();
        source.join().expect("it does not panic");
        assert!(is_ok(&mut handle));
        assert_eq!(dropped.load(SeqCst), 1);
    });
}

#[test]
fn a_task_that_is_spawned_elsewhere_is_run() {
    explore(|mut executor, spawner, _, dropped| {
        let event = Event::new();
        event.happen();
        let other = thread::spawn(move || spawn(&spawner, &event, &dropped));
        executor.run();
        let mut handle = other.join().expect("it does not panic");
        assert!(is_ok(&mut handle));
    });
}

#[test]
fn the_last_spawner_ends_the_sleep() {
    explore(|mut executor, spawner, _, _| {
        let other = thread::spawn(move || drop(spawner));
        executor.run();
        other.join().expect("it does not panic");
    });
}

#[test]
fn an_abort_reaches_a_thread_that_runs_or_goes_to_sleep() {
    explore(|mut executor, spawner, event, dropped| {
        let mut handle = spawn(&spawner, &event, &dropped);
        drop(spawner);
        let other = thread::spawn(move || {
            handle.abort();
            handle
        });
        executor.run();
        handle = other.join().expect("it does not panic");
        assert!(is_cancelled(&mut handle));
        assert_eq!(dropped.load(SeqCst), 1);
    });
}

#[test]
fn a_wake_may_meet_the_executors_end() {
    explore(|mut executor, spawner, event, dropped| {
        let mut handle = spawn(&spawner, &event, &dropped);
        executor.turn(1);
        let source = thread::spawn(move || event.happen());
        drop(executor);
        source.join().expect("it does not panic");
        assert!(is_cancelled(&mut handle));
        assert_eq!(dropped.load(SeqCst), 1);
    });
}

#[test]
fn an_abort_may_meet_the_executors_end() {
    explore(|mut executor, spawner, event, dropped| {
        let mut handle = spawn(&spawner, &event, &dropped);
        executor.turn(1);
        let other = thread::spawn(move || {
            handle.abort();
            handle
        });
        drop(executor);
        handle = other.join().expect("it does not panic");
        assert!(is_cancelled(&mut handle));
        assert_eq!(dropped.load(SeqCst), 1);
    });
}

#[test]
fn a_spawn_may_meet_the_executors_end() {
    explore(|executor, spawner, event, dropped| {
        let drops = Arc::clone(&dropped);
        let other = thread::spawn(move || spawn(&spawner, &event, &drops));
        drop(executor);
        let mut handle = other.join().expect("it does not panic");
        assert!(is_cancelled(&mut handle));
        assert_eq!(dropped.load(SeqCst), 1);
    });
}
