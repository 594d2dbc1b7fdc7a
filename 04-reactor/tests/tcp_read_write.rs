//! The grader of `tcp_read_write`: a connection whose other end is the grader, and then real ones.

extern crate mio as real_mio;
// To the graded file, this program is `mio`: its sockets are those of `support/line.rs`.
extern crate self as mio;

// What this grader uses of what the stage's graders share.
#[allow(dead_code, unreachable_pub)]
mod support {
    pub mod arrival;
    pub mod calls;
    pub mod line;
    pub mod network;
    pub mod peer;
    pub mod rules;
    pub mod words;
}

/// The sockets that the graded file finds in `mio::net`.
#[allow(unreachable_pub)]
mod net {
    pub use crate::support::line::TcpStream;
    #[allow(unused_imports, reason = "for the graded file")]
    pub use real_mio::net::{TcpListener, UdpSocket};
}

// The graded file once more, as a module of this program, and the type that it is about.
#[allow(
    dead_code,
    unreachable_pub,
    reason = "a library's module, in a program"
)]
#[path = "../src/lock.rs"]
mod lock;
#[cfg_attr(feature = "my-tcp-read-write", path = "../exercises/tcp_read_write.rs")]
#[cfg_attr(not(feature = "my-tcp-read-write"), path = "../src/tcp_read_write.rs")]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "a library's module, in a program"
)]
mod tcp_read_write;
#[allow(
    dead_code,
    unreachable_pub,
    reason = "a library's module, in a program"
)]
#[path = "../src/tcp_stream.rs"]
mod tcp_stream;

use std::{
    io::{self, ErrorKind, Read, Write},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    thread,
};

use course::{Exercise, Race, RecordedWaker, Recorder, grade, grade_race};
use futures::{
    AsyncReadExt, AsyncWriteExt,
    io::{AsyncRead, AsyncWrite},
};
#[allow(unused_imports, reason = "for the graded file")]
use reactor::*;
use reactor::{Registered, Runtime, Signals, selector};
#[allow(unused_imports, reason = "for the graded file")]
use real_mio::*;
use support::{
    arrival::Arrival,
    network::Network,
    peer::Peer,
    rules::{pending, ready},
    words::Words,
};
use tcp_stream::TcpStream;

const TCP_READ_WRITE: Exercise = course::exercise!(
    "tcp_read_write",
    stage = "04-reactor",
    feature = "my-tcp-read-write"
);

/// Where the chapter speaks of this exercise.
const SECTION: &str = "bytes-in-bytes-out";

/// Completes "… although".
const SILENT: &str = "nothing has arrived";
const FULL: &str = "there is no room to write";
const CAME: &str = "data has come";
const ROOM: &str = "there is room to write";

/// A connection, and whoever is at the other end.
struct Socket {
    recorder: Recorder,
    stream: TcpStream,
    peer: Peer,
}

impl Socket {
    fn new(rec: &Recorder, net: &Network) -> Self {
        let (stream, peer) = net.line();
        let io = Registered::new(stream).expect("the network registers everything");
        // What the system says of every new connection: it can be written to.
        net.events().look();
        Socket {
            recorder: rec.clone(),
            stream: TcpStream::from_registered(io),
            peer,
        }
    }

    /// One poll of a read with room for `room` bytes.
    fn read(&self, waker: &RecordedWaker, room: usize) -> Poll<Words> {
        let poll = || {
            let mut buf = vec![0; room];
            let mut cx = Context::from_waker(waker.as_waker());
            let poll = Pin::new(&mut &self.stream).poll_read(&mut cx, &mut buf);
            poll.map(|read| {
                Words::of(read.map(|length| {
                    buf.truncate(length);
                    buf
                }))
            })
        };
        (self.recorder).poll_named("read", waker.name(), poll, describe)
    }

    /// One poll of a write.
    fn write(&self, waker: &RecordedWaker, bytes: &[u8]) -> Poll<Written> {
        let poll = || {
            let mut cx = Context::from_waker(waker.as_waker());
            let poll = Pin::new(&mut &self.stream).poll_write(&mut cx, bytes);
            poll.map(|written| written.map_err(|error| error.kind()))
        };
        (self.recorder).poll_named("write", waker.name(), poll, describe)
    }

    /// One poll of a close.
    fn close(&self, waker: &RecordedWaker) -> Poll<Result<(), ErrorKind>> {
        let poll = || {
            let mut cx = Context::from_waker(waker.as_waker());
            let poll = Pin::new(&mut &self.stream).poll_close(&mut cx);
            poll.map(|closed| closed.map_err(|error| error.kind()))
        };
        (self.recorder).poll_named("close", waker.name(), poll, describe)
    }

