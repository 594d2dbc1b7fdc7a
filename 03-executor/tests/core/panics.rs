//! A panic wherever code of somebody else's is called: it stays with whom it belongs to.

use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, RawWaker, RawWakerVTable, Wake, Waker};
use std::thread;

use executor::{JoinError, Parker, new_executor_and_spawner, task, yield_now};

use crate::tools::{Count, Event, One, Queue, is_cancelled, is_panicked, peek};

/// Panics when it is dropped, once the value in it is gone.
struct Bomb(Option<One>);

impl Bomb {
    fn new(count: &Count) -> Self {
        Self(Some(count.one()))
    }
}

impl Drop for Bomb {
    fn drop(&mut self) {
        self.0 = None;
        resume_unwind(Box::new("dropped"));
    }
}

/// A waker that panics when it is woken.
struct Screams;

impl Wake for Screams {
    fn wake(self: Arc<Self>) {
        resume_unwind(Box::new("woken"));
    }
}

fn caught<T>(work: impl FnOnce() -> T) -> bool {
    catch_unwind(AssertUnwindSafe(work)).is_err()
}

#[test]
fn a_panic_in_a_poll_goes_to_the_handle_and_the_others_go_on() {
    let (mut executor, spawner) = new_executor_and_spawner();
    let count = Count::default();
    let one = count.one();
    let bad = spawner.spawn(async move {
        let _one = one;
        yield_now().await;
        panic!("no luck");
    });
    let mut good = spawner.spawn(async {
        for _ in 0..3 {
            yield_now().await;
        }
        "luck"
    });
    drop(spawner);
    executor.run();
    assert_eq!(count.get(), 0);
    assert_eq!(
        executor::block_on(bad).unwrap_err().to_string(),
        "the task panicked: no luck"
    );
    assert!(matches!(peek(&mut good), Poll::Ready(Ok("luck"))));
}

/// A future that panics in its drop, and before that is ready, panics, or waits.
struct Explosive(&'static str, #[allow(dead_code, reason = "dropped")] Bomb);

impl Future for Explosive {
    type Output = u8;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u8> {
        match self.0 {
            "ready" => Poll::Ready(7),
            "panicked" => resume_unwind(Box::new("polled")),
            _ => Poll::Pending,
        }
    }
}

#[test]
fn a_future_may_panic_in_its_drop_whichever_way_it_ends() {
    for end in ["ready", "panicked", "aborted", "dropped with its executor"] {
        let count = Count::default();
        let (mut executor, spawner) = new_executor_and_spawner();
        let mut handle = spawner.spawn(Explosive(end, Bomb::new(&count)));
        let other = spawner.spawn(yield_now());
        executor.turn(1);
        if end == "aborted" {
            handle.abort();
        }
        executor.turn(3);
        if end == "dropped with its executor" {
            drop(executor);
        }
        assert_eq!(count.get(), 0, "{end}");
        assert!(other.is_finished(), "{end}");
        // Its drop comes after its last poll, and changes nothing of the result.
        match (end, peek(&mut handle)) {
            ("ready", Poll::Ready(Ok(7))) => {}
            ("panicked", Poll::Ready(Err(JoinError::Panicked(payload)))) => {
                assert_eq!(payload.downcast_ref(), Some(&"polled"));
            }
            (_, Poll::Ready(Err(JoinError::Cancelled))) => {}
            (_, other) => panic!("{end}: {other:?}"),
        }
    }
}

#[test]
fn a_runnable_that_is_dropped_keeps_the_panic_of_the_futures_drop_inside() {
    let count = Count::default();
    let bomb = Bomb::new(&count);
    let future = async move { drop(bomb) };
    let (runnable, mut handle) = task::spawn(future, |_| {});
    assert!(!caught(|| drop(runnable)));
    assert_eq!(count.get(), 0);
    assert!(is_cancelled(&mut handle));
}

#[test]
fn the_last_reference_keeps_it_inside_too() {
    let (count, event) = (Count::default(), Event::default());
    for on_another_thread in [false, true] {
        let (bomb, waits) = (Bomb::new(&count), event.clone());
        let future = async move {
            let _bomb = bomb;
            waits.happens().await;
        };
        let (runnable, handle) = task::spawn(future, |_| {});
        assert!(runnable.run().is_pending());
        drop(handle);
        let wakers = event.wakers();
        match on_another_thread {
            true => thread::spawn(move || drop(wakers))
                .join()
                .expect("no panic"),
            false => assert!(!caught(|| drop(wakers))),
        }
        assert_eq!(count.get(), 0);
    }
    // Its own poll was the last that knew of it.
    let bomb = Bomb::new(&count);
    let future = async move {
        let _bomb = bomb;
        pending::<()>().await;
    };
    let (runnable, handle) = task::spawn(future, |_| {});
    drop(handle);
    assert!(!caught(|| runnable.run()));
    assert_eq!(count.get(), 0);
}

#[test]
fn outputs_and_payloads_that_nobody_waits_for_may_panic_in_their_drop() {
    let count = Count::default();
    let (mut executor, spawner) = new_executor_and_spawner();
    let (output, payload) = (Bomb::new(&count), Bomb::new(&count));
    drop(spawner.spawn(async move { output }));
    drop(spawner.spawn(async move {
        resume_unwind(Box::new(payload));
    }));
    let good = spawner.spawn(async {});
    drop(spawner);
    executor.run();
    assert!(good.is_finished());
    assert_eq!(count.get(), 0);
}

#[test]
fn an_output_that_panics_in_its_drop_does_so_where_the_handle_is_dropped() {
    let count = Count::default();
    let bomb = Bomb::new(&count);
    let (runnable, handle) = task::spawn(async move { bomb }, |_| {});
    let waker = runnable.waker();
    assert!(runnable.run().is_ready());
    assert!(caught(|| drop(handle)));
    assert_eq!(count.get(), 0);
    waker.wake();
}

#[test]
fn a_schedule_that_panics_cancels_its_task() {
    let (count, event) = (Count::default(), Event::default());
    let (one, waits) = (count.one(), event.clone());
    let future = async move {
        let _one = one;
        waits.happens().await;
    };
    let schedule = |runnable| {
        let _runnable = runnable;
        resume_unwind(Box::new("no room"));
    };
    let (runnable, mut handle) = task::spawn(future, schedule);
    assert!(runnable.run().is_pending());
    assert!(caught(|| event.wake()), "it is the caller's executor");
    assert!(is_cancelled(&mut handle));
    assert_eq!(count.get(), 0);
    event.wake();
    drop(event.wakers());

    // Also at the end of a poll.
    let one = count.one();
    let future = async move {
        let _one = one;
        yield_now().await;
    };
    let (runnable, mut handle) = task::spawn(future, schedule);
    assert!(caught(|| runnable.run()));
    assert!(is_cancelled(&mut handle));
    assert_eq!(count.get(), 0);
}

#[test]
fn a_joiner_that_panics_when_it_is_woken_stops_no_executor() {
    let (mut executor, spawner) = new_executor_and_spawner();
    let mut joined = spawner.spawn(async { 1 });
    let other = spawner.spawn(async { 2 });
    let waker = Waker::from(Arc::new(Screams));
    let poll = Pin::new(&mut joined).poll(&mut Context::from_waker(&waker));
    assert!(poll.is_pending());
    drop(spawner);
    executor.run();
    assert!(other.is_finished());
    assert!(matches!(peek(&mut joined), Poll::Ready(Ok(1))));
}

/// What a hostile waker panics in.
const CLONE: usize = 0;
const DROP: usize = 1;

/// A waker without data, that panics when it is cloned or dropped.
fn hostile(panics_in: usize) -> Waker {
    const fn table(panics_in: usize) -> RawWakerVTable {
        const fn raw<const IN: usize>(_: *const ()) -> RawWaker {
            RawWaker::new(std::ptr::null(), table_of::<IN>())
        }
        const fn table_of<const IN: usize>() -> &'static RawWakerVTable {
            const { &table(IN) }
        }
        fn bad_clone(_: *const ()) -> RawWaker {
            resume_unwind(Box::new("cloned"))
        }
        fn bad_drop(_: *const ()) {
            resume_unwind(Box::new("dropped"))
        }
        fn nothing(_: *const ()) {}
        match panics_in {
            CLONE => RawWakerVTable::new(bad_clone, nothing, nothing, nothing),
            _ => RawWakerVTable::new(raw::<DROP>, nothing, nothing, bad_drop),
        }
    }
    static TABLES: [RawWakerVTable; 2] = [table(CLONE), table(DROP)];
    // SAFETY: there is no data, and so nothing that any thread could do wrong with it.
    unsafe { Waker::new(std::ptr::null(), &TABLES[panics_in]) }
}

