//! Channels, locks and permits: what they promise, and what is left when a future is dropped.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::Poll;
use std::time::Duration;

use crate::task::Task;
use async_await::broadcast::{self, RecvError};
use async_await::{
    Mutex, Semaphore, SendError, Shutdown, TrySendError, join, join_all, mpsc, oneshot,
    serve_connections,
};
use executor::{CurrentThread, block_on, yield_now};
use futures::task::AtomicWaker;

#[test]
fn the_lock_goes_to_the_one_who_has_waited_longest() {
    let mutex = Mutex::new(0);
    let (first, second, late) = (Task::default(), Task::default(), Task::default());
    let guard = mutex.try_lock().unwrap();
    let (mut one, mut two) = (mutex.lock(), mutex.lock());
    assert!(first.poll(&mut one).is_pending() && second.poll(&mut two).is_pending());
    drop(guard);
    assert_eq!((first.wakes(), second.wakes()), (1, 0));
    // It is his, although he has not come for it: nobody overtakes.
    assert!(mutex.try_lock().is_none());
    assert!(late.poll(&mut mutex.lock()).is_pending());
    let Poll::Ready(guard) = first.poll(&mut one) else {
        panic!("it was handed to the first");
    };
    drop(guard);
    assert_eq!(second.wakes(), 1);
    assert!(second.poll(&mut two).is_ready());
}

#[test]
fn a_lock_that_is_given_up_goes_on_to_the_next() {
    let mutex = Mutex::new(());
    let (first, second) = (Task::default(), Task::default());
    for handed_over_before in [false, true] {
        let guard = mutex.try_lock().unwrap();
        let (mut one, mut two) = (mutex.lock(), mutex.lock());
        assert!(first.poll(&mut one).is_pending() && second.poll(&mut two).is_pending());
        let wakes = second.wakes();
        if handed_over_before {
            drop(guard);
            drop(one);
        } else {
            drop(one);
            drop(guard);
        }
        assert_eq!(second.wakes(), wakes + 1);
        assert!(second.poll(&mut two).is_ready());
        assert!(!first.is_kept());
    }
    assert!(mutex.try_lock().is_some());
}

#[test]
fn tasks_that_hold_the_lock_across_an_await_count_right() {
    let mut runtime = CurrentThread::new();
    let count = Arc::new(Mutex::new(0));
    let tasks: Vec<_> = (0..10)
        .map(|_| {
            let count = Arc::clone(&count);
            runtime.spawn(async move {
                for _ in 0..10 {
                    let mut count = count.lock().await;
                    let before = *count;
                    yield_now().await;
                    *count = before + 1;
                }
            })
        })
        .collect();
    runtime.block_on(async {
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(*count.lock().await, 100);
    });
}

#[test]
fn who_asks_for_many_permits_is_not_passed_by() {
    let permits = Semaphore::new(2);
    let one = permits.try_acquire(1).unwrap();
    let (many, few) = (Task::default(), Task::default());
    let (mut two, mut next) = (permits.acquire(2), permits.acquire(1));
    assert!(many.poll(&mut two).is_pending());
    assert!(
        few.poll(&mut next).is_pending(),
        "one is free, but not for him"
    );
    // Who goes leaves room for those behind.
    drop(two);
    assert_eq!(few.wakes(), 1);
    assert!(few.poll(&mut next).is_ready());
    drop(one);
    assert_eq!(permits.available(), 2);
}

#[test]
fn permits_that_were_given_and_not_taken_go_on() {
    let permits = Semaphore::new(0);
    let (first, second) = (Task::default(), Task::default());
    let (mut one, mut two) = (permits.acquire(2), permits.acquire(2));
    assert!(first.poll(&mut one).is_pending() && second.poll(&mut two).is_pending());
    permits.release(2);
    assert_eq!((first.wakes(), second.wakes()), (1, 0));
    drop(one);
    assert_eq!(second.wakes(), 1);
    let Poll::Ready(taken) = second.poll(&mut two) else {
        panic!("they were given on");
    };
    taken.forget();
    assert_eq!(permits.available(), 0);
}

/// What can be received now.
fn received<T>(receiver: &mut mpsc::Receiver<T>) -> Poll<Option<T>> {
    Task::default().poll(&mut receiver.recv())
}

#[test]
fn a_value_or_its_absence_arrives_and_wakes() {
    let task = Task::default();
    let (sender, mut receiver) = oneshot::channel();
    assert!(task.poll(&mut receiver).is_pending());
    sender.send(7).unwrap();
    assert_eq!(
        (task.wakes(), task.poll(&mut receiver)),
        (1, Poll::Ready(Ok(7)))
    );
    assert_eq!(task.poll(&mut receiver), Poll::Ready(Err(oneshot::Closed)));

    let (sender, mut receiver) = oneshot::channel::<()>();
    assert!(task.poll(&mut receiver).is_pending());
    drop(sender);
    assert_eq!(task.wakes(), 2);
    assert_eq!(task.poll(&mut receiver), Poll::Ready(Err(oneshot::Closed)));
    assert!(!task.is_kept());
}

