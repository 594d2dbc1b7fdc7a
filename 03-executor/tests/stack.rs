//! One program for each kind of executor, through the layers of three stages: timers, notifications, tasks that
//! wait for each other, futures that stay, and threads that work.
//!
//! Whatever of the layers is the learner's, the programs do the same. What is in a trace waits for what is in the
//! line before it, so the order of the lines is no matter of luck. What threads do side by side is only counted.

use std::{
    cell::RefCell,
    future::pending,
    panic::panic_any,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    task::{Wake, Waker},
    time::Duration,
};

use course::{Exercise, Recorder, grade};
use executor::{
    CurrentThread, Executor, JoinError, LocalExecutor, Spawner, ThreadPool, block_on,
    new_executor_and_spawner, spawn_blocking, spawn_local, yield_now,
};
use waker_timer::{
    Delay, ManualClock, Notify, TimerFuture,
    clock::{self, RealClock, Replaced},
};

const STACK: Exercise = Exercise {
    name: "stack",
    folder: env!("CARGO_MANIFEST_DIR"),
    stage: "03-executor",
    learners: cfg!(any(
        feature = "my-block-on",
        feature = "my-join-handle",
        feature = "my-local-executor",
        feature = "my-run",
        feature = "my-spawn-blocking",
        feature = "my-task",
        feature = "my-thread-pool",
        feature = "my-yield-now",
    )),
};

const HOUR: Duration = Duration::from_secs(3600);

/// On the real clock.
const MOMENT: Duration = Duration::from_millis(1);

/// The real clock, for as long as the guard lives: other tests of this process wait with theirs.
fn real_time() -> Replaced {
    clock::replace(Arc::new(RealClock))
}

#[test]
fn tasks_wait_for_time_and_for_each_other() {
    grade!(STACK, lesson, |rec| {
        let time = Arc::new(ManualClock::new());
        let _replaced = clock::replace(time.clone());
        let (mut executor, spawner) = Executor::new(Waker::from(Arc::<Calls>::default()));
        let bell = Arc::new(Notify::new());
        spawner.spawn(ringer(rec.clone(), Arc::clone(&bell)));
        spawner.spawn(guest(rec.clone(), bell));
        spawner.spawn(parent(rec.clone(), spawner.clone()));
        drop(spawner);
        drive(rec, &time, &mut executor);
        rec.note("all tasks are done");
    });
}

/// Wakes that came from elsewhere; the test looks at the queue anyway.
#[derive(Default)]
struct Calls(AtomicUsize);

