//! Tasks on an executor that share one lock, counted: how often each is polled, and whether all get through.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    task::{Context, Poll, Waker},
};

use async_await::Mutex;
use course::Recorder;
use executor::{Executor, Spawner, new_executor_and_spawner, yield_now};

/// A future that counts its polls.
struct Polls<F> {
    future: Pin<Box<F>>,
    count: Arc<AtomicUsize>,
}

impl<F: Future> Future for Polls<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.count.fetch_add(1, SeqCst);
        self.future.as_mut().poll(cx)
    }
}

/// Spawns the future, and gives the number of its polls.
fn spawn(spawner: &Spawner, future: impl Future<Output = ()> + Send + 'static) -> Arc<AtomicUsize> {
    let count = Arc::new(AtomicUsize::new(0));
    drop(spawner.spawn(Polls {
        future: Box::pin(future),
        count: count.clone(),
    }));
    count
}

/// Runs as long as a task is woken. Nothing here is woken from outside, so those who are left then have been
/// forgotten.
///
/// Fails with `lost-wakeup`.
fn run(rec: &Recorder, mut executor: Executor) {
    while executor.turn(1_000) > 0 {}
    if !executor.is_done() {
        rec.fail(
            "lost-wakeup",
            "no task has the lock any more, some still wait for it, and nobody is woken",
        );
    }
}

/// One task keeps the lock over many turns of the executor, and three wait: they have nothing to do.
///
/// Fails with `busy-wake`.
pub(crate) fn nobody_asks_while_one_works(rec: &Recorder) {
    const TURNS: usize = 500;
    let (executor, spawner) = new_executor_and_spawner();
    let mutex = Arc::new(Mutex::new(0_u32));
    let theirs = mutex.clone();
    let _ = spawn(&spawner, async move {
        let mut guard = theirs.lock().await;
        for _ in 0..TURNS {
            yield_now().await;
        }
        *guard += 1;
    });
    let waiting = [(); 3].map(|()| {
        let theirs = mutex.clone();
        spawn(&spawner, async move { *theirs.lock().await += 1 })
    });
    drop(spawner);
    run(rec, executor);
    let most = waiting.iter().map(|polls| polls.load(SeqCst)).max();
    if let Some(most) = most.filter(|most| *most > TURNS / 10) {
        rec.fail(
            "busy-wake",
            format!(
                "one task had the lock for {TURNS} turns of the executor, and one that waited was polled {most} times"
            ),
        );
    }
}

/// Three tasks that lock a thousand times each, and keep the lock across an await.
///
/// Fails with `lost-wakeup` and `wrong-value`.
pub(crate) fn three_tasks_take_turns(rec: &Recorder) {
    const ROUNDS: u32 = 1_000;
    let (executor, spawner) = new_executor_and_spawner();
    let mutex = Arc::new(Mutex::new(0_u32));
    for _ in 0..3 {
        let mutex = mutex.clone();
        let _ = spawn(&spawner, async move {
            for _ in 0..ROUNDS {
                let mut guard = mutex.lock().await;
                let seen = *guard;
                yield_now().await;
                *guard = seen + 1;
            }
        });
    }
    drop(spawner);
    run(rec, executor);
    let mut last = Box::pin(mutex.lock());
    let outcome = last.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    let seen = match outcome {
        Poll::Ready(guard) => *guard,
        Poll::Pending => rec.fail(
            "never-ready",
            "all tasks are through, and the lock is not open",
        ),
    };
    if seen != 3 * ROUNDS {
        rec.fail(
            "wrong-value",
            format!("three tasks have counted to {ROUNDS} each, and the value is {seen}"),
        );
    }
}
