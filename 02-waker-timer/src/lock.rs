//! Locking a mutex whose data is never left half changed.

use crate::sync::{Mutex, MutexGuard, PoisonError};

/// Locks, also when a thread panicked while it held the lock.
///
/// The mutexes of this stage are held for a few assignments only, and the data is valid between any
/// two of them. So a panic elsewhere (in a waker's `clone`, say) must neither stop the next task
/// nor make a `Drop` panic during unwinding, which would abort the program.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
