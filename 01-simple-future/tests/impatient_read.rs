//! The grader of `impatient_read`: the right bytes, and not one wake without a reason.

// The learner's file, or the repaired one. Its items are public as a layer's would be.
#[allow(unreachable_pub)]
#[cfg_attr(feature = "my-impatient-read", path = "../exercises/impatient_read.rs")]
#[cfg_attr(
    not(feature = "my-impatient-read"),
    path = "../../tests/solutions/01-simple-future/impatient_read/reference.rs"
)]
mod impatient_read;
mod support;

use std::{io::ErrorKind, io::Write, sync::mpsc, thread};

use course::{Exercise, Recorder, grade, grade_race};
use impatient_read::ReadToEnd;
use simple_future::{Poll, SimpleFuture, Slots, run_loop};
use support::{
    Wake, describe,
    fake_socket::{Ambush, Arrival, FakeSocket, must_have_noticed},
    must_be, pending, ready,
    real_socket::connect,
    text::{InWords, Text},
};

const IMPATIENT_READ: Exercise = course::exercise!(
    "impatient_read",
    stage = "01-simple-future",
    feature = "my-impatient-read"
);

/// A read, and the socket that it reads.
struct Reading<'a> {
    rec: &'a Recorder,
    socket: &'a FakeSocket,
    read: InWords<ReadToEnd<'a, FakeSocket>>,
}

impl<'a> Reading<'a> {
    fn new(rec: &'a Recorder, socket: &'a FakeSocket) -> Self {
        let read = InWords(ReadToEnd::new(socket));
        Reading { rec, socket, read }
    }

    /// One turn of the task: a poll, and another one if the future found something and woke itself to
    /// go on. It stands as one poll in the trace, so both designs leave the same.
    ///
    /// Fails with `busy-wake` if the task was woken and nothing has happened.
    fn turn(&mut self, wake: &Wake) -> Poll<Text> {
        let (rec, socket, read) = (self.rec, self.socket, &mut self.read);
        let polls = || loop {
            let (wakes, happenings) = (rec.wakes(wake.name), socket.happenings());
            let outcome = read.poll(wake.function);
            if outcome != Poll::Pending || rec.wakes(wake.name) == wakes {
                return outcome;
            }
            if socket.happenings() == happenings {
                rec.fail(
                    "busy-wake",
                    "a poll that found nothing to read had the task polled again",
                );
            }
        };
        rec.poll(wake.name, polls, describe)
    }

    /// A turn that has to end with Pending because `reason`, and with nothing left to be read: nobody
    /// would call for that.
    fn waits(&mut self, wake: &Wake, reason: &str) {
        pending(self.rec, self.turn(wake), reason);
        self.must_have_read_all();
    }

    /// A turn that has to be the last.
    fn ends(&mut self, wake: &Wake, expected: &Text) {
        let outcome = self.turn(wake);
        if outcome == Poll::Pending {
            self.must_have_read_all();
        }
        let output = ready(self.rec, outcome, "there is nothing more to come");
        must_be(self.rec, output, expected.clone());
    }

    fn must_have_read_all(&self) {
        if self.socket.has_unread() {
            self.rec.fail(
                "lost-wakeup",
                "the poll answered Pending and left something unread; the socket does not call for \
                 what is there already, so nobody wakes the task",
            );
        }
    }
}

#[test]
fn gives_everything_up_to_the_end() {
    grade!(IMPATIENT_READ, |rec| {
        let socket = FakeSocket::new(rec);
        for arrival in [Arrival::Data("hel"), Arrival::Data("lo"), Arrival::End] {
            socket.receive(arrival);
        }
        Reading::new(rec, &socket).ends(&wake!(rec, "A"), &Text::new("hello"));
    });
}

#[test]
fn waits_without_waking_itself() {
    grade!(IMPATIENT_READ, |rec| {
        let socket = FakeSocket::new(rec);
        let mut reading = Reading::new(rec, &socket);
        let wake = wake!(rec, "A");
        for _ in 0..3 {
            reading.waits(&wake, "nothing has arrived");
        }
    });
}

#[test]
fn is_woken_by_each_piece_and_by_the_end() {
    grade!(IMPATIENT_READ, lesson, |rec| {
        let socket = FakeSocket::new(rec);
        let mut reading = Reading::new(rec, &socket);
        let wake = wake!(rec, "A");
        reading.waits(&wake, "nothing has arrived");
        for piece in ["hel", "lo"] {
            socket.receive(Arrival::Data(piece));
            rec.must_wake("A", "a piece has come");
            reading.waits(&wake, "the end has not come");
        }
        socket.receive(Arrival::End);
        rec.must_wake("A", "the end has come");
        reading.ends(&wake, &Text::new("hello"));
    });
}