    /// The rule that a read gives what has come.
    ///
    /// Fails with `never-ready`, `lost-bytes` or `wrong-value`.
    fn must_give(&self, poll: Poll<Words>, expected: &Words, event: &str) {
        let rec = &self.recorder;
        let emptied = self.peer.line().state().arrived.is_empty();
        let bytes = matches!(expected, Words::Bytes(bytes) if !bytes.is_empty());
        if poll.is_pending() && emptied && bytes {
            let seen =
                format!("{expected:?} was read from the socket, and the poll gave nothing of it");
            rec.fail("lost-bytes", seen);
        }
        let given = ready(rec, poll, event);
        if given != *expected {
            let seen = format!("the read has to give {expected:?}, and gave {given:?}");
            rec.fail_reading(SECTION, "wrong-value", seen);
        }
    }

    /// The rule that a write says how many bytes it has handed over: those, and in that order.
    ///
    /// Fails with `never-ready`, `lost-bytes` or `wrong-value`.
    fn must_have_written(&self, poll: Poll<Written>, sent: &[u8], event: &str) {
        let rec = &self.recorder;
        let there = self.peer.line().state().sent.clone();
        if poll.is_pending() && !there.is_empty() {
            let seen = format!(
                "the socket has taken {} bytes, and the write is Pending: whoever polls it again sends them twice",
                there.len()
            );
            rec.fail("lost-bytes", seen);
        }
        match ready(rec, poll, event) {
            Ok(count) if count == there.len() && there == sent => {}
            Ok(count) => rec.fail(
                "lost-bytes",
                format!(
                    "the socket took {} bytes, and the write says {count}",
                    there.len()
                ),
            ),
            Err(_) if !there.is_empty() => rec.fail(
                "lost-bytes",
                format!(
                    "the socket took {} bytes, and the write gave an error: nobody knows of them",
                    there.len()
                ),
            ),
            Err(kind) => rec.fail_reading(
                SECTION,
                "wrong-value",
                format!("there was room, and the write gave the error {kind:?}"),
            ),
        }
    }
}

/// What a write gave.
type Written = Result<usize, ErrorKind>;

fn describe<T: std::fmt::Debug>(poll: &Poll<T>) -> Option<String> {
    match poll {
        Poll::Ready(output) => Some(format!("{output:?}")),
        Poll::Pending => None,
    }
}

#[test]
fn reads_what_is_there() {
    grade!(TCP_READ_WRITE, |rec| {
        let net = Network::new(rec);
        let (socket, a) = (Socket::new(rec, &net), rec.waker("A"));
        socket.peer.sends("hello");
        let poll = socket.read(&a, 64);
        socket.must_give(poll, &Words::bytes("hello"), "there was data to read");
    });
}

#[test]
fn is_woken_by_data_and_then_reads_it() {
    grade!(TCP_READ_WRITE, lesson, |rec| {
        let net = Network::new(rec);
        let socket = Socket::new(rec, &net);
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        for waker in [&a, &b] {
            pending(rec, socket.read(waker, 64), SILENT);
            rec.must_be_quiet();
        }
        socket.peer.sends("hello");
        rec.must_wake("B", CAME);
        socket.must_give(socket.read(&b, 64), &Words::bytes("hello"), CAME);
    });
}

#[test]
fn writes_at_once_while_there_is_room() {
    grade!(TCP_READ_WRITE, |rec| {
        let net = Network::new(rec);
        let (socket, a) = (Socket::new(rec, &net), rec.waker("A"));
        for word in ["one", "two", "three"] {
            let poll = socket.write(&a, word.as_bytes());
            if poll.is_pending() && socket.peer.line().state().sent.is_empty() {
                rec.fail(
                    "waits-untried",
                    "there was room all the time, and the write waits for an event that says so",
                );
            }
            socket.must_have_written(poll, word.as_bytes(), ROOM);
            rec.must_be_quiet();
            socket.peer.takes();
        }
    });
}

#[test]
fn a_write_says_how_many_bytes_it_has_taken() {
    grade!(TCP_READ_WRITE, |rec| {
        let net = Network::new(rec);
        let (socket, a) = (Socket::new(rec, &net), rec.waker("A"));
        socket.peer.has_room_for(10);
        let poll = socket.write(&a, b"0123456789abcdef");
        socket.must_have_written(poll, b"0123456789", "there was room for ten bytes");
    });
}

