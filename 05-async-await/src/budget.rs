//! So many turns of a loop, and then it is somebody else's turn.
//!
//! An `await` lets others run only if it has to wait. A loop whose awaits are all ready, because a client
//! sends faster than it is served, keeps the thread for as long as he likes.

use executor::yield_now;

/// How many turns are taken in a row.
const TURNS: usize = 64;

/// Counts the turns of a loop.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    /// Since the others had theirs.
    spent: usize,
}

impl Budget {
    /// One more turn. When it has been as many as there may be, it lets the others run first.
    pub(crate) async fn spend_one(&mut self) {
        self.spent += 1;
        if self.spent == TURNS {
            self.spent = 0;
            yield_now().await;
        }
    }
}
