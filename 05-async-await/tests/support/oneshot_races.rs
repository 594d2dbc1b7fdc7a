//! Both sides of a oneshot at work at the same time, on two threads.

use std::{
    sync::{Arc, Mutex},
    task::Poll,
};

use course::{HostileWaker, Race, RecordedWaker, Recorder, Task};

use crate::{
    Received, SECTION, channel, must_be_closed, must_be_the_value,
    oneshot::{Receiver, Sender},
    rules::{lock, pending, ready},
    steps,
    values::{Value, Values},
};

/// The sender acts in the middle of a poll, on a second thread: `acts` says whether it has sent. `force`
/// leads it to its moment. Tells whether there was such a moment.
pub(crate) fn received_in_the_middle(
    rec: &Recorder,
    force: impl FnOnce(Box<dyn Fn() + Send + Sync>, HostileWaker) -> RecordedWaker,
    before: bool,
    acts: impl FnOnce(Sender<Value>) -> bool + Send + 'static,
) -> bool {
    let (race, (sender, mut receiver)) = (Race::new(), channel(rec));
    if before {
        pending(rec, receiver.poll(&rec.waker("A")), crate::NOTHING);
    }
    let sent = Arc::new(Mutex::new(false));
    let rival = {
        let (rec, sent) = (rec.clone(), Arc::clone(&sent));
        race.once(move || {
            rec.note("the sender acts in the middle of the poll");
            *lock(&sent) = acts(sender);
        })
    };
    let latest = force(Box::new(rival), rec.hostile_waker("B"));
    let wakes = rec.wakes("B");
    let poll = receiver.poll(&latest);
    steps::call_off();
    race.finish();
    if !race.was_forced() {
        return false;
    }
    let received = match poll {
        Poll::Ready(received) => received,
        Poll::Pending if rec.wakes("B") == wakes => rec.fail_reading(
            SECTION,
            "check-then-register",
            "the sender sent, or went, in the middle of the receiver's poll with waker B; the poll answered Pending, \
             and nobody woke B",
        ),
        Poll::Pending => ready(rec, receiver.poll(&latest), "the sender has sent, or gone"),
    };
    must_be_what_happened(rec, received, *lock(&sent));
    true
}

fn must_be_what_happened(rec: &Recorder, received: Received, sent: bool) {
    if sent {
        must_be_the_value(rec, received);
    } else {
        must_be_closed(rec, received);
    }
}

/// A receiver that two threads can poll.
type Shared = Arc<Mutex<Task<Receiver<Value>>>>;

/// Polls with waker B, and keeps what comes.
pub(crate) fn polls(
    rec: &Recorder,
    receiver: &Shared,
    found: &Arc<Mutex<Option<Poll<Received>>>>,
) -> impl Fn() + Send + Sync + use<> {
    let (rec, receiver, found) = (rec.clone(), Arc::clone(receiver), Arc::clone(found));
    move || {
        let poll = lock(&receiver).poll(&rec.waker("B"));
        *lock(&found) = Some(poll);
    }
}

/// The receiver is polled at a step of `send`. Tells whether there was such a step.
///
/// Fails with `stale-waker` if that poll is forgotten, and with `lost-value` if it is told that nothing
/// will come.
pub(crate) fn polled_in_a_send(rec: &Recorder, skip: usize, before: bool) -> bool {
    let (values, (sender, receiver)) = (Values::default(), channel(rec));
    let (race, receiver, found) = (Race::new(), Arc::new(Mutex::new(receiver)), Arc::default());
    if before {
        pending(rec, lock(&receiver).poll(&rec.waker("A")), crate::NOTHING);
    }
    let wakes = rec.wakes("B");
    steps::ambush(skip, race.once(polls(rec, &receiver, &found)));
    crate::send(rec, sender, &values);
    steps::call_off();
    race.finish();
    let Some(poll) = lock(&found).take() else {
        return false;
    };
    let received = match poll {
        Poll::Ready(received) => received,
        Poll::Pending if rec.wakes("B") == wakes => rec.fail_reading(
            SECTION,
            "stale-waker",
            "the receiver was polled with waker B while `send` was at work and held no lock; the poll answered \
             Pending, and B was not woken when `send` went on",
        ),
        Poll::Pending => ready(rec, lock(&receiver).poll(&rec.waker("B")), crate::SENT),
    };
    must_be_the_value(rec, received);
    true
}
