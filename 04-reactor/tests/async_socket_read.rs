//! The grader of `async_socket_read`: sockets that the grader plays, and at the end real ones.

extern crate mio as real_mio;

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

use std::{
    io::{self, ErrorKind, Write},
    sync::Arc,
    task::{Context, Poll, Waker},
};

use course::{Exercise, Race, RecordedWaker, Recorder, Task, grade, grade_race};
use reactor::{Direction, Registered, Runtime, Signals, SocketRead, Tick, selector};
use support::{
    arrival::Arrival,
    line::TcpStream,
    network::Network,
    peer::Peer,
    rules::{pending, ready},
    words::Words,
};

const ASYNC_SOCKET_READ: Exercise = course::exercise!(
    "async_socket_read",
    stage = "04-reactor",
    feature = "my-async-socket-read"
);

/// Where the chapter speaks of this exercise.
const SECTION: &str = "a-socket-as-a-future";

/// Completes "… although".
const SILENT: &str = "nothing has arrived";
const CAME: &str = "data has come";

/// How much one read may give at most: at least so much.
const LEAST: usize = 16;

type Socket = Registered<TcpStream>;

/// A socket in the reactor, and whoever is at the other end.
fn socket(net: &Network) -> (Socket, Peer) {
    let (stream, peer) = net.line();
    let socket = Registered::new(stream).expect("the network registers everything");
    // What the system says of every new connection: it can be written to.
    net.events().look();
    (socket, peer)
}

/// A read, whose output is shown in words.
fn read(socket: &Socket) -> impl Future<Output = Words> {
    let read = SocketRead::new(socket);
    async { Words::of(read.await) }
}

/// The rule that a read gives what has come, `event`.
///
/// Fails with `lost-bytes`, `never-ready` or `wrong-value`.
fn must_give(rec: &Recorder, peer: &Peer, poll: Poll<Words>, expected: &Words, event: &str) {
    let emptied = peer.line().state().arrived.is_empty();
    if poll.is_pending() && emptied && matches!(expected, Words::Bytes(bytes) if !bytes.is_empty())
    {
        let seen = format!(
            "{expected:?} was read from the socket, and the future is Pending: it gives nothing of it"
        );
        rec.fail("lost-bytes", seen);
    }
    let given = ready(rec, poll, event);
    if let (Words::Bytes(all), Words::Bytes(some)) = (expected, &given)
        && some.len() < LEAST.min(all.len())
        && all.starts_with(some)
        && !some.is_empty()
    {
        let seen = format!(
            "the read gave {given:?} of {expected:?}: there has to be room for {LEAST} bytes in a read"
        );
        rec.fail_reading(SECTION, "wrong-value", seen);
    }
    if given != *expected {
        let seen = format!("the read has to give {expected:?}, and gave {given:?}");
        rec.fail_reading(SECTION, "wrong-value", seen);
    }
}

#[test]
fn gives_at_once_what_is_there() {
    grade!(ASYNC_SOCKET_READ, |rec| {
        let net = Network::new(rec);
        let (socket, peer) = socket(&net);
        let read = read(&socket);
        if peer.line().calls.count() > 0 {
            rec.fail("eager", "`SocketRead::new` has read from the socket");
        }
        peer.sends("hello");
        let poll = Task::new(rec, read).poll(&rec.waker("A"));
        must_give(
            rec,
            &peer,
            poll,
            &Words::bytes("hello"),
            "there was data to read",
        );
    });
}

#[test]
fn is_pending_and_quiet_while_nothing_comes() {
    grade!(ASYNC_SOCKET_READ, |rec| {
        let net = Network::new(rec);
        let (socket, _peer) = socket(&net);
        let mut task = Task::new(rec, read(&socket));
        let a = rec.waker("A");
        for _ in 0..3 {
            pending(rec, task.poll(&a), SILENT);
            rec.must_be_quiet();
        }
        if net.events().reactor.timers() > 0 {
            rec.fail_reading(
                SECTION,
                "busy-wake",
                "the read has set a timer, to look again later; the reactor says when there is something",
            );
        }
    });
}

