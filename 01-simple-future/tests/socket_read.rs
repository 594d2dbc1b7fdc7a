//! The grader of `socket_read`: a socket that the grader plays, and at the end a real one.

mod support;

use std::io::{ErrorKind, Write};

use course::{Exercise, Recorder, grade, grade_race};
use simple_future::{Poll, ReadableSocket, SimpleFuture, Slots, Socket, SocketRead, Wakes};
use support::{
    describe,
    fake_socket::{Ambush, Arrival, FakeSocket, must_have_noticed},
    must_be, pending, poll, poll_named, ready,
    real_socket::connect,
    text::{InWords, Text},
};

const SOCKET_READ: Exercise = course::exercise!(
    "socket_read",
    stage = "01-simple-future",
    feature = "my-socket-read"
);

fn read<S: ReadableSocket>(socket: &S) -> InWords<SocketRead<'_, S>> {
    InWords(SocketRead::new(socket))
}

#[test]
fn gives_at_once_what_is_there() {
    grade!(SOCKET_READ, |rec| {
        let socket = FakeSocket::new(rec);
        let mut reading = read(&socket);
        if socket.calls() > 0 {
            rec.fail("eager", "`SocketRead::new` used the socket");
        }
        socket.receive(Arrival::Data("hello"));
        let outcome = poll(rec, &mut reading, &wake!(rec, "A"));
        must_be(
            rec,
            ready(rec, outcome, "there was data to read"),
            Text::new("hello"),
        );
    });
}

#[test]
fn is_pending_and_quiet_while_nothing_comes() {
    grade!(SOCKET_READ, |rec| {
        let socket = FakeSocket::new(rec);
        let mut reading = read(&socket);
        let wake = wake!(rec, "A");
        for _ in 0..3 {
            let outcome = poll(rec, &mut reading, &wake);
            pending(rec, outcome, "nothing has arrived");
            rec.must_be_quiet();
        }
    });
}

#[test]
fn is_woken_by_data_and_then_gives_it() {
    grade!(SOCKET_READ, lesson, |rec| {
        let socket = FakeSocket::new(rec);
        let mut reading = read(&socket);
        let wake = wake!(rec, "A");
        for _ in 0..2 {
            pending(rec, poll(rec, &mut reading, &wake), "nothing has arrived");
        }
        socket.receive(Arrival::Data("hello"));
        rec.must_wake("A", "data has come");
        let outcome = poll(rec, &mut reading, &wake);
        must_be(
            rec,
            ready(rec, outcome, "data has come"),
            Text::new("hello"),
        );
    });
}

#[test]
fn hears_the_end_of_the_stream() {
    grade!(SOCKET_READ, |rec| {
        hears(&FakeSocket::new(rec), rec, Arrival::End, &Text::new(""));
    });
}

#[test]
fn passes_an_error_on() {
    grade!(SOCKET_READ, |rec| {
        let lost = ErrorKind::ConnectionReset;
        let arrival = Arrival::Failure(lost);
        hears(&FakeSocket::new(rec), rec, arrival, &Text::error(lost));
    });
}

/// One read that has to wait.
fn hears(socket: &FakeSocket, rec: &Recorder, arrival: Arrival, expected: &Text) {
    let mut reading = read(socket);
    let wake = wake!(rec, "A");
    pending(rec, poll(rec, &mut reading, &wake), "nothing has arrived");
    socket.receive(arrival);
    rec.must_wake("A", &format!("the peer {arrival}"));
    let outcome = poll(rec, &mut reading, &wake);
    let output = ready(rec, outcome, &format!("the peer {arrival}"));
    must_be(rec, output, expected.clone());
}

#[test]
fn serves_one_read_after_another() {
    grade!(SOCKET_READ, |rec| {
        let socket = FakeSocket::new(rec);
        let wake = wake!(rec, "A");
        for text in ["first", "second"] {
            let mut reading = read(&socket);
            let outcome = poll(rec, &mut reading, &wake);
            pending(rec, outcome, "nothing new has arrived");
            socket.receive(Arrival::Data(text));
            rec.must_wake("A", "data has come");
            let outcome = poll(rec, &mut reading, &wake);
            must_be(rec, ready(rec, outcome, "data has come"), Text::new(text));
        }
    });
}

#[test]
fn wakes_whoever_polled_last() {
    grade!(SOCKET_READ, |rec| {
        let socket = FakeSocket::new(rec);
        let mut reading = read(&socket);
        for wake in [wake!(rec, "A"), wake!(rec, "B"), wake!(rec, "C")] {
            pending(rec, poll(rec, &mut reading, &wake), "nothing has arrived");
        }
        socket.receive(Arrival::Data("hello"));
        rec.must_wake("C", "data has come");
    });
}