#[test]
fn a_write_waits_for_room() {
    grade!(TCP_READ_WRITE, |rec| {
        let net = Network::new(rec);
        let socket = Socket::new(rec, &net);
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        socket.peer.has_room_for(3);
        let poll = socket.write(&a, b"one");
        socket.must_have_written(poll, b"one", ROOM);
        for waker in [&a, &b] {
            full(rec, socket.write(waker, b"two"));
            rec.must_be_quiet();
        }
        socket.peer.takes();
        rec.must_wake("B", ROOM);
        let poll = socket.write(&b, b"two");
        socket.must_have_written(poll, b"two", ROOM);
    });
}

/// The rule that a write waits while there is no room.
///
/// Fails with `wrong-value` or `early-ready`.
fn full(rec: &Recorder, poll: Poll<Written>) {
    match poll {
        Poll::Ready(Err(ErrorKind::WouldBlock)) => rec.fail_reading(
            SECTION,
            "wrong-value",
            "the write gave the error `WouldBlock`; that is the socket's word for Pending",
        ),
        poll => pending(rec, poll, FULL),
    }
}

#[test]
fn reads_the_end_again_and_again() {
    grade!(TCP_READ_WRITE, |rec| {
        let net = Network::new(rec);
        let (socket, a) = (Socket::new(rec, &net), rec.waker("A"));
        pending(rec, socket.read(&a, 64), SILENT);
        socket.peer.closes();
        rec.must_wake("A", "the peer has closed the connection");
        for _ in 0..2 {
            let poll = socket.read(&a, 64);
            socket.must_give(poll, &Words::bytes(""), "the stream has ended");
        }
    });
}

#[test]
fn a_connection_that_breaks_off_wakes_both_sides() {
    grade!(TCP_READ_WRITE, |rec| {
        let net = Network::new(rec);
        let socket = Socket::new(rec, &net);
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        socket.peer.has_room_for(0);
        pending(rec, socket.read(&a, 64), SILENT);
        full(rec, socket.write(&b, b"hello"));
        socket.peer.resets();
        let event = "the connection is broken";
        must_hear(rec, "A", "reading", event);
        must_hear(rec, "B", "writing", event);
        let reset = Words::Error(ErrorKind::ConnectionReset);
        socket.must_give(socket.read(&a, 64), &reset, event);
        if ready(rec, socket.write(&b, b"hello"), event).is_ok() {
            rec.fail_reading(
                SECTION,
                "wrong-value",
                "the connection is broken, and a write on it says that all is well",
            );
        }
    });
}

/// The rule that each direction has its own waker.
///
/// Fails with `overwritten-wake`.
fn must_hear(rec: &Recorder, waker: &str, work: &str, event: &str) {
    if rec.wakes_since_note(waker) == 0 {
        rec.fail(
            "overwritten-wake",
            format!("waker {waker} waits for {work}, and was not woken although {event}"),
        );
    }
}

#[test]
fn reader_and_writer_wait_side_by_side() {
    grade!(TCP_READ_WRITE, |rec| {
        let net = Network::new(rec);
        let socket = Socket::new(rec, &net);
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        socket.peer.has_room_for(4);
        let poll = socket.write(&b, b"full");
        socket.must_have_written(poll, b"full", ROOM);
        pending(rec, socket.read(&a, 64), SILENT);
        full(rec, socket.write(&b, b"more"));
        socket.peer.sends("hello");
        must_hear(rec, "A", "reading", CAME);
        socket.must_give(socket.read(&a, 64), &Words::bytes("hello"), CAME);
        pending(rec, socket.read(&a, 64), SILENT);
        full(rec, socket.write(&b, b"more"));
        socket.peer.takes();
        must_hear(rec, "B", "writing", ROOM);
        let poll = socket.write(&b, b"more");
        socket.must_have_written(poll, b"more", ROOM);
        socket.peer.sends("again");
        must_hear(rec, "A", "reading", CAME);
    });
}

#[test]
fn a_read_that_finds_nothing_leaves_writing_alone() {
    grade!(TCP_READ_WRITE, |rec| {
        let net = Network::new(rec);
        let (socket, a, b) = (Socket::new(rec, &net), rec.waker("A"), rec.waker("B"));
        pending(rec, socket.read(&a, 64), SILENT);
        let poll = socket.write(&b, b"hello");
        if poll.is_pending() && socket.peer.line().state().sent.is_empty() {
            rec.fail(
                "clears-too-much",
                "a read found nothing, and after it a write waits, for which there is room",
            );
        }
        socket.must_have_written(poll, b"hello", ROOM);
    });
}