#[test]
fn is_woken_by_data_and_then_gives_it() {
    grade!(ASYNC_SOCKET_READ, lesson, |rec| {
        let net = Network::new(rec);
        let (socket, peer) = socket(&net);
        let mut task = Task::new(rec, read(&socket));
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        pending(rec, task.poll(&a), SILENT);
        pending(rec, task.poll(&b), SILENT);
        rec.must_be_quiet();
        peer.sends("hello");
        rec.must_wake("B", CAME);
        must_give(rec, &peer, task.poll(&b), &Words::bytes("hello"), CAME);
    });
}

#[test]
fn wakes_the_latest_waker_also_if_it_comes_back() {
    grade!(ASYNC_SOCKET_READ, |rec| {
        let net = Network::new(rec);
        let (socket, peer) = socket(&net);
        let mut task = Task::new(rec, read(&socket));
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        for waker in [&a, &b, &b, &a] {
            pending(rec, task.poll(waker), SILENT);
        }
        peer.sends("hello");
        rec.must_wake("A", CAME);
        must_give(rec, &peer, task.poll(&a), &Words::bytes("hello"), CAME);
    });
}

#[test]
fn hears_the_end_of_the_stream() {
    grade!(ASYNC_SOCKET_READ, |rec| {
        let net = Network::new(rec);
        let (socket, peer) = socket(&net);
        let (mut task, a) = (Task::new(rec, read(&socket)), rec.waker("A"));
        pending(rec, task.poll(&a), SILENT);
        peer.closes();
        rec.must_wake("A", "the peer has closed the connection");
        let event = "the stream has ended";
        must_give(rec, &peer, task.poll(&a), &Words::bytes(""), event);
    });
}

#[test]
fn passes_an_error_on() {
    grade!(ASYNC_SOCKET_READ, |rec| {
        let net = Network::new(rec);
        let (socket, peer) = socket(&net);
        let (mut task, a) = (Task::new(rec, read(&socket)), rec.waker("A"));
        pending(rec, task.poll(&a), SILENT);
        peer.resets();
        let event = "the connection is broken";
        rec.must_wake("A", event);
        let reset = Words::Error(ErrorKind::ConnectionReset);
        must_give(rec, &peer, task.poll(&a), &reset, event);
    });
}

#[test]
fn reads_again_after_an_interruption() {
    grade!(ASYNC_SOCKET_READ, |rec| {
        let net = Network::new(rec);
        let (socket, peer) = socket(&net);
        let (mut task, a) = (Task::new(rec, read(&socket)), rec.waker("A"));
        pending(rec, task.poll(&a), SILENT);
        peer.brings(Arrival::Interruption);
        peer.sends("hello");
        rec.must_wake("A", CAME);
        let mut poll = task.poll(&a);
        if let Poll::Ready(Words::Error(ErrorKind::Interrupted)) = poll {
            rec.fail_reading(
                SECTION,
                "fatal-interrupt",
                "a read was interrupted, and the future gave that as its error",
            );
        }
        // To be woken for another try is a way to try again.
        if poll.is_pending() && rec.wakes("A") > 1 {
            poll = task.poll(&a);
        }
        must_give(rec, &peer, poll, &Words::bytes("hello"), CAME);
    });
}

#[test]
fn serves_one_read_after_another() {
    grade!(ASYNC_SOCKET_READ, |rec| {
        let net = Network::new(rec);
        let (socket, peer) = socket(&net);
        let a = rec.waker("A");
        for text in ["first", "second", "third"] {
            let mut task = Task::new(rec, read(&socket));
            pending(rec, task.poll(&a), "nothing new has arrived");
            peer.sends(text);
            rec.must_wake("A", CAME);
            must_give(rec, &peer, task.poll(&a), &Words::bytes(text), CAME);
        }
    });
}

