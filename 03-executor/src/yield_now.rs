//! Letting the others have a turn.
//!
//! An executor cannot interrupt a task: it gets its thread back only when `poll` returns. A task
//! that computes for long has to return by itself now and then.

use std::pin::Pin;
use std::task::{Context, Poll};

/// Gives the other tasks a turn: pending once, with a wake at once.
///
/// The task goes to the end of the queue. With nothing else to run it goes on immediately; a task
/// that yields in a loop still uses the whole processor.
///
/// ```
/// executor::block_on(async {
///     for _part in 0..3 {
///         // … a part of a long computation …
///         executor::yield_now().await;
///     }
/// });
/// ```
pub fn yield_now() -> YieldNow {
    YieldNow { yielded: false }
}

/// Made by [`yield_now`]. Polled again after `Ready`, it is `Ready` again.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct YieldNow {
    /// Whether it has been pending.
    yielded: bool,
}

impl Future for YieldNow {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.yielded {
            return Poll::Ready(());
        }
        self.yielded = true;
        // The event that this future waits for is that it has waited, and that is now.
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::new_executor_and_spawner;

    #[test]
    fn two_tasks_alternate_and_a_third_has_its_turn() {
        let (mut executor, spawner) = new_executor_and_spawner();
        let log = Arc::new(Mutex::new(String::new()));
        for name in ["a", "b"] {
            let log = Arc::clone(&log);
            drop(spawner.spawn(async move {
                for _ in 0..3 {
                    log.lock().unwrap().push_str(name);
                    yield_now().await;
                }
            }));
        }
        let third = Arc::clone(&log);
        drop(spawner.spawn(async move { third.lock().unwrap().push('c') }));
        drop(spawner);
        executor.run();
        assert_eq!(*log.lock().unwrap(), "abcabab");
    }
}
