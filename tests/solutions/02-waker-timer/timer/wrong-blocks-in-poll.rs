// expect: hang
//! Waits for the callback inside poll, with a condition variable: right in a thread, wrong in a task.

use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use crate::clock;

#[derive(Debug)]
pub struct TimerFuture {
    shared: Arc<(Mutex<bool>, Condvar)>,
}

impl TimerFuture {
    pub fn new(duration: Duration) -> Self {
        let shared = Arc::new((Mutex::new(false), Condvar::new()));
        let in_callback = Arc::clone(&shared);
        clock::ring_after(duration, move || {
            *in_callback.0.lock().unwrap() = true;
            in_callback.1.notify_all();
        });
        TimerFuture { shared }
    }
}

impl Future for TimerFuture {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<()> {
        let (completed, changed) = &*self.shared;
        let completed = completed.lock().unwrap();
        drop(changed.wait_while(completed, |completed| !*completed).unwrap());
        Poll::Ready(())
    }
}
