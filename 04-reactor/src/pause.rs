//! A rest after an error that would come again at once.

use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::Sleep;
use crate::lock::lock;

/// How long the rest is.
const LENGTH: Duration = Duration::from_millis(50);

/// Keeps a listener that could not accept from trying again at once.
///
/// When there is no file descriptor left, the caller stays in the queue, and no event announces him a
/// second time. So the listener has to try again by itself; and without a pause, a server that accepts
/// in a loop would do nothing else until some descriptor is closed.
#[derive(Debug, Default)]
pub(crate) struct Pause {
    /// The rest, if there is one.
    sleep: Mutex<Option<Sleep>>,
}

impl Pause {
    /// Rests from now on.
    pub(crate) fn begin(&self) {
        let previous = lock(&self.sleep).replace(Sleep::new(LENGTH));
        drop(previous);
    }

    /// Ready when there is no rest, or it is over.
    pub(crate) fn poll(&self, cx: &mut Context<'_>) -> Poll<()> {
        // Out of the lock: the sleep clones this task's waker, and drops the one before.
        let sleep = lock(&self.sleep).take();
        if let Some(mut sleep) = sleep
            && Pin::new(&mut sleep).poll(cx).is_pending()
        {
            *lock(&self.sleep) = Some(sleep);
            return Poll::Pending;
        }
        Poll::Ready(())
    }
}
