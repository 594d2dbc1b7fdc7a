// expect: hang
//! Waits inside `poll`, with a condition variable (S1-03 class).

use std::pin::Pin;
use std::sync::{Condvar, Mutex};
use std::task::{Context, Poll};

#[derive(Default)]
pub struct Notify {
    permit: Mutex<bool>,
    notified: Condvar,
}

impl Notify {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    pub fn notify_one(&self) {
        *self.permit.lock().expect("nobody panics") = true;
        self.notified.notify_one();
    }

    pub fn notified(&self) -> Notified<'_> {
        Notified { notify: self }
    }
}

pub struct Notified<'a> {
    notify: &'a Notify,
}

impl Future for Notified<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        let permit = self.notify.permit.lock().expect("nobody panics");
        let wait = |permit: &mut bool| !*permit;
        *self
            .notify
            .notified
            .wait_while(permit, wait)
            .expect("nobody panics") = false;
        Poll::Ready(())
    }
}
