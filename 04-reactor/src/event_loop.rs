//! One loop for tasks, timers and I/O.

use std::io;
use std::time::Duration;

use executor::Executor;
use waker_timer::clock;

use crate::Reactor;

/// How many tasks are polled before timers and sockets are looked at again.
///
/// A look at the sockets is a system call, as dear as polling several tasks. So it comes once for
/// many of them, but always after a bounded number: tasks that keep each other busy must not keep
/// the sockets waiting.
const BUDGET: usize = 64;

/// Runs tasks, fires timers and waits for I/O until `done` says `true`.
///
/// `done` is asked after each turn of tasks and timers. A main future is polled in it, when it was
/// woken. Whoever makes `done` true from outside wakes the reactor's
/// [`Interrupter`](crate::Interrupter) after that, and the executor wakes it too, whenever a task is
/// ready: `executor` must have been made with that waker.
///
/// # Panics
///
/// Panics if the selector fails for another reason than a signal: then nobody would be woken any
/// more.
pub fn run_until(executor: &mut Executor, reactor: &Reactor, mut done: impl FnMut() -> bool) {
    let interrupter = reactor.interrupter();
    let mut budget = BUDGET;
    loop {
        // Before the looks: a wake from here on makes `prepare_to_sleep` say no.
        interrupter.awake();
        let polled = executor.turn(budget);
        reactor.fire_timers();
        if done() {
            return;
        }
        // A round without a task counts too: its wakes may have been for `done` alone.
        budget = budget.saturating_sub(polled.max(1));
        let asleep = interrupter.prepare_to_sleep();
        let timeout = if asleep && !executor.has_ready() {
            time_left(reactor)
        } else if budget == 0 {
            Some(Duration::ZERO)
        } else {
            continue;
        };
        look(reactor.poll_io(timeout));
        budget = BUDGET;
    }
}

/// How long the loop may sleep.
fn time_left(reactor: &Reactor) -> Option<Duration> {
    let when = reactor.next_deadline()?;
    Some(when.saturating_duration_since(clock::now()))
}

fn look(result: io::Result<()>) {
    if let Err(error) = result {
        panic!("the selector failed: {error}");
    }
}