#[test]
fn a_burst_is_read_to_its_end_without_another_event() {
    grade!(TCP_READ_WRITE, |rec| {
        let net = Network::new(rec);
        let (socket, a) = (Socket::new(rec, &net), rec.waker("A"));
        pending(rec, socket.read(&a, 4), SILENT);
        socket.peer.sends("0123456789");
        rec.must_wake("A", CAME);
        for part in ["0123", "4567", "89"] {
            let poll = socket.read(&a, 4);
            if poll.is_pending() && !socket.peer.line().state().arrived.is_empty() {
                rec.fail(
                    "used-up-edge",
                    format!("{part:?} lies in the socket, its event has been, and the read waits for another one"),
                );
            }
            socket.must_give(poll, &Words::bytes(part), CAME);
        }
        pending(rec, socket.read(&a, 4), "all was read");
        socket.peer.sends("more");
        rec.must_wake("A", CAME);
    });
}

#[test]
fn the_end_that_came_with_the_bytes_is_not_forgotten() {
    grade!(TCP_READ_WRITE, |rec| {
        let net = Network::new(rec);
        let (socket, a) = (Socket::new(rec, &net), rec.waker("A"));
        pending(rec, socket.read(&a, 64), SILENT);
        rec.note("peer sends \"hello\" and closes the connection, in one event");
        socket.peer.brings(Arrival::Bytes(b"hello".to_vec()));
        socket.peer.arrives(Arrival::End);
        rec.must_wake("A", CAME);
        socket.must_give(socket.read(&a, 64), &Words::bytes("hello"), CAME);
        let poll = socket.read(&a, 64);
        if poll.is_pending() {
            rec.fail(
                "lost-end",
                "five bytes and the end came in one event; after the bytes, the read waits for another one",
            );
        }
        socket.must_give(poll, &Words::bytes(""), "the stream has ended");
    });
}

#[test]
fn an_event_that_brings_nothing_is_no_reason_to_stop_waiting() {
    grade!(TCP_READ_WRITE, |rec| {
        let net = Network::new(rec);
        let (socket, a) = (Socket::new(rec, &net), rec.waker("A"));
        pending(rec, socket.read(&a, 64), SILENT);
        socket
            .peer
            .announces(Signals::READABLE, "an event comes, with nothing to read");
        pending(rec, socket.read(&a, 64), SILENT);
        socket.peer.sends("hello");
        rec.must_wake("A", CAME);
        socket.must_give(socket.read(&a, 64), &Words::bytes("hello"), CAME);
    });
}

#[test]
fn reads_again_after_an_interruption() {
    grade!(TCP_READ_WRITE, |rec| {
        let net = Network::new(rec);
        let (socket, a) = (Socket::new(rec, &net), rec.waker("A"));
        pending(rec, socket.read(&a, 64), SILENT);
        socket.peer.brings(Arrival::Interruption);
        socket.peer.sends("hello");
        rec.must_wake("A", CAME);
        let mut poll = socket.read(&a, 64);
        if let Poll::Ready(Words::Error(ErrorKind::Interrupted)) = poll {
            rec.fail_reading(
                SECTION,
                "fatal-interrupt",
                "a read was interrupted, and `poll_read` gave that as an error",
            );
        }
        // To be woken for another try is a way to try again.
        if poll.is_pending() && rec.wakes("A") > 1 {
            poll = socket.read(&a, 64);
        }
        socket.must_give(poll, &Words::bytes("hello"), CAME);
    });
}

#[test]
fn closing_ends_what_is_sent_and_nothing_else() {
    grade!(TCP_READ_WRITE, |rec| {
        let net = Network::new(rec);
        let (socket, a) = (Socket::new(rec, &net), rec.waker("A"));
        closed(rec, socket.close(&a), "the connection is there");
        let (shut, deaf) = {
            let state = socket.peer.line().state();
            (state.shut, state.deaf)
        };
        if !shut {
            rec.fail(
                "wrong-close",
                "the connection was closed, and the other side has not been told: it waits for more",
            );
        }
        if deaf {
            rec.fail(
                "wrong-close",
                "the connection was closed for reading too; the answer of the other side is lost",
            );
        }
        pending(rec, socket.read(&a, 64), SILENT);
        socket.peer.sends("answer");
        rec.must_wake("A", CAME);
        socket.must_give(socket.read(&a, 64), &Words::bytes("answer"), CAME);
        closed(rec, socket.close(&a), "it was closed before");
        socket.peer.resets();
        closed(rec, socket.close(&a), "the connection is gone already");
    });
}