#[test]
fn an_event_that_brings_nothing_is_no_reason_to_stop_waiting() {
    grade!(ASYNC_SOCKET_READ, |rec| {
        let net = Network::new(rec);
        let (socket, peer) = socket(&net);
        let (mut task, a) = (Task::new(rec, read(&socket)), rec.waker("A"));
        pending(rec, task.poll(&a), SILENT);
        for _ in 0..2 {
            peer.announces(Signals::READABLE, "an event comes, with nothing to read");
            pending(rec, task.poll(&a), SILENT);
        }
        peer.sends("hello");
        rec.must_wake("A", CAME);
        must_give(rec, &peer, task.poll(&a), &Words::bytes("hello"), CAME);
    });
}

#[test]
fn two_sockets_do_not_disturb_each_other() {
    grade!(ASYNC_SOCKET_READ, |rec| {
        let net = Network::new(rec);
        let ((left, to_left), (right, _to_right)) = (socket(&net), socket(&net));
        let mut left = Task::named(rec, "left", read(&left));
        let mut right = Task::named(rec, "right", read(&right));
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        pending(rec, left.poll(&a), SILENT);
        pending(rec, right.poll(&b), SILENT);
        to_left.sends("hello");
        if rec.wakes_since_note("A") == 0 {
            rec.fail(
                "overwritten-wake",
                "data has come for the socket `left`, and waker A, that waits for it, was not woken",
            );
        }
        must_give(rec, &to_left, left.poll(&a), &Words::bytes("hello"), CAME);
        pending(rec, right.poll(&b), SILENT);
    });
}

#[test]
fn a_burst_is_read_to_its_end_without_another_event() {
    grade_race!(ASYNC_SOCKET_READ, |rec| {
        let net = Network::new(rec);
        let (socket, peer) = socket(&net);
        let a = rec.waker("A");
        let mut task = Task::new(rec, read(&socket));
        pending(rec, task.poll(&a), SILENT);
        let sent: Vec<u8> = (0..100_000_u32).map(|number| number as u8).collect();
        rec.note("peer sends 100000 bytes at once, and falls silent");
        peer.arrives(Arrival::Bytes(sent.clone()));
        rec.must_wake("A", CAME);
        let (mut given, mut reads) = (Vec::new(), 0);
        while given.len() < sent.len() {
            reads += 1;
            if reads > sent.len() / LEAST {
                let seen = format!(
                    "{reads} reads gave {} of 100000 bytes: there has to be room for {LEAST} bytes in a read",
                    given.len()
                );
                rec.fail_reading(SECTION, "wrong-value", seen);
            }
            match task.poll(&a) {
                Poll::Ready(Words::Bytes(bytes)) if !bytes.is_empty() => given.extend(bytes),
                Poll::Ready(other) => rec.fail_reading(
                    SECTION,
                    "wrong-value",
                    format!("there are bytes to read, and the read gave {other:?}"),
                ),
                Poll::Pending if peer.line().state().arrived.is_empty() => rec.fail_reading(
                    SECTION,
                    "lost-bytes",
                    format!(
                        "100000 bytes were read from the socket, and the reads gave {} of them",
                        given.len()
                    ),
                ),
                Poll::Pending => rec.fail(
                    "used-up-edge",
                    format!(
                        "{} of 100000 bytes were read, and the next read waits for an event; the rest lies in the \
                         socket, and its event has been",
                        given.len()
                    ),
                ),
            }
            task = Task::new(rec, read(&socket));
        }
        if given != sent {
            let seen = "the bytes of a burst came out changed, or in another order";
            rec.fail_reading(SECTION, "wrong-value", seen);
        }
    });
}

