//! What a `JoinHandle` has to know about its task, and nothing else.

use std::sync::Arc;

use crate::JoinState;

/// A task, seen from its handle. Implemented by `task`, used by `join_handle`: either of the two can
/// be exchanged without the other.
pub trait Joinable<T>: Send + Sync {
    /// The place where the task leaves its result.
    fn join_state(&self) -> &JoinState<T>;

    /// Asks for the task's end. Its future is dropped where the executor runs, never in this call
    /// and never during a poll; then the result is `JoinError::Cancelled`. Does nothing to a task
    /// that is done.
    fn abort(self: Arc<Self>);

    /// The handle is dropped: nobody will come for the result. A task need not care. Says the same as
    /// [`may_be_over`](Self::may_be_over).
    fn detach(&self) -> bool {
        self.may_be_over()
    }

    /// `false` if the result was surely not there when this was called. It may be there when this returns: whoever
    /// leaves a waker because of it has to look for the result all the same, under the lock, or sleeps for ever.
    fn may_be_over(&self) -> bool {
        true
    }
}