#[test]
fn a_joiners_waker_that_panics_hurts_the_joiner_alone() {
    for panics_in in [CLONE, DROP] {
        let (mut executor, spawner) = new_executor_and_spawner();
        let mut handle = spawner.spawn(async { 3 });
        let waker = std::mem::ManuallyDrop::new(hostile(panics_in));
        let mut cx = Context::from_waker(&waker);
        let cloned = caught(|| assert!(Pin::new(&mut handle).poll(&mut cx).is_pending()));
        assert_eq!(cloned, panics_in == CLONE);
        // The next poll replaces it.
        let replaced = caught(|| assert!(peek(&mut handle).is_pending()));
        assert_eq!(replaced, panics_in == DROP);
        drop(spawner);
        executor.run();
        assert!(matches!(peek(&mut handle), Poll::Ready(Ok(3))));
    }
}

#[test]
fn a_spawner_may_be_used_in_a_drop_while_a_panic_goes_by() {
    struct Spawns(executor::Spawner, Count);
    impl Drop for Spawns {
        fn drop(&mut self) {
            let one = self.1.one();
            drop(self.0.spawn(async move { drop(one) }));
        }
    }
    let count = Count::default();
    let (mut executor, spawner) = new_executor_and_spawner();
    let spawns = Spawns(spawner.clone(), count.clone());
    let mut bad = spawner.spawn(async move {
        let _spawns = spawns;
        resume_unwind(Box::new("polled"));
    });
    let stays = Spawns(spawner.clone(), count.clone());
    let stays = spawner.spawn(async move {
        let _stays = stays;
        pending::<()>().await;
    });
    executor.turn(8);
    assert!(is_panicked(&mut bad));
    assert_eq!(count.get(), 0, "it was spawned, and has run");
    drop(executor);
    assert!(stays.is_finished());
    assert_eq!(count.get(), 0, "it was spawned too late, and dropped");
}

#[test]
fn an_executor_that_a_panic_goes_through_can_be_used_again() {
    let parker = Parker::new();
    let (mut executor, spawner) = executor::Executor::new(parker.waker());
    let queue = Queue::default();
    let handle = spawner.spawn(async { 4 });
    assert!(caught(|| executor::context::within(&mut executor, || {
        let _queue = queue;
        resume_unwind(Box::new("the driver's own future"));
    })));
    assert_eq!(executor.turn(1), 1);
    assert!(handle.is_finished());
}
