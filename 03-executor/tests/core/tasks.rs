//! A task by itself, on a queue.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread;

use executor::{block_on, new_executor_and_spawner, task, yield_now};

use crate::tools::{Count, Event, Queue, is_cancelled, peek};

#[test]
fn a_task_is_polled_when_it_was_woken_and_gives_its_output() {
    let (queue, event) = (Queue::default(), Event::default());
    let waits = event.clone();
    let future = async move {
        waits.happens().await;
        String::from("output")
    };
    let (runnable, mut handle) = task::spawn(future, queue.schedule());
    assert!(runnable.run().is_pending());
    assert!(peek(&mut handle).is_pending());
    assert!(queue.pop().is_none(), "nobody has woken it");
    event.happen();
    event.wake();
    assert!(queue.pop().expect("it was woken").run().is_ready());
    assert!(queue.pop().is_none(), "two wakes are one poll");
    assert_eq!(block_on(handle).unwrap(), "output");
    event.wake();
    assert!(queue.pop().is_none(), "it is over");
}

#[test]
fn a_task_that_yields_comes_back() {
    let queue = Queue::default();
    let count = Arc::new(AtomicUsize::new(0));
    let counts = Arc::clone(&count);
    let future = async move {
        for _ in 0..3 {
            counts.fetch_add(1, SeqCst);
            yield_now().await;
        }
    };
    let (runnable, mut handle) = task::spawn(future, queue.schedule());
    queue.push(runnable);
    queue.run();
    assert_eq!(count.load(SeqCst), 3);
    assert!(peek(&mut handle).is_ready());
}

/// A future that has pointers to itself.
#[test]
fn a_future_may_borrow_from_itself_across_polls() {
    let queue = Queue::default();
    let future = async {
        let mut text = String::from("a");
        let borrowed = &mut text;
        for _ in 0..3 {
            yield_now().await;
            borrowed.push('b');
        }
        text
    };
    let (runnable, handle) = task::spawn(future, queue.schedule());
    queue.push(runnable);
    queue.run();
    assert_eq!(block_on(handle).unwrap(), "abbb");
}

#[test]
fn all_wakers_of_a_task_are_one() {
    let event = Event::default();
    let waits = event.clone();
    let future = async move { waits.happens().await };
    let (runnable, _handle) = task::spawn(future, drop);
    let waker = runnable.waker();
    assert!(waker.will_wake(&runnable.waker()));
    assert!(runnable.run().is_pending());
    let seen = event.wakers();
    assert!(waker.will_wake(&seen[0]));
    drop((waker, seen));
}

#[test]
fn a_future_is_dropped_before_its_result_is_seen() {
    let (queue, count) = (Queue::default(), Count::default());
    let one = count.one();
    let future = async move { drop(one) };
    let (runnable, mut handle) = task::spawn(future, queue.schedule());
    let waker = runnable.waker();
    assert!(runnable.run().is_ready());
    assert_eq!(count.get(), 0);
    assert!(peek(&mut handle).is_ready());
    drop(waker);
}

#[test]
fn an_abort_ends_a_task_at_its_next_turn_and_no_earlier() {
    let (queue, count) = (Queue::default(), Count::default());
    let one = count.one();
    let future = async move {
        let _one = one;
        pending::<()>().await;
    };
    let (runnable, mut handle) = task::spawn(future, queue.schedule());
    let waker = runnable.waker();
    assert!(runnable.run().is_pending());
    handle.abort();
    handle.abort();
    assert_eq!(count.get(), 1, "`abort` drops nothing by itself");
    queue.run();
    assert_eq!(count.get(), 0);
    handle.abort();
    waker.wake();
    assert!(queue.pop().is_none());
    assert!(is_cancelled(&mut handle));
}

#[test]
fn a_task_may_abort_itself_in_its_poll() {
    let (queue, count) = (Queue::default(), Count::default());
    let one = count.one();
    let (give, take) = std::sync::mpsc::channel::<executor::JoinHandle<()>>();
    let future = async move {
        let _one = one;
        let handle = take.recv().expect("it is sent before the first poll");
        handle.abort();
        assert!(!handle.is_finished());
        drop(handle);
        pending::<()>().await;
    };
    let (runnable, handle) = task::spawn(future, queue.schedule());
    give.send(handle).expect("the future has not been polled");
    queue.push(runnable);
    queue.run();
    assert_eq!(count.get(), 0);
}