#[test]
fn the_end_that_came_with_the_bytes_is_not_forgotten() {
    grade!(ASYNC_SOCKET_READ, |rec| {
        let net = Network::new(rec);
        let (socket, peer) = socket(&net);
        let (mut task, a) = (Task::new(rec, read(&socket)), rec.waker("A"));
        pending(rec, task.poll(&a), SILENT);
        rec.note("peer sends \"hello\" and closes the connection, in one event");
        peer.brings(Arrival::Bytes(b"hello".to_vec()));
        peer.arrives(Arrival::End);
        rec.must_wake("A", CAME);
        must_give(rec, &peer, task.poll(&a), &Words::bytes("hello"), CAME);
        let poll = Task::new(rec, read(&socket)).poll(&a);
        if poll.is_pending() {
            rec.fail(
                "lost-end",
                "the bytes were read, and the next read waits; the end came in the same event, and there will be \
                 no other",
            );
        }
        must_give(rec, &peer, poll, &Words::bytes(""), "the stream has ended");
    });
}

#[test]
fn an_error_that_came_with_the_bytes_is_not_forgotten() {
    grade!(ASYNC_SOCKET_READ, |rec| {
        let net = Network::new(rec);
        let (socket, peer) = socket(&net);
        let (mut task, a) = (Task::new(rec, read(&socket)), rec.waker("A"));
        pending(rec, task.poll(&a), SILENT);
        rec.note("peer sends \"hello\", and the connection breaks, in one event");
        peer.brings(Arrival::Bytes(b"hello".to_vec()));
        peer.arrives(Arrival::Failure(ErrorKind::ConnectionReset));
        rec.must_wake("A", CAME);
        must_give(rec, &peer, task.poll(&a), &Words::bytes("hello"), CAME);
        let taken = !peer
            .line()
            .state()
            .arrived
            .contains(&Arrival::Failure(ErrorKind::ConnectionReset));
        if taken {
            rec.fail(
                "reads-on",
                "the read gave the bytes, and had read once more by then: the error that it found is lost",
            );
        }
        let poll = Task::new(rec, read(&socket)).poll(&a);
        let event = "the connection is broken";
        let reset = Words::Error(ErrorKind::ConnectionReset);
        must_give(rec, &peer, poll, &reset, event);
    });
}

#[test]
fn leaves_the_other_direction_alone() {
    grade!(ASYNC_SOCKET_READ, |rec| {
        let net = Network::new(rec);
        // One that has had no event yet, and one that has.
        let (stream, _peer) = net.line();
        let fresh = Registered::new(stream).expect("the network registers everything");
        let (socket, peer) = socket(&net);
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        let mut task = Task::new(rec, read(&fresh));
        pending(rec, task.poll(&a), SILENT);
        writable(rec, &fresh, &b);
        let mut task = Task::new(rec, read(&socket));
        pending(rec, task.poll(&a), SILENT);
        let tick = writable(rec, &socket, &b);
        // Now a writer waits, with waker B.
        socket.clear_ready(Direction::Write, tick);
        let mut cx = Context::from_waker(b.as_waker());
        let waits = socket.poll_ready(Direction::Write, &mut cx).is_pending();
        assert!(waits, "it was cleared");
        peer.announces(Signals::READABLE, "an event comes, with nothing to read");
        pending(rec, task.poll(&a), SILENT);
        peer.announces(Signals::WRITABLE, "there is room to write again");
        if rec.wakes_since_note("B") == 0 {
            rec.fail(
                "overwritten-wake",
                "a writer waited with waker B, and the read has put its own waker in that place",
            );
        }
        peer.sends("hello");
        rec.must_wake("A", CAME);
        must_give(rec, &peer, task.poll(&a), &Words::bytes("hello"), CAME);
    });
}

/// The rule that after a read that found nothing, a write is still worth trying.
///
/// Fails with `clears-too-much`.
fn writable(rec: &Recorder, socket: &Socket, waker: &RecordedWaker) -> Tick {
    let mut cx = Context::from_waker(waker.as_waker());
    match socket.poll_ready(Direction::Write, &mut cx) {
        Poll::Ready(tick) => tick,
        Poll::Pending => rec.fail(
            "clears-too-much",
            "the read found nothing, and after it nobody can write any more: it cleared the readiness of the \
             other direction",
        ),
    }
}

