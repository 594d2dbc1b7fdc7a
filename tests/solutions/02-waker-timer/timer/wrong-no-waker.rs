// expect: fail lost-wakeup
//! Sets the flag when the time has come, and tells nobody: works with an executor that polls all the time.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::clock;
use crate::sync::{Arc, Mutex};

#[derive(Debug)]
pub struct TimerFuture {
    completed: Arc<Mutex<bool>>,
}

impl TimerFuture {
    pub fn new(duration: Duration) -> Self {
        let completed = Arc::new(Mutex::new(false));
        let in_callback = Arc::clone(&completed);
        clock::ring_after(duration, move || *in_callback.lock().unwrap() = true);
        TimerFuture { completed }
    }
}

impl Future for TimerFuture {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<()> {
        if *self.completed.lock().unwrap() { Poll::Ready(()) } else { Poll::Pending }
    }
}
