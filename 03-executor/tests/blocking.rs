//! Closures that block, on threads of their own.

use std::pin::Pin;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Barrier, Mutex, OnceLock};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::Duration;

use executor::{BlockingPool, SpawnBlocking, block_on, spawn_blocking};

const LONG: Duration = Duration::from_secs(3600);

/// Long enough for any machine, and short enough for whoever waits for a test that hangs.
const LIMIT: Duration = Duration::from_secs(30);

/// Waits for a closure, but not for ever.
fn finish<T: Send + 'static>(closure: SpawnBlocking<T>) -> Result<T, executor::JoinError> {
    let (say, hear) = channel();
    thread::spawn(move || say.send(block_on(closure)));
    hear.recv_timeout(LIMIT)
        .expect("the closure comes to its end")
}

#[test]
fn it_runs_on_another_thread_while_this_one_goes_on() {
    let (go, goes) = channel();
    let other = spawn_blocking(move || {
        goes.recv().unwrap();
        thread::current().id()
    });
    go.send(()).unwrap();
    assert_ne!(finish(other).unwrap(), thread::current().id());
}

#[test]
fn as_many_run_at_once_as_are_allowed() {
    let pool = BlockingPool::new(8, LONG);
    // Twice: with threads that are new, and with those that there are.
    for _ in 0..2 {
        let barrier = Arc::new(Barrier::new(8));
        let meet = |_| {
            let barrier = Arc::clone(&barrier);
            pool.spawn(move || barrier.wait().is_leader())
        };
        let meeting: Vec<_> = (0..8).map(meet).collect();
        let leaders = meeting.into_iter().map(|one| finish(one).unwrap());
        assert_eq!(leaders.filter(|&led| led).count(), 1);
    }
}

#[test]
fn two_that_come_at_once_do_not_count_on_the_same_idle_thread() {
    let pool = BlockingPool::new(8, LONG);
    for round in 0..100 {
        let barrier = Arc::new(Barrier::new(2 + round % 7));
        let meet = |_| {
            let barrier = Arc::clone(&barrier);
            pool.spawn(move || barrier.wait().is_leader())
        };
        let meeting: Vec<_> = (0..2 + round % 7).map(meet).collect();
        for one in meeting {
            let _ = finish(one).unwrap();
        }
    }
}

#[test]
fn more_than_are_allowed_take_turns_and_a_closure_may_spawn_another() {
    let pool = Arc::new(BlockingPool::new(1, LONG));
    let inside = Arc::clone(&pool);
    let outer = pool.spawn(move || inside.spawn(|| thread::current().id()));
    let other = pool.spawn(|| thread::current().id());
    let inner = finish(outer).unwrap();
    assert_eq!(finish(inner).unwrap(), finish(other).unwrap());
}

#[test]
fn a_panic_arrives_and_costs_no_thread() {
    let pool = BlockingPool::new(1, LONG);
    let id = || thread::current().id();
    let before = finish(pool.spawn(id)).unwrap();
    let panics = pool.spawn(|| panic!("on purpose: a closure that fails"));
    let error = finish::<()>(panics).unwrap_err();
    assert!(
        error.to_string().contains("a closure that fails"),
        "{error}"
    );
    assert_eq!(finish(pool.spawn(id)).unwrap(), before);
}

#[test]
fn the_closure_runs_although_its_future_is_dropped() {
    let (say, hear) = channel();
    drop(spawn_blocking(move || say.send("ran")));
    assert_eq!(hear.recv_timeout(LIMIT), Ok("ran"));
}

/// Says so when its thread ends.
struct AtEnd(Sender<&'static str>);

impl Drop for AtEnd {
    fn drop(&mut self) {
        let _ = self.0.send("ended");
    }
}

thread_local!(static AT_END: OnceLock<AtEnd> = const { OnceLock::new() });

fn say_at_end(say: Sender<&'static str>) {
    AT_END.with(|at_end| assert!(at_end.set(AtEnd(say)).is_ok()));
}

#[test]
fn a_thread_without_work_ends_and_a_new_one_comes_when_there_is_some() {
    let pool = BlockingPool::new(1, Duration::from_millis(1));
    for _ in 0..3 {
        let (say, hear) = channel();
        finish(pool.spawn(move || say_at_end(say))).unwrap();
        assert_eq!(hear.recv_timeout(LIMIT), Ok("ended"));
    }
}

#[test]
fn the_end_of_the_pool_is_the_end_of_what_has_not_begun_and_of_idle_threads() {
    let pool = BlockingPool::new(1, LONG);
    let (say, hear) = channel();
    let (began, has_begun) = channel();
    let (go, goes) = channel();
    let runs = pool.spawn(move || {
        say_at_end(say);
        began.send(()).unwrap();
        goes.recv().unwrap()
    });
    has_begun.recv().unwrap();
    let owned = Arc::new(());
    let inside = Arc::clone(&owned);
    let queued = pool.spawn(move || drop(inside));
    drop(pool);
    assert!(finish(queued).unwrap_err().is_cancelled());
    assert_eq!(Arc::strong_count(&owned), 1);
    go.send("to its end").unwrap();
    assert_eq!(finish(runs).unwrap(), "to its end");
    assert_eq!(hear.recv_timeout(LIMIT), Ok("ended"));
}

/// Polls within the wake: it deadlocks if the wake comes under a lock that the poll wants, and finds
/// nothing if it comes before the value.
struct PollsAtOnce {
    future: Mutex<Option<SpawnBlocking<&'static str>>>,
    found: Sender<Poll<&'static str>>,
}

impl Wake for PollsAtOnce {
    fn wake(self: Arc<Self>) {
        let mut future = self.future.lock().unwrap().take().expect("woken once");
        let polled = Pin::new(&mut future).poll(&mut Context::from_waker(Waker::noop()));
        let _ = self
            .found
            .send(polled.map(|value| value.expect("it did not panic")));
    }
}

#[test]
fn who_is_woken_finds_the_value_at_once_and_it_is_the_latest_who_is() {
    let (go, goes) = channel::<()>();
    let mut future = spawn_blocking(move || {
        goes.recv().unwrap();
        "done"
    });
    let (found, finds) = channel();
    let wakes = |future| PollsAtOnce {
        future: Mutex::new(future),
        found: found.clone(),
    };
    let early = Waker::from(Arc::new(wakes(None)));
    let latest = Arc::new(wakes(None));
    let waker = Waker::from(Arc::clone(&latest));
    for waker in [&early, &waker] {
        let polled = Pin::new(&mut future).poll(&mut Context::from_waker(waker));
        assert!(polled.is_pending());
    }
    *latest.future.lock().unwrap() = Some(future);
    go.send(()).unwrap();
    assert_eq!(finds.recv_timeout(LIMIT), Ok(Poll::Ready("done")));
}
