//! Both sides of a channel at work at the same time, on two threads.

use std::{
    sync::{Arc, Mutex},
    task::Poll,
};

use async_await::SendError;
use course::{HostileWaker, Race, RecordedWaker, Recorder, Task};

use crate::{
    CLOSED, EMPTY, RECEIVER_GONE, ROOM, SECTION, SENDERS_GONE, SENT,
    channel_rules::{advise_if_blocked, must_hear, wakes_too_early},
    full,
    mpsc::{Receiver, Sender},
    must_be, must_be_sent, must_be_the_end, must_come_back, must_wait, put,
    rules::{lock, pending, ready},
    send, steps, take,
    values::{Value, Values},
};

/// What one side does while the other one is at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Sends,
    LastSenderGoes,
    Receives,
    Closes,
    ReceiverGoes,
}

/// When it does that.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Moment {
    /// While the waker of the poll is cloned.
    Clone,
    /// At this step of the poll, of those without a lock.
    Step(usize),
}

impl Moment {
    fn force(self, rival: impl Fn() + Send + Sync + 'static, waker: HostileWaker) -> RecordedWaker {
        match self {
            Self::Clone => waker.on_clone(rival).build(),
            Self::Step(skip) => {
                steps::ambush(skip, rival);
                waker.build()
            }
        }
    }
}

impl Act {
    pub(crate) fn says(self) -> &'static str {
        match self {
            Self::Sends => "a sender sends",
            Self::LastSenderGoes => "the last sender goes",
            Self::Receives => "the receiver takes a value",
            Self::Closes => "the receiver closes",
            Self::ReceiverGoes => "the receiver goes",
        }
    }

    /// Completes "… although".
    fn event(self) -> &'static str {
        match self {
            Self::Sends => SENT,
            Self::LastSenderGoes => SENDERS_GONE,
            Self::Receives => ROOM,
            Self::Closes => CLOSED,
            Self::ReceiverGoes => RECEIVER_GONE,
        }
    }

    /// Sends value 2, or goes. Gives the sender back that stays: its drop is another event.
    fn of_the_sender(
        self,
        rec: &Recorder,
        values: &Values,
        sender: Sender<Value>,
    ) -> Option<Sender<Value>> {
        if self == Self::Sends {
            put(rec, &sender, values.make(2));
            return Some(sender);
        }
        rec.note("the last sender is dropped");
        None
    }

    /// Receives value 1, closes, or goes. Gives the receiver back that stays.
    fn of_the_receiver(
        self,
        rec: &Recorder,
        mut receiver: Receiver<Value>,
    ) -> Option<Receiver<Value>> {
        match self {
            Self::Receives => take(rec, &mut receiver, 1),
            Self::Closes => {
                rec.note("the receiver closes");
                receiver.close();
            }
            _ => {
                rec.note("the receiver is dropped");
                return None;
            }
        }
        Some(receiver)
    }

    /// The rule that who waits for this is woken.
    fn must_wake(self, rec: &Recorder, waker: &str) {
        match self {
            Self::Sends | Self::Receives => rec.must_wake(waker, self.event()),
            _ => must_hear(rec, waker, "the other side", self.event()),
        }
    }

    fn must_be_received(self, rec: &Recorder, received: Option<Value>) {
        match self {
            Self::Sends => must_be(rec, received, 2),
            _ => must_be_the_end(rec, received),
        }
    }

    fn must_be_sent(self, rec: &Recorder, sent: Result<(), SendError<Value>>) {
        match self {
            Self::Receives => must_be_sent(rec, sent),
            _ => must_come_back(rec, sent, 2, self.event()),
        }
    }
}

fn missed(rec: &Recorder, who: &str, act: Act) -> ! {
    rec.fail_reading(
        SECTION,
        "check-then-register",
        format!("{}, and that came in the middle of the poll of `{who}` with waker B; the poll answered Pending, and \
                 nobody woke B", act.event()),
    )
}

/// A channel of one place, and nothing in it.
fn empty(rec: &Recorder) -> (Values, Sender<Value>, Receiver<Value>) {
    let values = Values::default();
    let (sender, mut receiver) = full(rec, &values, 1);
    take(rec, &mut receiver, 1);
    (values, sender, receiver)
}

/// The sender acts in the middle of a poll of `recv`. Tells whether there was such a moment.
pub(crate) fn recv_meets(rec: &Recorder, act: Act, moment: Moment) -> bool {
    let (race, (values, sender, mut receiver)) = (Race::new(), empty(rec));
    let back = Arc::new(Mutex::new(None));
    let rival = {
        let (rec, back) = (rec.clone(), Arc::clone(&back));
        race.once(move || {
            let sender = act.of_the_sender(&rec, &values, sender);
            *lock(&back) = sender;
        })
    };
    let latest = moment.force(rival, rec.hostile_waker("B"));
    let wakes = rec.wakes("B");
    let mut recv = Task::named(rec, "recv", receiver.recv());
    let poll = recv.poll(&latest);
    steps::call_off();
    race.finish();
    if !race.was_forced() {
        return false;
    }
    let received = match poll {
        Poll::Ready(received) => received,
        Poll::Pending if rec.wakes("B") == wakes => missed(rec, "recv", act),
        Poll::Pending => ready(rec, recv.poll(&latest), act.event()),
    };
    act.must_be_received(rec, received);
    true
}

