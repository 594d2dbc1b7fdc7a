//! What an executor asks of its tasks beyond the interface of the exercise, to save time and memory.
//!
//! The task of the course keeps a key for its executor, and gives back what is left of its [`Runnable`]
//! after a poll: a reference to a task that waits, or the `Runnable` itself. The one of the exercise
//! knows `spawn`, `run` and `waker` alone. So its key lies in its `schedule`, its waker is made before
//! the poll, and it queues itself.

use crate::task::Runnable;

#[cfg(not(feature = "my-task"))]
pub(crate) use crate::task::{Polled, Waiting, spawn_with};

#[cfg(not(feature = "my-task"))]
pub(crate) fn poll(runnable: Runnable) -> Polled {
    runnable.poll_once()
}

#[cfg(feature = "my-task")]
pub(crate) use of_the_exercise::{Polled, poll, spawn_with};
#[cfg(feature = "my-task")]
pub(crate) use std::task::Waker as Waiting;

#[cfg(feature = "my-task")]
mod of_the_exercise {
    use std::task::{Poll, Waker};

    use super::Runnable;
    use crate::{JoinHandle, task};

    #[allow(dead_code, reason = "the task of the exercise queues itself")]
    pub(crate) enum Polled {
        Over,
        Waits(Waker),
        Again(Runnable),
    }

    pub(crate) fn poll(runnable: Runnable) -> Polled {
        let waker = runnable.waker();
        match runnable.run() {
            Poll::Ready(()) => Polled::Over,
            Poll::Pending => Polled::Waits(waker),
        }
    }

    pub(crate) fn spawn_with<F, K, S>(
        future: F,
        key: K,
        schedule: S,
    ) -> (Runnable, JoinHandle<F::Output>)
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
        K: Copy + Send + Sync + 'static,
        S: Fn(Runnable, K) + Send + Sync + 'static,
    {
        task::spawn(future, move |runnable| schedule(runnable, key))
    }
}