impl Wake for Calls {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

/// How long a day in the trace may be.
const HOURS: usize = 12;

/// Runs what is ready; when nothing is, an hour passes.
///
/// Fails with `lost-wakeup` if that leads nowhere.
fn drive(rec: &Recorder, time: &ManualClock, executor: &mut Executor) {
    for _ in 0..HOURS {
        while executor.has_ready() {
            executor.turn(100);
        }
        if executor.is_done() {
            return;
        }
        rec.note("an hour passes");
        time.advance(HOUR);
    }
    rec.fail(
        "lost-wakeup",
        format!(
            "{HOURS} hours have passed, and a task still waits for one of them, or for another task"
        ),
    );
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
    let panic = spawner.spawn(async { panic_any("no luck") });
    let never = spawner.spawn(pending::<()>());
    rec.note(format!("parent gets {:?}", value.await.ok()));
    let panicked = matches!(panic.await, Err(JoinError::Panicked(_)));
    rec.note(format!("parent hears of a panic: {panicked}"));
    never.abort();
    let cancelled = matches!(never.await, Err(JoinError::Cancelled));
    rec.note(format!("parent hears of the end: {cancelled}"));
}

#[test]
fn a_thread_sleeps_until_the_work_is_done() {
    grade!(STACK, lesson, |rec| {
        let _time = real_time();
        let (mut executor, spawner) = new_executor_and_spawner();
        let handle = spawner.spawn(async {
            TimerFuture::new(MOMENT).await;
            yield_now().await;
            "howdy"
        });
        drop(spawner);
        executor.run();
        let word = block_on(handle).expect("the task has run to its end");
        rec.note(format!("the task has said {word:?}"));

        let word = CurrentThread::new().block_on(async {
            let task = executor::spawn(async {
                Delay::new(MOMENT).await;
                "and bye"
            });
            task.await.expect("the task runs to its end")
        });
        rec.note(format!("a task beside the main future has said {word:?}"));
    });
}

#[test]
fn futures_that_stay_wait_for_threads_that_work() {
    grade!(STACK, lesson, |rec| {
        let _time = real_time();
        let pool = ThreadPool::new(2);
        let mut executor = LocalExecutor::new();
        let spawner = executor.spawner();
        let (ledger, bell) = (Ledger::default(), Rc::new(Notify::new()));
        let porter = executor.spawn_local(yield_now());
        let clerk = executor.spawn_local(clerk(rec.clone(), Rc::clone(&ledger), Rc::clone(&bell)));
        let total = executor.run_until(async {
            let numbers = spawn_blocking(|| [1, 2, 3]).await;
            let numbers = numbers.expect("the closure does not panic");
            rec.note(format!("the archive has sent {numbers:?}"));
            let burnt = spawn_blocking(|| panic_any("no luck")).await;
            let panicked = matches!(burnt, Err(JoinError::Panicked(_)));
            rec.note(format!("and then it has burnt down: {panicked}"));
            let squares = numbers.map(|number| {
                pool.spawn(async move {
                    yield_now().await;
                    number * number
                })
            });
            for square in squares {
                let square = square.await.expect("the pool is there");
                ledger.borrow_mut().push(square);
            }
            rec.note(format!("the pool has made {:?} of it", ledger.borrow()));
            porter.await.expect("the porter does not panic");
            let unlucky = spawn_local(&spawner, async { panic_any("no luck") });
            let panicked = matches!(unlucky.await, Err(JoinError::Panicked(_)));
            rec.note(format!("a neighbour has panicked: {panicked}"));
            bell.notify_one();
            clerk.await.expect("the clerk does not panic")
        });
        rec.note(format!("the clerk has counted {total}"));
    });
}

/// Shared by futures of one thread.
type Ledger = Rc<RefCell<Vec<u32>>>;

/// Counts what is in the ledger, a moment after the bell.
async fn clerk(rec: Recorder, ledger: Ledger, bell: Rc<Notify>) -> u32 {
    bell.notified().await;
    rec.note("the clerk hears the bell");
    Delay::new(MOMENT).await;
    ledger.borrow().iter().sum()
}

const THREADS: usize = 3;
const RUNNERS: usize = 6;
const ROUNDS: usize = 20;

#[test]
fn a_relay_goes_through_many_threads() {
    grade!(STACK, lesson, |rec| {
        let _time = real_time();
        let pool = ThreadPool::new(THREADS);
        let track: Track = (0..RUNNERS).map(|_| Notify::new()).collect();
        let race = block_on(pool.spawn(race(track)));
        match race {
            Ok(legs) => rec.note(format!("{legs} legs were run, one after the other")),
            Err(_) => rec.note("the race was stopped"),
        }
        let waits = pool.spawn(pending::<()>());
        rec.note("the pool is dropped");
        drop(pool);
        let cancelled = matches!(block_on(waits), Err(JoinError::Cancelled));
        rec.note(format!("a task that waited is cancelled: {cancelled}"));
    });
}

/// Where each runner waits for the baton.
type Track = Arc<[Notify]>;

/// Sends the runners off, gives the first one the baton, and counts the legs.
async fn race(track: Track) -> usize {
    let runners: Vec<_> = (0..RUNNERS)
        .map(|place| executor::spawn(runner(place, Arc::clone(&track))))
        .collect();
    TimerFuture::new(MOMENT).await;
    track[0].notify_one();
    let mut legs = 0;
    for runner in runners {
        legs += runner.await.expect("no runner panics");
    }
    legs
}

/// Waits for the baton, runs a leg, which blocks, and passes the baton on.
async fn runner(place: usize, track: Track) -> usize {
    let mut legs = 0;
    for _ in 0..ROUNDS {
        track[place].notified().await;
        yield_now().await;
        legs += spawn_blocking(|| 1).await.expect("no closure panics");
        track[(place + 1) % RUNNERS].notify_one();
    }
    legs
}