/// The rule for a poll in the middle of which data came, `when`: it is `Ready`, or its task was `woken`.
fn must_notice(
    rec: &Recorder,
    (socket, peer): (&Socket, &Peer),
    poll: Poll<Words>,
    woken: bool,
    when: &str,
) {
    if poll.is_ready() {
        must_give(rec, peer, poll, &Words::bytes("hello"), CAME);
    } else if !woken {
        let mut cx = Context::from_waker(Waker::noop());
        if socket.poll_ready(Direction::Read, &mut cx).is_ready() {
            rec.fail(
                "check-then-register",
                format!("data came {when}; the reactor knows of it, and the task sleeps: nobody looked again"),
            );
        }
        rec.fail(
            "lost-edge",
            format!("data came {when}; its event was cleared as if a read had seen it, and the task sleeps"),
        );
    }
}

#[test]
fn misses_no_data_that_comes_while_the_waker_is_cloned() {
    grade_race!(ASYNC_SOCKET_READ, |rec| {
        let net = Network::new(rec);
        let (socket, peer) = socket(&net);
        let race = Race::new();
        let sender = peer.clone();
        let rival = race.once(move || {
            sender.note("peer sends \"hello\", while the waker is cloned");
            sender.arrives(Arrival::Bytes(b"hello".to_vec()));
        });
        let a = rec.hostile_waker("A").on_clone(rival).build();
        let poll = Task::new(rec, read(&socket)).poll(&a);
        race.finish();
        if !race.was_forced() {
            let seen = "the poll was Pending and has left its waker nowhere";
            rec.fail("lost-wakeup", seen);
        }
        let woken = rec.wakes("A") > 0;
        must_notice(
            rec,
            (&socket, &peer),
            poll,
            woken,
            "while the waker was cloned",
        );
    });
}

#[test]
fn misses_no_data_that_comes_within_a_read() {
    grade_race!(ASYNC_SOCKET_READ, |rec| {
        // Once for each read of a poll, until there is none that many.
        for reads in 0.. {
            let net = Network::new(rec);
            let (socket, peer) = socket(&net);
            let (race, sender) = (Race::new(), peer.clone());
            let rival = race.once(move || {
                sender.note("peer sends \"hello\"; a read has found nothing just before");
                sender.arrives(Arrival::Bytes(b"hello".to_vec()));
            });
            peer.line().calls.within(reads, rival);
            let a = rec.waker("A");
            let before = rec.wakes("A");
            let mut task = Task::new(rec, read(&socket));
            let poll = task.poll(&a);
            race.finish();
            if !race.was_forced() {
                return;
            }
            let woken = rec.wakes("A") > before;
            let when = "after a read had found nothing";
            must_notice(rec, (&socket, &peer), poll, woken, when);
        }
    });
}

#[test]
fn reads_from_real_sockets() {
    grade_race!(ASYNC_SOCKET_READ, |rec| {
        let _system = selector::replace(Arc::new(selector::MioSelector));
        let mut runtime = Runtime::new().expect("the system has a selector");
        let heard = runtime.block_on(async {
            let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
            let mut peer = std::net::TcpStream::connect(listener.local_addr()?)?;
            let (stream, _) = listener.accept()?;
            stream.set_nonblocking(true)?;
            // What is there before the socket is registered is heard, too.
            peer.write_all(b"one ")?;
            let socket = Registered::new(mio::net::TcpStream::from_std(stream))?;
            let mut heard = SocketRead::new(&socket).await?;
            let talk = executor::spawn(async move {
                for word in ["two ", "three"] {
                    executor::yield_now().await;
                    peer.write_all(word.as_bytes())?;
                }
                io::Result::Ok(())
            });
            loop {
                let bytes = SocketRead::new(&socket).await?;
                if bytes.is_empty() {
                    break;
                }
                heard.extend(bytes);
            }
            talk.await.expect("nobody aborts it")?;
            io::Result::Ok(heard)
        });
        if !matches!(&heard, Ok(heard) if heard == b"one two three") {
            let heard = heard.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
            let seen = format!("a real peer sent \"one two three\", and {heard:?} was read");
            rec.fail_reading(SECTION, "wrong-value", seen);
        }
    });
}
