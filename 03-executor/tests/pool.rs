//! The thread pool as a whole: that the work is shared, and how it ends.

use std::future::{pending, poll_fn};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::{self, channel};
use std::sync::{Arc, Barrier};
use std::task::Poll;
use std::thread;
use std::time::Duration;

use executor::{JoinHandle, PoolHandle, ThreadPool, block_on, spawn, yield_now};
use waker_timer::Notify;

/// Long enough for any machine, and short enough for whoever waits for a test that hangs.
const LIMIT: Duration = Duration::from_secs(30);

/// Waits for a task, but not for ever.
fn finish<T: Send + 'static>(task: JoinHandle<T>) -> Result<T, executor::JoinError> {
    let (say, hear) = channel();
    thread::spawn(move || say.send(block_on(task)));
    hear.recv_timeout(LIMIT).expect("the task comes to its end")
}

#[test]
fn as_many_tasks_run_at_once_as_there_are_threads() {
    let pool = ThreadPool::new(4);
    let barrier = Arc::new(Barrier::new(4));
    let meet = |_| {
        let barrier = Arc::clone(&barrier);
        pool.spawn(async move { barrier.wait().is_leader() })
    };
    let tasks: Vec<_> = (0..4).map(meet).collect();
    let leaders = tasks.into_iter().map(|task| finish(task).unwrap());
    assert_eq!(leaders.filter(|&led| led).count(), 1);
}

#[test]
fn a_task_that_blocks_does_not_keep_back_those_that_it_has_spawned() {
    let pool = ThreadPool::new(3);
    let parent = pool.spawn(async {
        let barrier = Arc::new(Barrier::new(3));
        for _ in 0..2 {
            let barrier = Arc::clone(&barrier);
            drop(spawn(async move { barrier.wait() }));
        }
        barrier.wait();
    });
    finish(parent).unwrap();
}

#[test]
fn a_task_that_blocks_does_not_keep_back_one_that_it_has_woken() {
    let pool = ThreadPool::new(2);
    let (waits, woken) = (Arc::new(Notify::new()), channel());
    let (answer, answers) = woken;
    let (ready, is_ready) = channel();
    let notify = Arc::clone(&waits);
    let first = pool.spawn(async move {
        ready.send(()).unwrap();
        notify.notified().await;
        answer.send("awake").unwrap();
    });
    is_ready.recv().unwrap();
    let second = pool.spawn(async move {
        waits.notify_one();
        answers.recv_timeout(LIMIT)
    });
    assert_eq!(finish(second).unwrap(), Ok("awake"));
    finish(first).unwrap();
}

#[test]
fn a_task_goes_on_on_another_thread_if_its_own_is_busy() {
    let pool = ThreadPool::new(2);
    let notify = Arc::new(Notify::new());
    let (here, was_here) = channel();
    let notified = Arc::clone(&notify);
    let moves = pool.spawn(async move {
        here.send(thread::current().id()).unwrap();
        notified.notified().await;
        thread::current().id()
    });
    let first = was_here.recv().unwrap();
    // Both threads come to the barrier; the task that is on `first` stays there.
    let barrier = Arc::new(Barrier::new(3));
    let (go, stays) = mpsc::sync_channel::<()>(0);
    let stays = Arc::new(std::sync::Mutex::new(stays));
    for _ in 0..2 {
        let (barrier, stays) = (Arc::clone(&barrier), Arc::clone(&stays));
        drop(pool.spawn(async move {
            barrier.wait();
            if thread::current().id() == first {
                let _ = stays.lock().unwrap().recv();
            }
        }));
    }
    barrier.wait();
    notify.notify_one();
    assert_ne!(finish(moves).unwrap(), first);
    drop(go);
}

#[test]
fn a_panic_costs_no_thread() {
    let pool = ThreadPool::new(2);
    for _ in 0..6 {
        let panics = pool.spawn(async { panic!("on purpose: a task that fails") });
        let payload = finish::<()>(panics).unwrap_err().into_panic();
        assert!(payload.is_some());
    }
    let barrier = Arc::new(Barrier::new(3));
    for _ in 0..2 {
        let barrier = Arc::clone(&barrier);
        drop(pool.spawn(async move { barrier.wait() }));
    }
    barrier.wait();
}

#[test]
fn no_wake_is_lost_between_the_last_look_and_the_sleep() {
    let pool = ThreadPool::new(3);
    // Each round finds the pool about to go to sleep.
    for round in 0..5_000 {
        assert_eq!(block_on(pool.spawn(async move { round })).unwrap(), round);
    }
    let tasks: Vec<_> = (0..100)
        .map(|number| {
            pool.spawn(async move {
                for _ in 0..100 {
                    yield_now().await;
                }
                spawn(async move { number }).await.unwrap()
            })
        })
        .collect();
    let sum: u32 = tasks.into_iter().map(|task| finish(task).unwrap()).sum();
    assert_eq!(sum, (0..100).sum());
}

/// Says so when it is dropped.
struct Owned(Arc<AtomicUsize>);

