//! 2.6: the three phases of a future's life, poll, wait and wake, and who does what in each.
//!
//! ```text
//! cargo run -p waker-timer --example phases
//! ```
//!
//! The *future* is a `TimerFuture`, the *executor* is the loop in `main`, and the *event source* is
//! a clock that we move by hand. In the middle somebody wakes the task for no reason. Expect
//!
//! ```text
//! poll   the executor polls; the future answers Pending
//! wait   the event source has 1 event to wait for; the executor sleeps
//! wake   a stranger wakes the task
//! poll   the executor polls; the future answers Pending
//! wait   the event source has 1 event to wait for; the executor sleeps
//! wake   the event source wakes the task: its time has come
//! poll   the executor polls; the future answers Ready
//! ```

use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use waker_timer::{ArcWake, ManualClock, TimerFuture, clock, waker};

fn main() {
    let event_source = Arc::new(ManualClock::new());
    let _replaced = clock::replace(event_source.clone());
    let mut future = pin!(TimerFuture::new(Duration::from_secs(60)));

    let (sender, woken) = channel();
    let waker = waker(Arc::new(Task(sender)));
    let mut cx = Context::from_waker(&waker);
    let mut world = [a_stranger, the_event_source].into_iter();

    while future.as_mut().poll(&mut cx).is_pending() {
        println!("poll   the executor polls; the future answers Pending");
        let events = event_source.outstanding();
        println!("wait   the event source has {events} event to wait for; the executor sleeps");
        let happens = world
            .next()
            .expect("two things happen before the timer ends");
        happens(&event_source, &waker);
        sleep_until_woken(&woken);
    }
    println!("poll   the executor polls; the future answers Ready");
    assert_eq!(future.poll(&mut cx), Poll::Ready(()));
}

/// A wake without a reason: legal at any time, and harmless.
fn a_stranger(_: &ManualClock, waker: &Waker) {
    println!("wake   a stranger wakes the task");
    waker.wake_by_ref();
}

/// The event. The source wakes the task by itself, with the waker that the future left there.
fn the_event_source(clock: &ManualClock, _: &Waker) {
    println!("wake   the event source wakes the task: its time has come");
    clock.advance(Duration::from_secs(60));
}

/// What an executor does when it has nothing to poll.
fn sleep_until_woken(woken: &Receiver<()>) {
    woken.recv().expect("the waker lives in `main`");
    // Any number of wakes is one reason to poll.
    while woken.try_recv().is_ok() {}
}

/// The executor's handle on its only task: a wake is a message to the loop.
struct Task(Sender<()>);

impl ArcWake for Task {
    fn wake_by_ref(arc_self: &Arc<Self>) {
        // An error means that the loop has ended, and nobody needs to be woken any more.
        let _ = arc_self.0.send(());
    }
}
