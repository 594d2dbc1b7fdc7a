//! # Event loop: tasks, timers and sockets, and one place to sleep
//!
//! Stage 03's executor sleeps when its queue is empty, and the reactor sleeps until a socket has news. Both on one
//! thread cannot be: who sleeps in the one is deaf for the other. So one loop drives both, and sleeps only in the selector,
//! until the next timer. Write it.
//!
//! What you have:
//!
//! - `executor.turn(budget)` polls tasks that are ready, `budget` at most, and says how many it has polled.
//!   `executor.has_ready()` says whether one is left. If not, the executor counts its thread as asleep from then on:
//!   the next task that becomes ready, from whatever thread, wakes the interrupter. After a `turn` that has used up its
//!   budget it counts as awake, and a task that comes then wakes nobody: ask `has_ready` before you sleep.
//! - `reactor.fire_timers()` wakes the tasks whose timers are due. `reactor.next_deadline()` is when that is to be done
//!   again. The time is [`clock::now`], and never `Instant::now`: under the check, an hour passes in no time.
//! - `reactor.poll_io(timeout)` looks at the sockets, and wakes the tasks that wait for what it finds. It waits until there
//!   is something: `timeout` at most, not at all with `Some(Duration::ZERO)`, and for ever with `None`.
//! - `reactor.interrupter()` has `awake`, `prepare_to_sleep` and `wake`: see point 6.
//!
//! What is checked:
//!
//! 1. Tasks that are ready run ([`Executor::turn`]), timers that are due fire ([`Reactor::fire_timers`]), and after that
//!    `done` is asked: after the tasks and the timers of a round, and before the sleep. When it says `true`, the loop
//!    returns.
//! 2. When nothing is ready, the loop sleeps in [`Reactor::poll_io`]: until the next timer
//!    ([`Reactor::next_deadline`]), and without an end if there is none. What it sleeps is neither too long nor cut
//!    into small pieces.
//! 3. As long as a task is ready, it does not sleep.
//! 4. Tasks that wake each other for ever keep nobody waiting: at the latest when 1,000 of them have been polled, the
//!    sockets, the timers and `done` have had their turn. Nor does a main future that wakes itself in each poll (a runtime
//!    polls it in `done`, and its wake wakes the interrupter): at the latest when `done` has been asked 1,000 times, the
//!    sockets, the timers and the tasks have had theirs.
//! 5. A look at the sockets is a call of the system. With a thousand tasks ready, one look serves ten polls or more.
//! 6. Another thread may spawn a task, set an earlier timer, or make `done` say `true` at any moment: also between
//!    the last look and the sleep. The loop does not sleep then, or gets up at once. For that there is the
//!    [`Interrupter`](crate::Interrupter): it is woken whenever such a thing happens. Whoever wants to sleep tells it
//!    ([`prepare_to_sleep`](crate::Interrupter::prepare_to_sleep)), and looks once more, or takes its no for an answer.
//! 7. If the selector fails, the loop panics: nobody would be woken any more.
//! 8. The runtime of this crate runs on it.
//!
//! Settled: the order of the three, and how many tasks are polled in a row. A look at the sockets that finds nothing is
//! fine, and so is a long sleep that is cut into pieces of a minute or more. `executor::context::within` saves time,
//! and need not be used.
//!
//! Read first: README.md, "One loop" and "Woken while asleep". Do `run` (stage 03) and `timers` before this. About 35
//! minutes.
//!
//! Check: `cargo xtask check-stage 4 --exercise event_loop`. Stuck: `cargo xtask hint event_loop`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_imports, unused_variables, unused_mut)]

use std::time::Duration;

use executor::Executor;
use waker_timer::clock;

use crate::Reactor;

/// Runs tasks, fires timers and waits for I/O, until `done` says `true`.
///
/// `done` is asked after each turn of tasks and timers. A runtime polls its main future in it, when
/// that was woken. Whoever makes it say `true` from outside wakes the reactor's
/// [`Interrupter`](crate::Interrupter) after that. The executor must have been made with that
/// interrupter's waker.
///
/// # Panics
///
/// Panics if the selector fails: nobody would be woken any more. (A signal is no failure:
/// `poll_io` sees to that.)
pub fn run_until(executor: &mut Executor, reactor: &Reactor, mut done: impl FnMut() -> bool) {
    todo!(
        "run what is ready, but not for ever; fire; ask `done`; then look at the sockets, or sleep there"
    )
}