#[test]
fn a_sender_hears_that_nobody_receives() {
    let task = Task::default();
    let (mut sender, receiver) = oneshot::channel();
    assert!(task.poll(&mut sender.closed()).is_pending());
    assert!(
        !task.is_kept(),
        "who has given up waiting is not kept alive"
    );
    let mut closed = sender.closed();
    assert!(task.poll(&mut closed).is_pending());
    drop(receiver);
    assert_eq!(task.wakes(), 1);
    assert!(task.poll(&mut closed).is_ready());
    drop(closed);
    assert_eq!(sender.send(8), Err(8));
}

#[test]
fn a_value_that_nobody_took_is_dropped_with_the_receiver() {
    let value = Arc::new(());
    let (sender, receiver) = oneshot::channel();
    sender.send(Arc::clone(&value)).unwrap();
    drop(receiver);
    assert_eq!(Arc::strong_count(&value), 1);
}

#[test]
fn who_sends_waits_for_room_in_turn() {
    let (sender, mut receiver) = mpsc::channel(1);
    sender.try_send(1).unwrap();
    assert_eq!(sender.try_send(2), Err(TrySendError::Full(2)));
    let (first, second) = (Task::default(), Task::default());
    let (mut two, mut three) = (sender.send(2), sender.send(3));
    assert!(first.poll(&mut two).is_pending() && second.poll(&mut three).is_pending());
    assert_eq!(received(&mut receiver), Poll::Ready(Some(1)));
    // The room is for the first, who has not come for it.
    assert_eq!(sender.try_send(4), Err(TrySendError::Full(4)));
    assert_eq!((first.wakes(), second.wakes()), (1, 0));
    assert_eq!(first.poll(&mut two), Poll::Ready(Ok(())));
    assert_eq!(received(&mut receiver), Poll::Ready(Some(2)));
    assert_eq!(second.poll(&mut three), Poll::Ready(Ok(())));
    assert_eq!(received(&mut receiver), Poll::Ready(Some(3)));
    assert_eq!(received(&mut receiver), Poll::Pending);
}

#[test]
fn a_send_that_is_given_up_has_sent_nothing_and_takes_no_room() {
    let (sender, mut receiver) = mpsc::channel(1);
    let (first, second) = (Task::default(), Task::default());
    for room_was_given in [false, true] {
        sender.try_send(1).unwrap();
        let (mut two, mut three) = (sender.send(2), sender.send(3));
        assert!(first.poll(&mut two).is_pending() && second.poll(&mut three).is_pending());
        if room_was_given {
            assert_eq!(received(&mut receiver), Poll::Ready(Some(1)));
            drop(two);
        } else {
            drop(two);
            assert_eq!(received(&mut receiver), Poll::Ready(Some(1)));
        }
        assert_eq!(second.poll(&mut three), Poll::Ready(Ok(())));
        assert_eq!(received(&mut receiver), Poll::Ready(Some(3)));
        assert!(!first.is_kept());
    }
}

#[test]
fn a_sender_that_forgot_its_send_takes_one_place_and_no_more() {
    let (sender, mut receiver) = mpsc::channel(2);
    sender.try_send(1).unwrap();
    sender.try_send(2).unwrap();
    let (forgetful, other) = (Task::default(), Task::default());
    let (mut forgotten, mut three) = (sender.send(9), sender.send(3));
    assert!(forgetful.poll(&mut forgotten).is_pending() && other.poll(&mut three).is_pending());
    assert_eq!(
        (received(&mut receiver), received(&mut receiver)),
        (Poll::Ready(Some(1)), Poll::Ready(Some(2)))
    );
    assert_eq!(other.wakes(), 1);
    assert_eq!(other.poll(&mut three), Poll::Ready(Ok(())));
    assert_eq!(received(&mut receiver), Poll::Ready(Some(3)));
}

#[test]
fn the_end_of_one_side_wakes_the_other() {
    let (waits, sends) = (Task::default(), Task::default());
    let (sender, mut receiver) = mpsc::channel::<u8>(1);
    let other = sender.clone();
    let mut recv = receiver.recv();
    assert!(waits.poll(&mut recv).is_pending());
    drop(sender);
    assert_eq!(waits.wakes(), 0, "there is another sender");
    drop(other);
    assert_eq!(
        (waits.wakes(), waits.poll(&mut recv)),
        (1, Poll::Ready(None))
    );

    let (sender, receiver) = mpsc::channel(1);
    sender.try_send(1).unwrap();
    let mut two = sender.send(2);
    assert!(sends.poll(&mut two).is_pending());
    drop(receiver);
    assert_eq!(sends.wakes(), 1);
    assert_eq!(sends.poll(&mut two), Poll::Ready(Err(SendError(2))));
    assert_eq!(sender.try_send(3), Err(TrySendError::Closed(3)));
}

#[test]
fn what_was_sent_before_the_close_is_received() {
    let (sender, mut receiver) = mpsc::channel(2);
    sender.try_send(1).unwrap();
    receiver.close();
    assert_eq!(sender.try_send(2), Err(TrySendError::Closed(2)));
    assert_eq!(received(&mut receiver), Poll::Ready(Some(1)));
    assert_eq!(received(&mut receiver), Poll::Ready(None));
}