#[test]
fn a_future_may_own_its_own_handle() {
    let (mut executor, spawner) = new_executor_and_spawner();
    let count = Count::default();
    let one = count.one();
    let (give, take) = std::sync::mpsc::channel::<executor::JoinHandle<()>>();
    let handle = spawner.spawn(async move {
        let _one = one;
        let handle = take.recv().expect("it is sent before the first poll");
        handle.await.expect("it never is");
    });
    give.send(handle).expect("the future has not been polled");
    executor.turn(1);
    // It waits for itself, with a waker of its own in its own state.
    assert_eq!(count.get(), 1);
    drop(executor);
    assert_eq!(count.get(), 0);
}

#[test]
fn a_wake_in_the_futures_drop_does_nothing() {
    struct Wakes(Event);
    impl Drop for Wakes {
        fn drop(&mut self) {
            self.0.wake();
        }
    }
    for end in ["ready", "cancelled", "aborted"] {
        let (queue, event) = (Queue::default(), Event::default());
        let (wakes, waits) = (Wakes(event.clone()), event.clone());
        let future = async move {
            let _wakes = wakes;
            waits.happens().await;
        };
        let (runnable, mut handle) = task::spawn(future, queue.schedule());
        assert!(runnable.run().is_pending());
        match end {
            "ready" => event.happen(),
            "aborted" => handle.abort(),
            _ => event.wake(),
        }
        let runnable = queue.pop().expect("it was woken");
        match end {
            "cancelled" => drop(runnable),
            _ => assert!(runnable.run().is_ready()),
        }
        assert!(queue.pop().is_none(), "it is over");
        assert_eq!(is_cancelled(&mut handle), end != "ready");
        drop(event.wakers());
    }
}

#[test]
fn the_last_reference_may_go_on_another_thread() {
    let count = Count::default();
    let (one, event) = (count.one(), Event::default());
    let waits = event.clone();
    let future = async move {
        let _one = one;
        waits.happens().await;
    };
    let (runnable, handle) = task::spawn(future, |_| {});
    assert!(runnable.run().is_pending());
    drop(handle);
    let wakers = event.wakers();
    assert_eq!(count.get(), 1);
    thread::spawn(move || drop(wakers)).join().unwrap();
    assert_eq!(count.get(), 0);
}

#[test]
fn a_future_that_nobody_can_wake_goes_with_its_handle() {
    let count = Count::default();
    let one = count.one();
    let future = async move {
        let _one = one;
        pending::<()>().await;
    };
    let (runnable, mut handle) = task::spawn(future, |_| {});
    assert!(runnable.run().is_pending());
    assert!(peek(&mut handle).is_pending());
    drop(handle);
    assert_eq!(count.get(), 0);
}

#[test]
fn a_result_goes_with_its_handle_and_not_with_the_last_waker() {
    let (queue, count) = (Queue::default(), Count::default());
    for handle_first in [true, false] {
        let one = count.one();
        let (runnable, handle) = task::spawn(async move { one }, queue.schedule());
        let waker = runnable.waker();
        if handle_first {
            drop(handle);
            assert!(runnable.run().is_ready());
        } else {
            assert!(runnable.run().is_ready());
            assert_eq!(count.get(), 1);
            assert!(handle.is_finished());
            drop(handle);
        }
        assert_eq!(count.get(), 0);
        drop(waker);
    }
}

#[test]
fn a_joiners_waker_goes_with_the_handle() {
    let (runnable, mut handle) = task::spawn(pending::<()>(), |_| {});
    let waits = Arc::new(());
    let waker = std::task::Waker::from(Arc::new(Holds(Arc::clone(&waits))));
    let poll = std::pin::Pin::new(&mut handle).poll(&mut std::task::Context::from_waker(&waker));
    assert!(poll.is_pending());
    drop(waker);
    assert_eq!(Arc::strong_count(&waits), 2);
    drop(handle);
    assert_eq!(Arc::strong_count(&waits), 1);
    drop(runnable);
}

struct Holds(#[allow(dead_code, reason = "held, and nothing else")] Arc<()>);

impl std::task::Wake for Holds {
    fn wake(self: Arc<Self>) {}
}