#[test]
fn finds_an_end_that_came_with_the_last_piece() {
    grade!(IMPATIENT_READ, |rec| {
        let socket = FakeSocket::new(rec);
        let mut reading = Reading::new(rec, &socket);
        let wake = wake!(rec, "A");
        reading.waits(&wake, "nothing has arrived");
        socket.receive(Arrival::Data("hello"));
        rec.must_wake("A", "a piece has come");
        socket.receive(Arrival::End);
        reading.ends(&wake, &Text::new("hello"));
    });
}

#[test]
fn ends_with_an_error() {
    grade!(IMPATIENT_READ, |rec| {
        let socket = FakeSocket::new(rec);
        let mut reading = Reading::new(rec, &socket);
        let (wake, lost) = (wake!(rec, "A"), ErrorKind::ConnectionReset);
        socket.receive(Arrival::Data("hel"));
        reading.waits(&wake, "the end has not come");
        socket.receive(Arrival::Failure(lost));
        rec.must_wake("A", "the connection is lost");
        reading.ends(&wake, &Text::error(lost));
    });
}

#[test]
fn wakes_whoever_polled_last() {
    grade!(IMPATIENT_READ, |rec| {
        let socket = FakeSocket::new(rec);
        let mut reading = Reading::new(rec, &socket);
        let wakes = [wake!(rec, "A"), wake!(rec, "B"), wake!(rec, "C")];
        reading.waits(&wakes[0], "nothing has arrived");
        reading.waits(&wakes[1], "nothing has arrived");
        socket.receive(Arrival::Data("hello"));
        rec.must_wake("B", "a piece has come");
        reading.waits(&wakes[1], "the end has not come");
        reading.waits(&wakes[2], "the end has not come");
        socket.receive(Arrival::End);
        rec.must_wake("C", "the end has come");
    });
}

#[test]
fn hears_what_comes_in_the_middle_of_a_poll() {
    grade_race!(IMPATIENT_READ, |rec| {
        for when in [Ambush::AfterALookInVain, Ambush::BeforeTheCallbackIsSet] {
            let socket = FakeSocket::new(rec);
            let mut reading = Reading::new(rec, &socket);
            let (earlier, latest) = (wake!(rec, "A"), wake!(rec, "B"));
            reading.waits(&earlier, "nothing has arrived");
            for arrival in [Arrival::Data("hello"), Arrival::End] {
                socket.lie_in_wait(when, arrival);
                let outcome = reading.turn(&latest);
                socket.stop_waiting();
                if socket.has_unread() {
                    must_have_noticed(rec, &outcome, &latest);
                }
            }
        }
    });
}

#[test]
fn reads_a_real_socket_to_its_end() {
    grade!(IMPATIENT_READ, |rec| {
        // What fails here would wait for ever below, and only the time limit could say so.
        let fake = FakeSocket::named(rec, "fake");
        let mut rehearsal = Reading::new(rec, &fake);
        let wake = wake!(rec, "A");
        rehearsal.waits(&wake, "nothing has arrived");
        fake.receive(Arrival::Data("hello"));
        rec.must_wake("A", "a piece has come");
        fake.receive(Arrival::End);
        rehearsal.ends(&wake, &Text::new("hello"));

        let (mut peer, socket) = connect();
        let slots = Slots::claim(1).expect("no other test of this program takes any");
        let (output, outcome) = mpsc::channel();
        let sending = thread::spawn(move || {
            for piece in [b"hel", b"lo "] {
                peer.write_all(piece).expect("three bytes fit");
            }
        });
        let task = Told {
            read: InWords(ReadToEnd::new(&socket)),
            output,
        };
        run_loop(vec![Box::new(task)], &slots);
        sending.join().expect("it only sends");
        must_be(
            rec,
            outcome.recv().expect("the task is done"),
            Text::new("hello "),
        );
    });
}

/// A task that sends on what its read gave.
struct Told<F> {
    read: F,
    output: mpsc::Sender<Text>,
}

impl<F: SimpleFuture<Output = Text>> SimpleFuture for Told<F> {
    type Output = ();

    fn poll(&mut self, wake: fn()) -> Poll<()> {
        let Poll::Ready(text) = self.read.poll(wake) else {
            return Poll::Pending;
        };
        self.output.send(text).expect("the grader waits for it");
        Poll::Ready(())
    }
}
