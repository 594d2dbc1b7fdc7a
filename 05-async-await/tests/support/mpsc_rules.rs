//! The rules of a channel with a limit, and the calls that go with them.

use std::{
    pin::pin,
    task::{Context, Poll},
};

use async_await::{SendError, TrySendError};
use course::{RecordedWaker, Recorder, Task};

use crate::{
    SECTION, SENT,
    mpsc::{self, Receiver, Sender},
    rules::ready,
    spinning::must_not_spin,
    values::{Value, Values},
};

/// A channel with these values in it, and no more room.
pub(crate) fn full(
    rec: &Recorder,
    values: &Values,
    capacity: u32,
) -> (Sender<Value>, Receiver<Value>) {
    must_not_spin(rec);
    let (sender, receiver) = mpsc::channel(capacity as usize);
    for number in 1..=capacity {
        put(rec, &sender, values.make(number));
    }
    (sender, receiver)
}

/// Sends without waiting, where there is room.
pub(crate) fn put(rec: &Recorder, sender: &Sender<Value>, value: Value) {
    rec.note(format!("try_send({value:?})"));
    match sender.try_send(value) {
        Ok(()) => {}
        Err(TrySendError::Full(value)) => rec.fail_reading(
            SECTION,
            "lost-room",
            format!("`try_send({value:?})` says that there is no room, although there is"),
        ),
        Err(TrySendError::Closed(value)) => rec.fail(
            "early-ready",
            format!(
                "`try_send({value:?})` says that nobody receives, although the receiver is there"
            ),
        ),
    }
}

/// The rule that nothing fits in.
///
/// Fails with `no-back-pressure`.
pub(crate) fn must_be_full(rec: &Recorder, sender: &Sender<Value>, value: Value) {
    if sender.try_send(value).is_ok() {
        rec.fail_reading(
            SECTION,
            "no-back-pressure",
            "`try_send` has taken a value, and the channel was full",
        );
    }
}

/// A send, to be polled by hand.
pub(crate) fn send<'a>(
    rec: &Recorder,
    name: &'static str,
    sender: &'a Sender<Value>,
    value: Value,
) -> Task<impl Future<Output = Result<(), SendError<Value>>> + use<'a>> {
    Task::named(rec, name, sender.send(value))
}

/// One poll of a send that has no room.
///
/// Fails with `no-back-pressure`.
pub(crate) fn must_wait<F>(rec: &Recorder, send: &mut Task<F>, waker: &RecordedWaker)
where
    F: Future<Output = Result<(), SendError<Value>>>,
{
    if send.poll(waker).is_ready() {
        rec.fail_reading(
            SECTION,
            "no-back-pressure",
            "`send` was ready at once, although the channel is full",
        );
    }
}

/// The rule that a send is done.
pub(crate) fn must_be_sent(rec: &Recorder, sent: Result<(), SendError<Value>>) {
    if let Err(SendError(value)) = sent {
        rec.fail(
            "early-ready",
            format!("`send({value:?})` was sent away, although the receiver is there"),
        );
    }
}

/// The rule that a send was sent away, with its value.
///
/// Fails with `lost-value`.
pub(crate) fn must_come_back(
    rec: &Recorder,
    sent: Result<(), SendError<Value>>,
    number: u32,
    gone: &str,
) {
    match sent {
        Err(SendError(value)) if value.number() == number => {}
        Err(SendError(value)) => rec.fail(
            "wrong-value",
            format!("`send({number})` gives {value:?} back"),
        ),
        Ok(()) => rec.fail_reading(
            SECTION,
            "lost-value",
            format!("{gone}, and `send({number})` says that the value was sent"),
        ),
    }
}

/// What one poll of a new `recv` gives.
pub(crate) fn received(rec: &Recorder, receiver: &mut Receiver<Value>) -> Poll<Option<Value>> {
    Task::named(rec, "recv", receiver.recv()).poll(&rec.waker("R"))
}

/// Receives what has to be there.
///
/// Fails with `lost-value` and `wrong-value`.
pub(crate) fn take(rec: &Recorder, receiver: &mut Receiver<Value>, number: u32) {
    rec.note(format!("the receiver takes {number}"));
    // Not a poll of the run: what it wakes is to be seen.
    let waker = rec.waker("R");
    let poll = pin!(receiver.recv()).poll(&mut Context::from_waker(waker.as_waker()));
    let received = ready(rec, poll, SENT);
    must_be(rec, received, number);
}

pub(crate) fn must_be(rec: &Recorder, received: Option<Value>, number: u32) {
    match received {
        Some(value) if value.number() == number => {}
        Some(value) => rec.fail(
            "wrong-value",
            format!("{number} was the next value, and {value:?} came"),
        ),
        None => rec.fail_reading(
            SECTION,
            "lost-value",
            format!("{number} was sent, and the receiver says that this is the end"),
        ),
    }
}

pub(crate) fn must_be_the_end(rec: &Recorder, received: Option<Value>) {
    if let Some(value) = received {
        rec.fail("wrong-value", format!("{value:?} came after the end"));
    }
}
