//! # The loop: poll what was woken, and sleep
//!
//! Somebody has to poll. A loop that polls everything all the time would do, and would take a whole
//! processor. Write the one that uses the wakes: it polls the tasks that were woken, and sleeps while
//! none is.
//!
//! What is checked:
//!
//! 1. Every task is polled once at first: a task that was never polled has nobody's wake. Task `i` is
//!    polled with `wakes.wake_fn(i)`, always.
//! 2. After that a task is polled only when it was woken: at most one poll for each wake.
//! 3. While no task is woken, the loop sleeps, with `wakes.sleep()`. It does not keep looking.
//! 4. It returns when every task is `Ready`, in whatever order they finish, and at once if there is no
//!    task. A finished task is never polled again.
//! 5. No wake is lost: not one that comes during the task's own poll, and not one that comes while
//!    the loop looks.
//! 6. A wake that comes late, for a task that is finished, neither polls anything nor keeps the loop
//!    from sleeping.
//! 7. A wake or a sleep that ends without a reason does no harm.
//!
//! Settled: the order of polls among woken tasks is free. A finished task may be dropped at once or with
//! the others. What happens when a task panics is not checked.
//!
//! Read first: README.md, "Who calls poll?"; `src/wakes.rs` has the trait. Do `socket_read` before this.
//! About 30 minutes.
//!
//! Check: `cargo xtask check-stage 1 --exercise run_loop`. Stuck: `cargo xtask hint run_loop`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(unused_imports, unused_variables)]

use crate::{Poll, SimpleFuture, Wakes};

/// Runs all tasks to their end on this thread.
pub fn run_loop<W: Wakes>(tasks: Vec<Box<dyn SimpleFuture<Output = ()> + '_>>, wakes: &W) {
    todo!(
        "poll each task once; then poll what was woken, and sleep while nothing is, until all are done"
    )
}