#[test]
fn receivers_that_give_up_keep_no_task_alive() {
    let task = Task::default();
    let (_sender, mut receiver) = mpsc::channel::<u8>(1);
    assert!(task.poll(&mut receiver.recv()).is_pending());
    assert!(!task.is_kept());
    let sender = broadcast::channel::<u8>(1);
    let mut receiver = sender.subscribe();
    assert!(task.poll(&mut receiver.recv()).is_pending());
    assert!(!task.is_kept());
    let mut recv = receiver.recv();
    assert!(task.poll(&mut recv).is_pending() && task.is_kept());
    sender.send(1).unwrap();
    assert_eq!(
        (task.wakes(), task.poll(&mut recv)),
        (1, Poll::Ready(Ok(1)))
    );
    assert!(!task.is_kept());
}

#[test]
fn who_lags_is_told_and_holds_up_nobody() {
    let sender = broadcast::channel(3);
    assert_eq!(sender.send(0), Err(SendError(0)));
    let (mut quick, mut slow) = (sender.subscribe(), sender.subscribe());
    block_on(async {
        for number in 0..10 {
            assert_eq!(sender.send(number), Ok(2));
            assert_eq!(quick.recv().await, Ok(number));
        }
        assert_eq!(slow.recv().await, Err(RecvError::Lagged(7)));
        drop(sender);
        for number in 7..10 {
            assert_eq!(slow.recv().await, Ok(number));
        }
        assert_eq!(slow.recv().await, Err(RecvError::Closed));
    });
}

#[test]
fn a_broadcast_keeps_no_more_than_it_may() {
    let value = Arc::new(());
    let sender = broadcast::channel(2);
    let receiver = sender.subscribe();
    for _ in 0..10 {
        sender.send(Arc::clone(&value)).unwrap();
    }
    assert_eq!(Arc::strong_count(&value), 3);
    drop(receiver);
    assert_eq!(Arc::strong_count(&value), 1);
}

#[test]
fn a_crowd_at_the_door_leaves_those_inside_their_turn() {
    const CROWD: usize = 10_000;
    let (accepted, shutdown) = (Arc::new(AtomicUsize::new(0)), Shutdown::new());
    let counted = Arc::clone(&accepted);
    let incoming = (0..CROWD).map(move |_| {
        counted.fetch_add(1, SeqCst);
        Ok(())
    });
    let serve_one = |()| {
        let shutdown = shutdown.clone();
        async move { shutdown.begin() }
    };
    let incoming = futures::stream::iter(incoming);
    let served = serve_connections(incoming, serve_one, shutdown.clone(), Duration::MAX);
    let mut runtime = reactor::Runtime::new().unwrap();
    assert_eq!(runtime.block_on(served), 0);
    let accepted = accepted.load(SeqCst);
    assert!(
        accepted < CROWD,
        "the first one had his turn after {accepted}"
    );
}

#[test]
fn join_all_polls_only_who_was_woken() {
    let polls = AtomicUsize::new(0);
    let doors: Vec<_> = (0..100).map(|_| waker_timer::Notify::new()).collect();
    let futures = doors.iter().enumerate().map(|(number, door)| {
        let polls = &polls;
        async move {
            let mut opened = pin!(door.notified());
            poll_fn(|cx| {
                polls.fetch_add(1, SeqCst);
                opened.as_mut().poll(cx)
            })
            .await;
            number
        }
    });
    let task = Task::default();
    let mut all = join_all(futures);
    assert!(task.poll(&mut all).is_pending());
    assert_eq!(polls.load(SeqCst), 100);
    for door in doors.iter().rev() {
        assert!(task.poll(&mut all).is_pending());
        door.notify_one();
    }
    assert_eq!(task.poll(&mut all), Poll::Ready((0..100).collect()));
    assert_eq!(polls.load(SeqCst), 200);
    assert_eq!(task.wakes(), 100);
}

#[test]
fn join_all_polls_once_who_was_woken_often() {
    let (polls, waker) = (AtomicUsize::new(0), AtomicWaker::new());
    let waits = poll_fn(|cx| {
        polls.fetch_add(1, SeqCst);
        waker.register(cx.waker());
        Poll::<()>::Pending
    });
    let task = Task::default();
    let mut all = join_all([waits]);
    assert!(task.poll(&mut all).is_pending());
    let child = waker.take().expect("it waits");
    (0..100).for_each(|_| child.wake_by_ref());
    assert!(task.poll(&mut all).is_pending());
    assert_eq!(polls.load(SeqCst), 2);
}

#[test]
fn join_polls_neither_again_that_is_done() {
    let mut polls = 0;
    let once = poll_fn(|_| {
        polls += 1;
        assert_eq!(polls, 1, "polled after `Ready`");
        Poll::Ready(())
    });
    let later = async {
        yield_now().await;
        yield_now().await;
    };
    block_on(join(once, later));
}