/// The rule that closing is done at once, and well, also where there is nothing left to close.
///
/// Fails with `never-ready` or `wrong-close`.
fn closed(rec: &Recorder, poll: Poll<Result<(), ErrorKind>>, event: &str) {
    if let Err(kind) = ready(rec, poll, event) {
        let seen = format!("`poll_close` gave the error {kind:?} although {event}");
        rec.fail("wrong-close", seen);
    }
}

#[test]
fn there_is_nothing_to_flush() {
    grade_race!(TCP_READ_WRITE, |rec| {
        let net = Network::new(rec);
        let (socket, a) = (Socket::new(rec, &net), rec.waker("A"));
        socket.peer.has_room_for(0);
        full(rec, socket.write(&a, b"hello"));
        let mut cx = Context::from_waker(a.as_waker());
        let poll = Pin::new(&mut &socket.stream).poll_flush(&mut cx);
        if ready(rec, poll, "there is nothing to flush").is_err() {
            let seen = "`poll_flush` gave an error although there is nothing to flush";
            rec.fail_reading(SECTION, "wrong-value", seen);
        }
    });
}

/// What the reader polls for, in a race: with room for this many bytes.
const SMALL: usize = 64;

/// The rule for a poll in the middle of which `event` came: the work goes on, or its task is woken.
fn must_notice(rec: &Recorder, goes_on: bool, woken: bool, event: &str) {
    if !goes_on && !woken {
        rec.fail(
            "lost-edge",
            format!("{event} in the middle of a poll; the task sleeps, and nobody will wake it"),
        );
    }
}

#[test]
fn misses_no_data_that_comes_within_a_read() {
    grade_race!(TCP_READ_WRITE, |rec| {
        // With nothing in the socket before, and with a little.
        for before in ["", "a"] {
            for calls in 0.. {
                let net = Network::new(rec);
                let (socket, a) = (Socket::new(rec, &net), rec.waker("A"));
                let (race, sender) = (Race::new(), socket.peer.clone());
                if !before.is_empty() {
                    socket.peer.brings(Arrival::Bytes(before.into()));
                }
                let rival = race.once(move || {
                    sender.note("peer sends \"hello\", while a read returns");
                    sender.arrives(Arrival::Bytes(b"hello".to_vec()));
                });
                socket.peer.line().calls.within(calls, rival);
                let mut poll = socket.read(&a, SMALL);
                race.finish();
                if !race.was_forced() {
                    break;
                }
                let woken = rec.wakes("A");
                if poll == Poll::Ready(Words::bytes(before)) && !before.is_empty() {
                    poll = socket.read(&a, SMALL);
                }
                let woken = rec.wakes("A") > woken || rec.wakes_since_note("A") > 0;
                must_notice(rec, poll.is_ready(), woken, "data has come");
            }
        }
    });
}

#[test]
fn misses_no_room_that_comes_within_a_write() {
    grade_race!(TCP_READ_WRITE, |rec| {
        // With no room before, and with a little.
        for room in [0, 2] {
            for calls in 0.. {
                let net = Network::new(rec);
                let (socket, a) = (Socket::new(rec, &net), rec.waker("A"));
                let (race, taker) = (Race::new(), socket.peer.clone());
                socket.peer.has_room_for(room);
                let rival = race.once(move || {
                    taker.note("peer makes room, while a write returns");
                    taker.frees();
                    taker.has_room_for(SMALL);
                    taker.line().announce(Signals::WRITABLE);
                });
                socket.peer.line().calls.within(calls, rival);
                let mut poll = socket.write(&a, b"hello");
                race.finish();
                if !race.was_forced() {
                    break;
                }
                if poll == Poll::Ready(Ok(room)) && room > 0 {
                    poll = socket.write(&a, b"llo");
                }
                let woken = rec.wakes_since_note("A") > 0;
                must_notice(rec, poll.is_ready(), woken, "room has come");
            }
        }
    });
}

