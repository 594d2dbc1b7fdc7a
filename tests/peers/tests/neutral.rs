//! What a library needs of a runtime is `Context` and `Waker`: the course's timer, channels, locks and
//! streams run on executors that have never heard of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

use async_await::broadcast::{self, RecvError};
use async_await::{
    Either, Mutex, Semaphore, buffered, filter, join, join_all, map, mpsc, next, oneshot, race,
    select, unbounded,
};
use futures::stream::iter;
use peers::runtimes::{
    Book, LocalPool, Ours, OursIo, OursPool, Runtime, Smol, SmolPool, Tokio, TokioIo, TokioPool,
};
use waker_timer::{Delay, Notify, TimerFuture};

/// Long enough that it is not over before it is waited for, on most days. Nothing depends on that.
const A_MOMENT: Duration = Duration::from_millis(5);

/// Runs a test on every runtime.
macro_rules! on_every_runtime {
    ($($test:ident),+ $(,)?) => {
        $(
            mod $test {
                on_every_runtime!(
                    $test: tokio Tokio, tokio_with_io TokioIo, tokio_with_threads TokioPool, ours Ours,
                    ours_with_io OursIo, ours_with_threads OursPool, smol Smol, smol_with_threads SmolPool,
                    local_pool LocalPool, book Book,
                );
            }
        )+
    };
    ($test:ident: $($name:ident $runtime:ident),+ $(,)?) => {
        $(
            #[test]
            fn $name() {
                super::check::<super::$runtime, _>(super::scenes::$test::<super::$runtime>());
            }
        )+
    };
}

on_every_runtime!(timers, values, back_pressure, shared, streams, cancelled);

/// Runs the scene to its end.
fn check<R: Runtime, F>(scene: F)
where
    F: Future<Output = ()> + Send + 'static,
{
    R::new().run(scene);
}

/// Gives a value after some time.
async fn after<T>(time: Duration, value: T) -> T {
    Delay::new(time).await;
    value
}

mod scenes {
    use super::*;

    /// Three timers of the course, in three tasks and in one.
    pub(super) async fn timers<R: Runtime>() {
        let start = Instant::now();
        let task = R::spawn(Delay::new(2 * A_MOMENT));
        join(TimerFuture::new(A_MOMENT), Delay::new(A_MOMENT)).await;
        task.await;
        assert!(start.elapsed() >= 2 * A_MOMENT, "no timer is early");
        let first = race(after(Duration::MAX, 1), after(A_MOMENT, 2)).await;
        assert_eq!(first, 2, "the one that is over first");
    }

    /// One value, and many, from task to task and from a thread outside.
    pub(super) async fn values<R: Runtime>() {
        let (answer, answered) = oneshot::channel();
        let task = R::spawn(async move { answer.send(7).expect("somebody waits") });
        assert_eq!(answered.await, Ok(7));
        task.await;

        let (sender, mut receiver) = unbounded();
        let outside = thread::spawn(move || {
            for number in 0..100 {
                sender.send(number).expect("somebody receives");
            }
        });
        for number in 0..100 {
            assert_eq!(receiver.recv().await, Some(number));
        }
        assert_eq!(receiver.recv().await, None);
        outside.join().expect("nothing in it panics");

        let (nothing, never) = oneshot::channel::<()>();
        drop(nothing);
        assert_eq!(never.await, Err(oneshot::Closed));
    }

    /// Many senders, and room for one value.
    pub(super) async fn back_pressure<R: Runtime>() {
        let (sender, mut receiver) = mpsc::channel(1);
        let tasks: Vec<_> = (0..10_u64)
            .map(|number| {
                let sender = sender.clone();
                R::spawn(async move {
                    for _ in 0..10 {
                        sender.send(number).await.expect("somebody receives");
                    }
                })
            })
            .collect();
        drop(sender);
        let mut sum = 0;
        while let Some(number) = receiver.recv().await {
            sum += number;
        }
        assert_eq!(sum, 450);
        join_all(tasks).await;
    }

    /// A lock that waits, permits, a notification, and what all are told.
    pub(super) async fn shared<R: Runtime>() {
        let total = Arc::new(Mutex::new(0));
        let (doors, inside) = (Arc::new(Semaphore::new(2)), Arc::new(AtomicUsize::new(0)));
        let news = broadcast::channel(4);
        let tasks: Vec<_> = (0..10)
            .map(|_| {
                let (total, doors, inside) =
                    (Arc::clone(&total), Arc::clone(&doors), Arc::clone(&inside));
                let mut hears = news.subscribe();
                R::spawn(async move {
                    assert_eq!(hears.recv().await, Ok(1));
                    let door = doors.acquire(1).await;
                    assert!(inside.fetch_add(1, SeqCst) < 2);
                    let mut total = total.lock().await;
                    Delay::new(Duration::from_micros(100)).await;
                    *total += 1;
                    inside.fetch_sub(1, SeqCst);
                    drop(door);
                    hears.recv().await
                })
            })
            .collect();
        news.send(1).expect("they hear");
        drop(news);
        let heard = join_all(tasks).await;
        assert!(heard.iter().all(|heard| *heard == Err(RecvError::Closed)));
        assert_eq!(*total.lock().await, 10);

        let notify = Arc::new(Notify::new());
        let other = Arc::clone(&notify);
        let task = R::spawn(async move { other.notified().await });
        notify.notify_one();
        task.await;
    }

    /// A stream from a task, through combinators, with several futures at work at once.
    pub(super) async fn streams<R: Runtime>() {
        let (sender, receiver) = mpsc::channel(2);
        let task = R::spawn(async move {
            for number in 1..=20_u32 {
                sender.send(number).await.expect("somebody receives");
            }
        });
        let even = filter(receiver, |number| number % 2 == 0);
        let slow = map(even, |number| {
            Box::pin(async move {
                Delay::new(Duration::from_micros(200)).await;
                number
            })
        });
        let mut squares = map(buffered(slow, 3), |number| number * number);
        let mut all = Vec::new();
        while let Some(square) = next(&mut squares).await {
            all.push(square);
        }
        let expected: Vec<u32> = (1..=10).map(|half| 4 * half * half).collect();
        assert_eq!(all, expected);
        task.await;
        assert_eq!(
            next(&mut filter(iter(0..9), |number| *number > 7)).await,
            Some(8)
        );
    }

    /// Who is dropped in the middle loses nothing.
    pub(super) async fn cancelled<R: Runtime>() {
        let (sender, mut receiver) = mpsc::channel(1);
        sender.send(1).await.expect("somebody receives");
        // The channel is full: the send is given up.
        let sent = race(
            async { sender.send(2).await.is_ok() },
            after(A_MOMENT, false),
        )
        .await;
        assert!(!sent);
        assert_eq!(receiver.recv().await, Some(1));
        let task = R::spawn(async move {
            sender.send(3).await.expect("somebody receives");
            sender
        });
        // A receive that is given up has received nothing; the loser of a `select` comes back.
        let mut patience = Delay::new(Duration::ZERO);
        let mut received = None;
        while received.is_none() {
            let recv = Box::pin(receiver.recv());
            received = match select(recv, patience).await {
                Either::Left((value, _)) => value,
                Either::Right(((), recv)) => {
                    drop(recv);
                    None
                }
            };
            patience = Delay::new(A_MOMENT);
        }
        assert_eq!(received, Some(3));
        drop(task.await);
        assert_eq!(receiver.recv().await, None);
    }
}
