//! Sends that are dropped while they wait, or when they have been woken for a place.

use std::sync::{Arc, Mutex};

use async_await::SendError;
use course::{Race, Recorder, Task};

use crate::{
    ROOM, SECTION, full, must_be, must_be_full, must_be_sent, must_wait, put,
    rules::{lock, ready},
    send, steps, take,
    values::{Value, Values},
};

/// Of two who wait one is woken, and dropped. Which one, is the channel's choice.
pub(crate) fn gives_its_place_on(rec: &Recorder) {
    let (values, a, b) = (Values::default(), rec.waker("A"), rec.waker("B"));
    let (sender, mut receiver) = full(rec, &values, 1);
    let mut first = send(rec, "first", &sender, values.make(2));
    let mut second = send(rec, "second", &sender, values.make(3));
    must_wait(rec, &mut first, &a);
    must_wait(rec, &mut second, &b);
    take(rec, &mut receiver, 1);
    let first_won = rec.wakes("A") > 0;
    if !first_won {
        rec.must_wake("B", ROOM);
    }
    let (winner, mut other, waker) = match first_won {
        true => (first, second, b),
        false => (second, first, a),
    };
    rec.note("the one that was woken is dropped");
    drop(winner);
    if rec.wakes(waker.name()) == 0 {
        rec.fail_reading(
            SECTION,
            "lost-room",
            format!("a send was woken for a place, and dropped before it came for it; the other one, who waits with \
                     waker {}, was not woken", waker.name()),
        );
    }
    must_be_sent(rec, ready(rec, other.poll(&waker), "there is room for it"));
    must_be_full(rec, &sender, values.make(9));
}

/// However many sends have come and gone, there is as much room as before.
pub(crate) fn leaves_all_room(rec: &Recorder) {
    let (values, a) = (Values::default(), rec.waker("A"));
    let (sender, mut receiver) = full(rec, &values, 2);
    for next in 1..=3 {
        let mut waits = send(rec, "waits", &sender, values.make(9));
        must_wait(rec, &mut waits, &a);
        take(rec, &mut receiver, next);
        rec.must_wake("A", ROOM);
        rec.note("the one that was woken is dropped");
        drop(waits);
        put(rec, &sender, values.make(next + 2));
    }
    must_be_full(rec, &sender, values.make(9));
    take(rec, &mut receiver, 4);
    take(rec, &mut receiver, 5);
    put(rec, &sender, values.make(6));
    put(rec, &sender, values.make(7));
    must_be_full(rec, &sender, values.make(9));
    // The same where another place is free by the time it is dropped.
    let mut waits = send(rec, "waits", &sender, values.make(9));
    must_wait(rec, &mut waits, &a);
    take(rec, &mut receiver, 6);
    take(rec, &mut receiver, 7);
    rec.note("the one that was woken is dropped");
    drop(waits);
    put(rec, &sender, values.make(8));
    put(rec, &sender, values.make(10));
    must_be_full(rec, &sender, values.make(9));
}

/// A place becomes free at a step of the drop of one who waits. Tells whether there was such a step.
///
/// Fails with `lost-room` if the other one, who waits too, does not hear of it.
pub(crate) fn receives_in_the_drop(rec: &Recorder, skip: usize) -> bool {
    let (values, a, b) = (Values::default(), rec.waker("A"), rec.waker("B"));
    let (sender, mut receiver) = full(rec, &values, 1);
    let mut first = send(rec, "first", &sender, values.make(2));
    let mut second = send(rec, "second", &sender, values.make(3));
    must_wait(rec, &mut first, &a);
    must_wait(rec, &mut second, &b);
    let (race, receiver_back, wakes) = (Race::new(), Arc::new(Mutex::new(None)), rec.wakes("B"));
    let rival = {
        let (rec, back) = (rec.clone(), Arc::clone(&receiver_back));
        race.once(move || {
            take(&rec, &mut receiver, 1);
            *lock(&back) = Some(receiver);
        })
    };
    steps::ambush(skip, rival);
    drop(first);
    steps::call_off();
    race.finish();
    let Some(_receiver) = lock(&receiver_back).take() else {
        return false;
    };
    if rec.wakes("B") == wakes {
        rec.fail_reading(
            SECTION,
            "lost-room",
            "a place became free while `first`, who waited for one, was being dropped; `second`, who waits with \
             waker B, was not woken by either of them",
        );
    }
    must_be_sent(rec, ready(rec, second.poll(&b), "there is room for it"));
    true
}

/// Somebody sends without waiting at a step of a receive, while another one waits. Tells whether there
/// was such a step.
///
/// Fails with `lost-room` if the one who waits is not served in the end.
pub(crate) fn newcomer_in_a_recv(rec: &Recorder, skip: usize) -> bool {
    let (values, a) = (Values::default(), rec.waker("A"));
    let (sender, mut receiver) = full(rec, &values, 1);
    let mut waits = send(rec, "waits", &sender, values.make(2));
    must_wait(rec, &mut waits, &a);
    let (race, sent) = (Race::new(), Arc::new(Mutex::new(None)));
    let rival = {
        let (value, sender, sent) = (values.make(3), sender.clone(), Arc::clone(&sent));
        race.once(move || *lock(&sent) = Some(sender.try_send(value).is_ok()))
    };
    steps::ambush(skip, rival);
    take(rec, &mut receiver, 1);
    steps::call_off();
    race.finish();
    let Some(sent) = *lock(&sent) else {
        return false;
    };
    if sent {
        // The newcomer has taken the place; the next one is for who waits.
        take(rec, &mut receiver, 3);
    }
    must_be_served(rec, &mut waits);
    let received = ready(rec, crate::received(rec, &mut receiver), crate::SENT);
    must_be(rec, received, 2);
    true
}

fn must_be_served<F>(rec: &Recorder, waits: &mut Task<F>)
where
    F: Future<Output = Result<(), SendError<Value>>>,
{
    if rec.wakes("A") == 0 {
        rec.fail_reading(
            SECTION,
            "lost-room",
            "a newcomer sent in the middle of a `recv`; the one who waits with waker A was not woken, although \
             there is room by now",
        );
    }
    must_be_sent(rec, ready(rec, waits.poll(&rec.waker("A")), ROOM));
}
