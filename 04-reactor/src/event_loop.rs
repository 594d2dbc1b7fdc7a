//! One loop for tasks, timers and I/O.

use std::time::Duration;

use executor::Executor;
use executor::context::within;
use waker_timer::clock;

use crate::Reactor;

/// How many tasks are polled before the sockets are looked at again.
///
/// A look at the sockets is a system call, as dear as the polls of several tasks. So one look serves
/// for many polls. But it comes after a bounded number of them: tasks that keep each other busy must
/// not keep the sockets waiting.
const BUDGET: usize = 64;

/// Runs tasks, fires timers and waits for I/O, until `done` says `true`.
///
/// `done` is asked after each turn of tasks and timers. A runtime polls its main future in it, when
/// that was woken. Whoever makes it say `true` from outside wakes the reactor's
/// [`Interrupter`](crate::Interrupter) after that. The executor must have been made with that
/// interrupter's waker.
///
/// # Panics
///
/// Panics if the selector fails for another reason than a signal: nobody would be woken any more.
///
/// ```
/// use std::{sync::Arc, task::Waker};
/// use executor::Executor;
/// use reactor::{Reactor, run_until};
///
/// let reactor = Reactor::new().unwrap();
/// let (mut executor, spawner) = Executor::new(Waker::from(Arc::clone(reactor.interrupter())));
/// let task = spawner.spawn(async { 6 * 7 });
/// run_until(&mut executor, &reactor, || task.is_finished());
/// ```
pub fn run_until(executor: &mut Executor, reactor: &Reactor, mut done: impl FnMut() -> bool) {
    let mut budget = BUDGET;
    loop {
        // Before the looks. What wakes after this, and is not seen by them, forbids the sleep.
        reactor.interrupter().awake();
        let polled = executor.turn(budget);
        let done = within(executor, || {
            reactor.fire_timers();
            done()
        });
        if done {
            return;
        }
        // A round without a task is not for nothing either: `done` polls the main future.
        budget = budget.saturating_sub(polled.max(1));
        let timeout = if falls_asleep(executor, reactor) {
            time_left(reactor)
        } else if budget == 0 {
            Some(Duration::ZERO)
        } else {
            continue;
        };
        let looked = within(executor, || reactor.poll_io(timeout));
        looked.unwrap_or_else(|error| panic!("the selector failed: {error}"));
        budget = BUDGET;
    }
}

/// Whether there is nothing to do but to wait. From then on, a wake interrupts the selector.
fn falls_asleep(executor: &Executor, reactor: &Reactor) -> bool {
    // The second look is the one that counts. The first spares other threads the interrupt of a loop
    // that will not sleep.
    !executor.has_ready() && reactor.interrupter().prepare_to_sleep() && !executor.has_ready()
}

/// How long it is until the next timer. Asked after the loop counts as asleep: an earlier timer that
/// comes after this interrupts the sleep.
fn time_left(reactor: &Reactor) -> Option<Duration> {
    let when = reactor.next_deadline()?;
    Some(when.saturating_duration_since(clock::now()))
}