/// The receiver acts in the middle of a poll of `send`. Tells whether there was such a moment.
pub(crate) fn send_meets(rec: &Recorder, act: Act, moment: Moment) -> bool {
    let (race, values) = (Race::new(), Values::default());
    let (sender, receiver) = full(rec, &values, 1);
    let back = Arc::new(Mutex::new(None));
    let rival = {
        let (rec, back) = (rec.clone(), Arc::clone(&back));
        race.once(move || {
            let receiver = act.of_the_receiver(&rec, receiver);
            *lock(&back) = receiver;
        })
    };
    let latest = moment.force(rival, rec.hostile_waker("B"));
    let wakes = rec.wakes("B");
    let mut sends = send(rec, "send", &sender, values.make(2));
    let poll = sends.poll(&latest);
    steps::call_off();
    race.finish();
    if !race.was_forced() {
        return false;
    }
    let sent = match poll {
        Poll::Ready(sent) => sent,
        Poll::Pending if rec.wakes("B") == wakes => missed(rec, "send", act),
        Poll::Pending => ready(rec, sends.poll(&latest), act.event()),
    };
    act.must_be_sent(rec, sent);
    true
}

/// What a poll on another thread has found.
type Found<T> = Arc<Mutex<Option<Poll<T>>>>;

/// Polls with waker B, and keeps what comes.
fn polls<F>(
    rec: &Recorder,
    task: &Arc<Mutex<Task<F>>>,
    found: &Found<F::Output>,
) -> impl Fn() + Send + Sync + use<F>
where
    F: Future<Output: std::fmt::Debug + Send> + Send,
{
    let (rec, task, found) = (rec.clone(), Arc::clone(task), Arc::clone(found));
    move || {
        let poll = lock(&task).poll(&rec.waker("B"));
        *lock(&found) = Some(poll);
    }
}

/// The woken receiver polls from within the wake.
pub(crate) fn woken_receiver_polls_at_once(rec: &Recorder, act: Act) {
    let (race, (values, sender, receiver)) = (Race::certain(), empty(rec));
    // Another thread asks for a borrow without end.
    let receiver = Box::leak(Box::new(receiver));
    let recv = Arc::new(Mutex::new(Task::named(rec, "recv", receiver.recv())));
    let found = Found::default();
    let rival = race.once(polls(rec, &recv, &found));
    let first = rec.hostile_waker("A").on_wake(rival).build();
    pending(rec, lock(&recv).poll(&first), EMPTY);
    let _sender = act.of_the_sender(rec, &values, sender);
    race.finish();
    match lock(&found).take() {
        None => act.must_wake(rec, "A"),
        Some(Poll::Ready(received)) => act.must_be_received(rec, received),
        Some(Poll::Pending) => wakes_too_early(rec, act.event()),
    }
    advise_if_blocked(rec, &race);
}

/// The woken sender polls from within the wake.
pub(crate) fn woken_sender_polls_at_once(rec: &Recorder, act: Act) {
    let (race, values) = (Race::certain(), Values::default());
    let (sender, receiver) = full(rec, &values, 1);
    let sender = Box::leak(Box::new(sender));
    let sends = Arc::new(Mutex::new(send(rec, "send", sender, values.make(2))));
    let found = Found::default();
    let rival = race.once(polls(rec, &sends, &found));
    let first = rec.hostile_waker("A").on_wake(rival).build();
    must_wait(rec, &mut lock(&sends), &first);
    let _receiver = act.of_the_receiver(rec, receiver);
    race.finish();
    match lock(&found).take() {
        None => act.must_wake(rec, "A"),
        Some(Poll::Ready(sent)) => act.must_be_sent(rec, sent),
        Some(Poll::Pending) => wakes_too_early(rec, act.event()),
    }
    advise_if_blocked(rec, &race);
}

/// The receiver is polled at a step of what the sender does. Tells whether there was such a step.
///
/// Fails with `stale-waker` if that poll is forgotten.
pub(crate) fn recv_in_the_middle_of(rec: &Recorder, act: Act, skip: usize) -> bool {
    let (race, (values, sender, receiver)) = (Race::new(), empty(rec));
    let receiver = Box::leak(Box::new(receiver));
    let recv = Arc::new(Mutex::new(Task::named(rec, "recv", receiver.recv())));
    let found = Found::default();
    pending(rec, lock(&recv).poll(&rec.waker("A")), EMPTY);
    let wakes = rec.wakes("B");
    steps::ambush(skip, race.once(polls(rec, &recv, &found)));
    let _sender = act.of_the_sender(rec, &values, sender);
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
            "the receiver was polled with waker B while the sender was at work and held no lock; the poll answered \
             Pending, and B was not woken when the sender went on",
        ),
        Poll::Pending => ready(rec, lock(&recv).poll(&rec.waker("B")), act.event()),
    };
    act.must_be_received(rec, received);
    true
}
