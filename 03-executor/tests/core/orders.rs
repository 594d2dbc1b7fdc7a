//! Whoever holds a task may go first: every order, in every state of the task.

use std::future::{pending, poll_fn};
use std::panic::resume_unwind;
use std::task::Poll;
use std::task::Waker;

use course::memory;
use executor::task;
use executor::{Executor, JoinHandle, Spawner, new_executor_and_spawner, yield_now};

use crate::tools::{Count, Event, One, Queue, each_order, is_cancelled, times};

/// What the task has been through when those who hold it begin to go.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Life {
    New,
    Waits,
    /// Woken, and not polled since.
    Woken,
    /// Its future holds its own waker.
    HoldsItself,
    Aborted,
    AbortedAndWoken,
    Finished,
    Panicked,
}

const LIVES: [Life; 8] = [
    Life::New,
    Life::Waits,
    Life::Woken,
    Life::HoldsItself,
    Life::Aborted,
    Life::AbortedAndWoken,
    Life::Finished,
    Life::Panicked,
];

/// The future of such a life, with something to be dropped in it and in its output.
async fn live(life: Life, count: Count, event: Event) -> One {
    let _one = count.one();
    match life {
        Life::New | Life::Finished => {}
        // Without the hook, which would write it down.
        Life::Panicked => resume_unwind(Box::new("on purpose")),
        Life::HoldsItself => {
            let own = poll_fn(|cx| Poll::Ready(cx.waker().clone())).await;
            event.happens().await;
            drop(own);
        }
        _ => event.happens().await,
    }
    count.one()
}

/// Brings a task that was polled once to where its life is to end.
fn lead(life: Life, event: &Event, handle: &JoinHandle<One>) {
    match life {
        Life::Woken => event.happen(),
        Life::Aborted => handle.abort(),
        Life::AbortedAndWoken => {
            handle.abort();
            event.happen();
        }
        _ => {}
    }
}

/// A task on an executor, and all who hold it.
struct Held {
    life: Life,
    count: Count,
    executor: Option<Executor>,
    spawner: Option<Spawner>,
    handle: Option<JoinHandle<One>>,
    wakers: Vec<Waker>,
}

impl Held {
    fn new(life: Life) -> Self {
        let (count, event) = (Count::default(), Event::default());
        let (mut executor, spawner) = new_executor_and_spawner();
        let handle = spawner.spawn(live(life, count.clone(), event.clone()));
        if life != Life::New {
            executor.turn(1);
        }
        lead(life, &event, &handle);
        Self {
            life,
            count,
            executor: Some(executor),
            spawner: Some(spawner),
            handle: Some(handle),
            wakers: event.wakers(),
        }
    }

    fn drop(&mut self, part: usize) {
        match part {
            0 => drop(self.executor.take()),
            1 => drop(self.spawner.take()),
            2 => drop(self.handle.take()),
            _ => self.wakers.clear(),
        }
        if self.executor.is_none() {
            // Without its executor a task is over. What it left waits for the handle.
            let left = self.handle.is_some() && self.life == Life::Finished;
            assert_eq!(self.count.get(), usize::from(left), "{:?}", self.life);
        }
    }
}

#[test]
fn executor_spawner_handle_and_wakers_may_go_in_any_order() {
    for life in LIVES {
        each_order(4, |order| {
            let mut held = Held::new(life);
            order.iter().for_each(|&part| held.drop(part));
            assert_eq!(held.count.get(), 0, "{life:?}, {order:?}");
        });
    }
}

#[test]
fn a_late_wake_and_a_late_abort_find_nothing() {
    for life in LIVES {
        let mut held = Held::new(life);
        held.drop(0);
        held.wakers.iter().for_each(Waker::wake_by_ref);
        let mut handle = held.handle.take().expect("nobody has dropped it");
        handle.abort();
        let over_by_itself = matches!(life, Life::Finished | Life::Panicked);
        assert_eq!(is_cancelled(&mut handle), !over_by_itself, "{life:?}");
        assert_eq!(held.count.get(), 0, "{life:?}");
    }
}

/// The same without an executor: its queue, or whatever has the `Runnable`.
#[test]
fn runnable_handle_and_wakers_may_go_in_any_order() {
    // Without an executor nobody knows a task that only its own future holds.
    for life in LIVES.into_iter().filter(|&life| life != Life::HoldsItself) {
        each_order(3, |order| {
            let (count, event, queue) = (Count::default(), Event::default(), Queue::default());
            let future = live(life, count.clone(), event.clone());
            let (runnable, handle) = task::spawn(future, queue.schedule());
            if life == Life::New {
                queue.push(runnable);
            } else {
                let _ = runnable.run();
            }
            lead(life, &event, &handle);
            let (mut handle, mut wakers) = (Some(handle), event.wakers());
            for part in order {
                match part {
                    0 => drop(queue.pop()),
                    1 => drop(handle.take()),
                    _ => wakers.clear(),
                }
            }
            assert_eq!(count.get(), 0, "{life:?}, {order:?}");
        });
    }
}

/// Tasks that were woken stand in the queue of an executor that goes, others in its register.
#[test]
fn an_executor_takes_along_what_waits_and_what_is_queued() {
    let count = Count::default();
    let (mut executor, spawner) = new_executor_and_spawner();
    let mut handles: Vec<_> = (0..20)
        .map(|number| {
            let one = count.one();
            spawner.spawn(async move {
                let _one = one;
                match number % 4 {
                    0 => pending().await,
                    1 => loop {
                        yield_now().await;
                    },
                    2 => resume_unwind(Box::new("on purpose")),
                    _ => {}
                }
            })
        })
        .collect();
    executor.turn(15);
    drop(executor);
    assert_eq!(count.get(), 0);
    let cancelled = handles.iter_mut().map(is_cancelled);
    // Of the last five, which were never polled, all; of the others, those that are not done.
    assert_eq!(cancelled.filter(|&cancelled| cancelled).count(), 5 + 8);
    drop(spawner.spawn(pending::<()>()));
}

/// Each task drops a waker of the next, or wakes it, in its own drop: no call in a call in a call.
#[test]
fn a_long_chain_of_drops_needs_no_deep_stack() {
    struct Next(Event);
    impl Drop for Next {
        fn drop(&mut self) {
            self.0.happen();
        }
    }
    let (mut executor, spawner) = new_executor_and_spawner();
    let mut next = Event::default();
    for _ in 0..times(10_000, 100) {
        let (waits, wakes) = (Event::default(), Next(next));
        next = waits.clone();
        drop(spawner.spawn(async move {
            let _wakes = wakes;
            waits.happens().await;
            pending::<()>().await;
        }));
    }
    executor.turn(usize::MAX);
    drop(next);
    drop(executor);
}

/// Bytes, beside the drops that are counted. (Miri looks for itself.)
#[test]
#[cfg_attr(miri, ignore)]
fn many_lives_leave_no_memory_behind() {
    let rounds = 40;
    let live_all = || {
        for life in LIVES.into_iter().cycle().take(rounds * LIVES.len()) {
            each_order(4, |order| {
                let mut held = Held::new(life);
                order.iter().for_each(|&part| held.drop(part));
            });
        }
    };
    // The tests beside this one have memory, too, for a time; a task that stays has more each time.
    let left = || {
        let before = memory::in_use();
        live_all();
        memory::in_use().abs_diff(before)
    };
    let small = 8 * rounds * LIVES.len() * 24;
    assert!(
        (0..50).any(|_| left() < small),
        "each time more than {small} bytes are left"
    );
}