impl Drop for Owned {
    fn drop(&mut self) {
        self.0.fetch_add(1, SeqCst);
    }
}

#[test]
fn its_end_drops_what_waits_and_what_is_queued_and_says_so() {
    let pool = ThreadPool::new(1);
    let dropped = Arc::new(AtomicUsize::new(0));
    let owned = || Owned(Arc::clone(&dropped));
    let (ready, is_ready) = channel();
    let (mine, says) = (owned(), ready.clone());
    let waits = pool.spawn(async move {
        says.send(()).unwrap();
        pending::<()>().await;
        drop(mine);
    });
    let (mine, says) = (owned(), ready);
    let keeps_its_waker = pool.spawn(async move {
        let mut own = None;
        own.replace(poll_fn(|cx| Poll::Ready(cx.waker().clone())).await);
        says.send(()).unwrap();
        pending::<()>().await;
        drop((own, mine));
    });
    is_ready.iter().take(2).count();
    // This one is being polled when the pool ends, and the next one is behind it.
    let (go, goes) = channel();
    let (began, has_begun) = channel();
    let runs = pool.spawn(async move {
        began.send(()).unwrap();
        goes.recv().unwrap()
    });
    has_begun.recv().unwrap();
    let mine = owned();
    let queued = pool.spawn(async move { drop(mine) });
    let ends = thread::spawn(move || drop(pool));
    go.send("to its end").unwrap();
    ends.join().unwrap();

    assert_eq!(finish(runs).unwrap(), "to its end");
    for task in [waits, keeps_its_waker] {
        assert!(finish(task).unwrap_err().is_cancelled());
    }
    // It may have had its turn before the pool's end came.
    if let Err(error) = finish(queued) {
        assert!(error.is_cancelled());
    }
    assert_eq!(dropped.load(SeqCst), 3);
}

#[test]
fn a_long_chain_of_tasks_ends_without_as_many_nested_calls() {
    let pool = ThreadPool::new(2);
    let mut last = pool.spawn(pending::<()>());
    for _ in 0..100_000 {
        last = pool.spawn(async move { last.await.unwrap_or_default() });
    }
    // Behind all the others: by then each of them waits, or is about to.
    finish(pool.spawn(async {})).unwrap();
    drop(pool);
    // The end of each is an answer for the next, or comes before it.
    assert!(last.is_finished());
}

#[test]
fn one_of_its_own_tasks_may_drop_it() {
    let pool = ThreadPool::new(2);
    let (give, given) = channel::<ThreadPool>();
    let goes_on = pool.spawn(async move {
        drop(given.recv().unwrap());
        "went on to its end"
    });
    give.send(pool).unwrap();
    assert_eq!(finish(goes_on).unwrap(), "went on to its end");

    let pool = ThreadPool::new(2);
    let (give, given) = channel::<ThreadPool>();
    let waits = pool.spawn(async move {
        drop(given.recv().unwrap());
        pending::<()>().await;
    });
    give.send(pool).unwrap();
    assert!(finish(waits).unwrap_err().is_cancelled());
}

#[test]
fn who_comes_after_its_end_is_cancelled() {
    let pool = ThreadPool::new(1);
    let handle: PoolHandle = pool.handle();
    drop(pool);
    let dropped = Arc::new(AtomicUsize::new(0));
    let owned = Owned(Arc::clone(&dropped));
    let late = handle.spawn(async move { drop(owned) });
    assert_eq!(dropped.load(SeqCst), 1);
    assert!(finish(late).unwrap_err().is_cancelled());
}

#[test]
fn an_abort_ends_a_task_that_waits() {
    let pool = ThreadPool::new(2);
    let dropped = Arc::new(AtomicUsize::new(0));
    let owned = Owned(Arc::clone(&dropped));
    let waits = pool.spawn(async move {
        pending::<()>().await;
        drop(owned);
    });
    waits.abort();
    assert!(finish(waits).unwrap_err().is_cancelled());
    assert_eq!(dropped.load(SeqCst), 1);
}

#[test]
fn each_thread_calls_start_before_its_first_task() {
    thread_local!(static STARTED: std::cell::Cell<bool> = const { std::cell::Cell::new(false) });
    let starts = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&starts);
    let pool = ThreadPool::with_start(3, move || {
        STARTED.set(true);
        count.fetch_add(1, SeqCst);
    });
    let barrier = Arc::new(Barrier::new(3));
    let meet = |_| {
        let barrier = Arc::clone(&barrier);
        pool.spawn(async move {
            barrier.wait();
            STARTED.get()
        })
    };
    let tasks: Vec<_> = (0..3).map(meet).collect();
    assert!(tasks.into_iter().all(|task| finish(task).unwrap()));
    assert_eq!(starts.load(SeqCst), 3);
}

#[test]
fn a_task_that_blocks_on_a_future_is_told_not_to() {
    let pool = ThreadPool::new(1);
    let error = finish(pool.spawn(async { block_on(async {}) })).unwrap_err();
    assert!(
        error.to_string().contains("`block_on` was called inside"),
        "{error}"
    );
}
