//! Threads that tell when they end.

use std::{
    cell::RefCell,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
};

thread_local! {
    /// Tells, when its thread ends.
    static LAST_WORD: RefCell<Option<LastWord>> = const { RefCell::new(None) };
}

/// Counts the threads that have ended.
pub(crate) struct LastWord(pub(crate) Arc<AtomicUsize>);

impl Drop for LastWord {
    fn drop(&mut self) {
        self.0.fetch_add(1, SeqCst);
    }
}

impl LastWord {
    /// Counts this thread when it ends.
    pub(crate) fn of_this_thread(self) {
        LAST_WORD.set(Some(self));
    }
}
