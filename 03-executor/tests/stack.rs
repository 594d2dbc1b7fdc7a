//! One program through the layers of three stages: timers, a notification and a future of stage 01, in tasks that
//! wait for each other.
//!
//! Whatever of the layers is the learner's, the program does the same. Each step waits for the one before it, so
//! the order of the trace is no matter of luck.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    task::{Wake, Waker},
    time::Duration,
};

use course::{Exercise, Recorder, grade};
use executor::{Executor, JoinError, Spawner, block_on, new_executor_and_spawner, yield_now};
use waker_timer::{Delay, ManualClock, Notify, TimerFuture, clock};

const STACK: Exercise = Exercise {
    name: "stack",
    folder: env!("CARGO_MANIFEST_DIR"),
    stage: "03-executor",
    learners: cfg!(any(
        feature = "my-block-on",
        feature = "my-local-executor",
        feature = "my-run",
        feature = "my-task",
        feature = "my-yield-now"
    )),
};

const HOUR: Duration = Duration::from_secs(3600);

#[test]
fn tasks_wait_for_time_and_for_each_other() {
    grade!(STACK, lesson, |rec| {
        let time = Arc::new(ManualClock::new());
        let _replaced = clock::replace(time.clone());
        let calls = Arc::new(Calls::default());
        let (mut executor, spawner) = Executor::new(Waker::from(calls.clone()));
        let bell = Arc::new(Notify::new());
        spawner.spawn(ringer(rec.clone(), Arc::clone(&bell)));
        spawner.spawn(guest(rec.clone(), bell));
        spawner.spawn(parent(rec.clone(), spawner.clone()));
        drop(spawner);
        drive(rec, &time, &mut executor);
        rec.note("all tasks are done");
    });
}

#[test]
fn a_thread_sleeps_until_the_work_is_done() {
    grade!(STACK, |rec| {
        let _real = clock::replace(Arc::new(clock::RealClock));
        let (mut executor, spawner) = new_executor_and_spawner();
        let handle = spawner.spawn(async {
            TimerFuture::new(Duration::from_millis(1)).await;
            yield_now().await;
            "howdy"
        });
        drop(spawner);
        executor.run();
        let word = block_on(handle).expect("the task has run to its end");
        rec.note(format!("the task said {word:?}"));
    });
}

/// Wakes that came from elsewhere; the tests look at the queue anyway.
#[derive(Default)]
struct Calls(AtomicUsize);

impl Wake for Calls {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

/// Runs what is ready; when nothing is, an hour passes.
fn drive(rec: &Recorder, time: &ManualClock, executor: &mut Executor) {
    loop {
        executor.turn(100);
        if executor.is_done() {
            return;
        }
        if !executor.has_ready() {
            rec.note("an hour passes");
            time.advance(HOUR);
        }
    }
}

/// Rings after an hour.
async fn ringer(rec: Recorder, bell: Arc<Notify>) {
    TimerFuture::new(HOUR).await;
    rec.note("ringer rings");
    bell.notify_one();
}

/// Waits for the bell, and stays for an hour.
async fn guest(rec: Recorder, bell: Arc<Notify>) {
    bell.notified().await;
    rec.note("guest hears the bell");
    Delay::new(HOUR).await;
    rec.note("guest leaves");
}

/// Has three children: one gives a value, one panics, and one has to be called back.
async fn parent(rec: Recorder, spawner: Spawner) {
    let value = spawner.spawn(async {
        yield_now().await;
        7
    });
    let panic = spawner.spawn(async { std::panic::panic_any("no luck") });
    let never = spawner.spawn(std::future::pending::<()>());
    rec.note(format!("parent gets {:?}", value.await.ok()));
    let panicked = matches!(panic.await, Err(JoinError::Panicked(_)));
    rec.note(format!("parent hears of a panic: {panicked}"));
    never.abort();
    let cancelled = matches!(never.await, Err(JoinError::Cancelled));
    rec.note(format!("parent hears of the end: {cancelled}"));
}