#[test]
fn misses_nothing_that_comes_while_the_waker_is_cloned() {
    grade_race!(TCP_READ_WRITE, |rec| {
        for writes in [false, true] {
            let net = Network::new(rec);
            let socket = Socket::new(rec, &net);
            socket.peer.has_room_for(0);
            let (race, peer) = (Race::new(), socket.peer.clone());
            let rival = race.once(move || {
                peer.note("peer sends and takes, while the waker is cloned");
                peer.has_room_for(SMALL);
                peer.line().announce(Signals::WRITABLE);
                peer.arrives(Arrival::Bytes(b"hello".to_vec()));
            });
            let a = rec.hostile_waker("A").on_clone(rival).build();
            let goes_on = match writes {
                false => socket.read(&a, SMALL).is_ready(),
                true => socket.write(&a, b"hello").is_ready(),
            };
            race.finish();
            if !race.was_forced() {
                let seen = "the poll was Pending and has left its waker nowhere";
                rec.fail("lost-wakeup", seen);
            }
            let woken = rec.wakes_since_note("A") > 0;
            must_notice(rec, goes_on, woken, "the event came");
        }
    });
}

/// Bytes of which no two neighbours are alike.
fn pattern(count: usize) -> Vec<u8> {
    (0..count)
        .map(|place| (place.wrapping_mul(31) ^ (place >> 8)) as u8)
        .collect()
}

/// A runtime over the selector of the system, and a connection: to the reactor, and to std.
fn real<F: Future>(work: impl FnOnce(reactor::TcpStream, std::net::TcpStream) -> F) -> F::Output {
    let _system = selector::replace(Arc::new(selector::MioSelector));
    let mut runtime = Runtime::new().expect("the system has a selector");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let addr = listener.local_addr().expect("it is bound");
    let peer = std::net::TcpStream::connect(addr).expect("somebody listens");
    let (stream, _) = listener.accept().expect("somebody calls");
    runtime.block_on(async {
        let stream = reactor::TcpStream::from_std(stream).expect("it can be registered");
        work(stream, peer).await
    })
}

#[test]
fn megabytes_go_through_a_real_connection_in_both_directions() {
    grade_race!(TCP_READ_WRITE, |rec| {
        const MUCH: usize = 4 << 20;
        let (heard, back) = real(async |stream, mut peer| {
            // The peer sends back what it gets, in pieces, and only when it has got them.
            let echo = thread::spawn(move || {
                let mut part = vec![0; 50_000];
                let mut heard = Vec::new();
                loop {
                    let count = peer.read(&mut part)?;
                    if count == 0 {
                        peer.shutdown(std::net::Shutdown::Write)?;
                        return io::Result::Ok(heard);
                    }
                    heard.extend(&part[..count]);
                    peer.write_all(&part[..count])?;
                }
            });
            let (mut reader, mut writer) = (&stream, &stream);
            let sent = pattern(MUCH);
            let writing = async {
                writer.write_all(&sent).await?;
                writer.close().await
            };
            let mut back = Vec::new();
            let reading = reader.read_to_end(&mut back);
            let (written, read) = futures::future::join(writing, reading).await;
            let heard = echo.join().expect("the echo does not panic");
            (
                heard.and_then(|heard| written.map(|()| heard)),
                read.map(|_| back),
            )
        });
        let sent = pattern(MUCH);
        for (what, bytes) in [("the peer has got", heard), ("the peer's echo was", back)] {
            match bytes {
                Ok(bytes) if bytes == sent => {}
                Ok(bytes) => rec.fail(
                    "lost-bytes",
                    format!(
                        "{MUCH} bytes were sent, and {what} {}, or others",
                        bytes.len()
                    ),
                ),
                Err(error) => rec.fail_reading(
                    SECTION,
                    "wrong-value",
                    format!("a large message went to a real peer and back, and there was the error {error}"),
                ),
            }
        }
    });
}

#[test]
fn hears_a_real_peer_that_breaks_off() {
    grade_race!(TCP_READ_WRITE, |rec| {
        let read = real(async |mut stream, mut peer| {
            stream.write_all(b"unread").await?;
            // It is there, and it is not read: who closes then breaks off.
            peer.peek(&mut [0; 1])?;
            peer.write_all(b"words")?;
            let mut words = [0; 5];
            stream.read_exact(&mut words).await?;
            drop(peer);
            let read = stream.read(&mut [0; 64]).await;
            // A system may tell of it as of any end.
            io::Result::Ok((words, read.unwrap_or(0)))
        });
        if !matches!(&read, Ok((words, 0)) if words == b"words") {
            let seen = format!("a real peer said \"words\" and broke off, and {read:?} was read");
            rec.fail_reading(SECTION, "wrong-value", seen);
        }
    });
}