#[test]
fn keeps_the_wakes_of_two_sockets_apart() {
    grade!(SOCKET_READ, |rec| {
        let (left, right) = (
            FakeSocket::named(rec, "left"),
            FakeSocket::named(rec, "right"),
        );
        let (mut from_left, mut from_right) = (read(&left), read(&right));
        let (wake_left, wake_right) = (wake!(rec, "A"), wake!(rec, "B"));
        let outcome = poll_named(rec, "left", &mut from_left, &wake_left);
        pending(rec, outcome, "nothing has arrived");
        let outcome = poll_named(rec, "right", &mut from_right, &wake_right);
        pending(rec, outcome, "nothing has arrived");
        for (socket, wake) in [(&left, &wake_left), (&right, &wake_right)] {
            socket.receive(Arrival::Data("hello"));
            if rec.wakes_since_note(wake.name) == 0 {
                rec.fail(
                    "overwritten-wake",
                    format!(
                        "two reads wait on two sockets with wakes A and B; data came for {}, and it was not woken",
                        wake.name
                    ),
                );
            }
        }
    });
}

/// One poll that something happens in the middle of, and a second one if it was Pending.
fn ambushed(rec: &Recorder, when: Ambush) {
    let socket = FakeSocket::new(rec);
    let mut reading = read(&socket);
    let wake = wake!(rec, "A");
    socket.lie_in_wait(when, Arrival::Data("hello"));
    let mut outcome = poll(rec, &mut reading, &wake);
    socket.stop_waiting();
    must_have_noticed(rec, &outcome, &wake);
    if outcome == Poll::Pending {
        outcome = poll(rec, &mut reading, &wake);
    }
    must_be(
        rec,
        ready(rec, outcome, "data has come"),
        Text::new("hello"),
    );
}

#[test]
fn hears_data_that_comes_just_after_it_has_looked() {
    grade_race!(SOCKET_READ, |rec| {
        ambushed(rec, Ambush::AfterALookInVain);
    });
}

#[test]
fn hears_data_that_comes_just_before_the_callback_is_set() {
    grade_race!(SOCKET_READ, |rec| {
        ambushed(rec, Ambush::BeforeTheCallbackIsSet);
    });
}

#[test]
fn hears_data_while_the_callback_changes_hands() {
    grade_race!(SOCKET_READ, |rec| {
        for when in [Ambush::AfterALookInVain, Ambush::BeforeTheCallbackIsSet] {
            let socket = FakeSocket::new(rec);
            let mut reading = read(&socket);
            let (earlier, latest) = (wake!(rec, "A"), wake!(rec, "B"));
            pending(
                rec,
                poll(rec, &mut reading, &earlier),
                "nothing has arrived",
            );
            // Calls the callback of the poll before, which is not the one that counts any more.
            socket.lie_in_wait(when, Arrival::Data("hello"));
            let outcome = poll(rec, &mut reading, &latest);
            socket.stop_waiting();
            must_have_noticed(rec, &outcome, &latest);
        }
    });
}

#[test]
fn reads_from_a_real_socket() {
    grade!(SOCKET_READ, |rec| {
        // What fails here would wait for ever below, and only the time limit could say so.
        let fake = FakeSocket::named(rec, "fake");
        hears(&fake, rec, Arrival::Data("hello"), &Text::new("hello"));
        hears(&fake, rec, Arrival::End, &Text::new(""));

        let (mut peer, socket) = connect();
        let slots = Slots::claim(1).expect("no other test of this program takes any");
        hears_for_real(rec, &socket, &slots, "hello", || {
            rec.note("real peer sends \"hello\"");
            peer.write_all(b"hello").expect("five bytes fit");
        });
        hears_for_real(rec, &socket, &slots, "", || {
            rec.note("real peer closes");
            drop(peer);
        });
    });
}

/// One read that has to wait for the watcher thread of its socket.
fn hears_for_real(
    rec: &Recorder,
    socket: &Socket,
    slots: &Slots,
    expected: &str,
    event: impl FnOnce(),
) {
    let mut reading = read(socket);
    let mut task = || reading.poll(slots.wake_fn(0));
    pending(
        rec,
        rec.poll("A", &mut task, describe),
        "nothing has arrived",
    );
    event();
    // One poll in the trace: a callback that an earlier read left behind may cost another.
    let woken_and_polled = || loop {
        slots.sleep();
        slots.take_woken(0);
        let outcome = task();
        if outcome != Poll::Pending {
            return outcome;
        }
    };
    let outcome = rec.poll("A", woken_and_polled, describe);
    must_be(rec, ready(rec, outcome, "it has"), Text::new(expected));
}
