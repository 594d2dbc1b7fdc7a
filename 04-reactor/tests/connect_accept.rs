//! The grader of `connect_accept`: a network in which the grader calls and is called, and then the real one.

extern crate mio as real_mio;
// To the graded file, this program is `mio`: its sockets are those of `support/`.
extern crate self as mio;

// What this grader uses of what the stage's graders share.
#[allow(dead_code, unreachable_pub)]
mod support {
    pub mod arrival;
    pub mod calls;
    pub mod desk;
    pub mod line;
    pub mod network;
    pub mod peer;
    pub mod rules;
    pub mod switchboard;
}

/// The sockets that the graded file finds in `mio::net`.
#[allow(unreachable_pub)]
mod net {
    pub use crate::support::{desk::TcpListener, line::TcpStream};
    #[allow(unused_imports, reason = "for the graded file")]
    pub use real_mio::net::UdpSocket;
}

// The graded file once more, as a module of this program, and what it stands on.
#[cfg_attr(feature = "my-connect-accept", path = "../exercises/connect_accept.rs")]
#[cfg_attr(not(feature = "my-connect-accept"), path = "../src/connect_accept.rs")]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "a library's module, in a program"
)]
mod connect_accept;
#[path = "../src/lock.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "a library's module, in a program"
)]
mod lock;
#[path = "../src/pause.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "a library's module, in a program"
)]
mod pause;
#[path = "../src/tcp_stream.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "a library's module, in a program"
)]
mod tcp_stream;

use std::{
    fmt,
    io::{self, ErrorKind},
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use connect_accept::{Connect, TcpListener, connect};
use course::{Exercise, Race, RecordedWaker, Recorder, Task, grade, grade_race};
use futures::{Stream, StreamExt};
#[allow(unused_imports, reason = "for the graded file")]
use reactor::*;
use reactor::{Runtime, Signals, selector};
#[allow(unused_imports, reason = "for the graded file")]
use real_mio::*;
use support::{
    calls::error_in_words,
    desk::{Caller, Desk, EMFILE},
    line::Answer,
    network::Network,
    peer::Peer,
    rules::{pending, ready},
    switchboard::is_called,
};
use tcp_stream::TcpStream;

const CONNECT_ACCEPT: Exercise = course::exercise!(
    "connect_accept",
    stage = "04-reactor",
    feature = "my-connect-accept"
);

/// Where the chapter speaks of this exercise.
const SECTION: &str = "connecting-and-accepting";

/// Completes "… although".
const CALLS: &str = "nobody has answered the call";
const TAKEN: &str = "the call was taken";
const REFUSED: &str = "the call was refused";
const NOBODY: &str = "nobody has called";
const CALLED: &str = "somebody has called";

/// What came of a call, as it is shown in a trace.
enum Outcome {
    Connected(TcpStream),
    Failed(ErrorKind),
}

impl fmt::Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Connected(_) => f.write_str("a connection"),
            Outcome::Failed(kind) => write!(f, "error {kind:?}"),
        }
    }
}

/// A call whose end is shown in words.
async fn in_words(call: Connect) -> Outcome {
    match call.await {
        Ok(stream) => Outcome::Connected(stream),
        Err(error) => Outcome::Failed(error.kind()),
    }
}

/// A call that has gone out, and waits for an answer with this waker.
fn call(
    rec: &Recorder,
    net: &Network,
    waker: &RecordedWaker,
) -> (Task<impl Future<Output = Outcome> + use<>>, Peer) {
    let (addr, peer) = net.callable();
    let mut task = Task::new(rec, in_words(connect(addr)));
    // It may give way once, so that others run before it waits.
    for _ in 0..2 {
        awaited(rec, task.poll(waker), addr);
    }
    (task, peer)
}

/// The rule that a call is pending until it is answered.
///
/// Fails with `taken-for-connected`, `blocking-poll` or `early-ready`.
fn awaited(rec: &Recorder, poll: Poll<Outcome>, addr: SocketAddr) {
    if poll.is_ready() && !is_called(addr) {
        rec.fail(
            "blocking-poll",
            "the call did not go out through `mio::net::TcpStream::connect`: any other way waits for the answer",
        );
    }
    match poll {
        Poll::Ready(Outcome::Connected(_)) => {
            let seen = "nobody has answered yet, and `connect` is Ready with a connection";
            rec.fail("taken-for-connected", seen);
        }
        poll => pending(rec, poll, CALLS),
    }
}

/// The rule that a call that was taken is a connection.
///
/// Fails with `never-ready` or `wrong-value`.
fn connected(rec: &Recorder, poll: Poll<Outcome>) -> TcpStream {
    match ready(rec, poll, TAKEN) {
        Outcome::Connected(stream) => stream,
        Outcome::Failed(kind) => rec.fail_reading(
            SECTION,
            "wrong-value",
            format!("the call was taken, and `connect` gave the error {kind:?}"),
        ),
    }
}

/// The rule that a call that was refused is that error.
///
/// Fails with `never-ready`, `taken-for-connected` or `wrong-value`.
fn refused(rec: &Recorder, poll: Poll<Outcome>) {
    match ready(rec, poll, REFUSED) {
        Outcome::Failed(ErrorKind::ConnectionRefused) => {}
        Outcome::Connected(_) => rec.fail(
            "taken-for-connected",
            "the call was refused, and `connect` gave a connection",
        ),
        Outcome::Failed(kind) => rec.fail_reading(
            SECTION,
            "wrong-value",
            format!(
                "the call was refused, and `connect` gave the error {kind:?}: ask the socket why"
            ),
        ),
    }
}

#[test]
fn a_call_that_is_taken_is_a_connection() {
    grade!(CONNECT_ACCEPT, lesson, |rec| {
        let net = Network::new(rec);
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        let (mut task, peer) = call(rec, &net, &a);
        pending(rec, task.poll(&b), CALLS);
        rec.must_be_quiet();
        peer.answers();
        rec.must_wake("B", TAKEN);
        let stream = connected(rec, task.poll(&b));
        if net.events().reactor.sources() != 1 || stream.peer_addr().is_err() {
            let seen = "the stream that `connect` gave is not the socket that was called with";
            rec.fail_reading(SECTION, "wrong-value", seen);
        }
    });
}

#[test]
fn a_call_begins_at_its_first_poll() {
    grade_race!(CONNECT_ACCEPT, |rec| {
        let net = Network::new(rec);
        let (addr, _peer) = net.callable();
        let call = connect(addr);
        if is_called(addr) {
            rec.fail("eager", "`connect` has called before its future was polled");
        }
        drop(call);
    });
}

#[test]
fn a_call_that_is_refused_is_an_error() {
    grade!(CONNECT_ACCEPT, |rec| {
        let net = Network::new(rec);
        let a = rec.waker("A");
        let (mut task, peer) = call(rec, &net, &a);
        peer.refuses();
        rec.must_wake("A", REFUSED);
        refused(rec, task.poll(&a));
    });
}

#[test]
fn a_call_that_cannot_go_out_is_an_error() {
    grade_race!(CONNECT_ACCEPT, |rec| {
        let net = Network::new(rec);
        let addr = net.nowhere(ErrorKind::NetworkUnreachable);
        let (mut task, a) = (Task::new(rec, in_words(connect(addr))), rec.waker("A"));
        let mut poll = task.poll(&a);
        if poll.is_pending() && rec.wakes("A") > 0 {
            poll = task.poll(&a);
        }
        match ready(rec, poll, "the call could not go out") {
            Outcome::Failed(ErrorKind::NetworkUnreachable) => {}
            other => rec.fail_reading(
                SECTION,
                "wrong-value",
                format!("the call failed with NetworkUnreachable, and `connect` gave {other:?}"),
            ),
        }
    });
}

#[test]
fn an_event_alone_is_no_connection() {
    grade!(CONNECT_ACCEPT, |rec| {
        let net = Network::new(rec);
        let a = rec.waker("A");
        let (mut task, peer) = call(rec, &net, &a);
        peer.announces(Signals::WRITABLE, "an event comes, and no answer");
        if let Poll::Ready(outcome) = task.poll(&a) {
            rec.fail(
                "taken-for-connected",
                format!("there was an event, and nobody had answered; `connect` gave {outcome:?}"),
            );
        }
        peer.answers();
        rec.must_wake("A", TAKEN);
        connected(rec, task.poll(&a));
    });
}

#[test]
fn a_call_that_is_given_up_leaves_nothing_behind() {
    grade_race!(CONNECT_ACCEPT, |rec| {
        let net = Network::new(rec);
        let a = rec.waker("A");
        let (task, _peer) = call(rec, &net, &a);
        rec.note("the call is given up");
        drop(task);
        let sources = net.events().reactor.sources();
        if sources > 0 || a.clones_alive() > 0 {
            rec.fail(
                "left-behind",
                format!(
                    "a call was dropped before it was answered, and this is still there of it: sources: {sources}, wakers: {}",
                    a.clones_alive()
                ),
            );
        }
    });
}

/// More polls than an answer can take.
const MOST_POLLS: usize = 10;

#[test]
fn misses_no_answer_that_comes_in_the_middle_of_a_poll() {
    grade_race!(CONNECT_ACCEPT, |rec| {
        let refusal = Answer::No(ErrorKind::ConnectionRefused);
        for (answer, calls) in (0..8).flat_map(|calls| [(Answer::Yes, calls), (refusal, calls)]) {
            let net = Network::new(rec);
            let (addr, peer) = net.callable();
            let race = Race::new();
            let answering = || {
                let peer = peer.clone();
                race.once(move || {
                    peer.note("the call is answered, in the middle of a poll");
                    peer.says(answer);
                })
            };
            // While the waker is cloned, and within each call of the socket.
            let a = match calls {
                0 => rec.hostile_waker("A").on_clone(answering()).build(),
                _ => {
                    peer.line().calls.within(calls - 1, answering());
                    rec.waker("A")
                }
            };
            let mut task = Task::new(rec, in_words(connect(addr)));
            // As an executor does it: once, and once more for every wake.
            let mut heard = rec.wakes("A");
            let mut poll = task.poll(&a);
            for _ in 0..MOST_POLLS {
                race.finish();
                if poll.is_ready() || rec.wakes("A") == heard {
                    break;
                }
                heard = rec.wakes("A");
                poll = task.poll(&a);
            }
            if !race.was_forced() {
                continue;
            }
            if poll.is_pending() {
                rec.fail(
                    "lost-edge",
                    "the answer came in the middle of a poll; the task sleeps, and nobody will wake it",
                );
            }
            match answer {
                Answer::Yes => drop(connected(rec, poll)),
                _ => refused(rec, poll),
            }
        }
    });
}

/// A listener, and whoever calls there.
fn listener(net: &Network) -> (TcpListener, Arc<Desk>) {
    let (addr, desk) = net.listenable();
    let listener = TcpListener::bind(addr).expect("nobody else listens there");
    (listener, desk)
}

/// One poll for the next caller: his port.
fn accept(
    rec: &Recorder,
    listener: &TcpListener,
    waker: &RecordedWaker,
) -> Poll<Result<u16, io::Error>> {
    let poll = || {
        let mut accept = listener.accept();
        let mut cx = Context::from_waker(waker.as_waker());
        let poll = Pin::new(&mut accept).poll(&mut cx);
        poll.map(|accepted| accepted.map(|(_, addr)| addr.port()))
    };
    rec.poll_named("accept", waker.name(), poll, |poll| match poll {
        Poll::Ready(Ok(port)) => Some(format!("caller {port}")),
        Poll::Ready(Err(error)) => Some(format!("error {}", error_in_words(error))),
        Poll::Pending => None,
    })
}

/// The rule that the next caller is served.
///
/// Fails with `never-ready` or `wrong-value`.
fn served(rec: &Recorder, poll: Poll<Result<u16, io::Error>>, caller: u16) {
    match ready(rec, poll, CALLED) {
        Ok(port) if port == caller => {}
        Ok(port) => rec.fail_reading(
            SECTION,
            "wrong-value",
            format!("caller {caller} was next, and `accept` gave caller {port}"),
        ),
        Err(error) if error.kind() == ErrorKind::ConnectionAborted => rec.fail(
            "callers-error",
            format!("one caller has left, and `accept` gave that as its error, though caller {caller} waits"),
        ),
        Err(error) if error.kind() == ErrorKind::Interrupted => rec.fail_reading(
            SECTION,
            "fatal-interrupt",
            "`accept` was interrupted, and gave that as its error",
        ),
        Err(error) => rec.fail_reading(
            SECTION,
            "wrong-value",
            format!("caller {caller} was next, and `accept` gave the error {:?}", error.kind()),
        ),
    }
}

/// The rule that nobody is served where nobody calls.
fn alone(rec: &Recorder, poll: Poll<Result<u16, io::Error>>) {
    match poll {
        Poll::Ready(Err(error)) if error.kind() == ErrorKind::ConnectionAborted => rec.fail(
            "callers-error",
            "the one who called has left again, and `accept` gave that as its error",
        ),
        poll => pending(rec, poll, NOBODY),
    }
}

#[test]
fn whoever_calls_is_accepted() {
    grade!(CONNECT_ACCEPT, |rec| {
        let net = Network::new(rec);
        let (listener, desk) = listener(&net);
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        for waker in [&a, &b] {
            alone(rec, accept(rec, &listener, waker));
            rec.must_be_quiet();
        }
        desk.rings(&[Caller::Waits(7)]);
        rec.must_wake("B", CALLED);
        served(rec, accept(rec, &listener, &b), 7);
        alone(rec, accept(rec, &listener, &b));
        desk.rings(&[Caller::Waits(8)]);
        rec.must_wake("B", CALLED);
        served(rec, accept(rec, &listener, &b), 8);
    });
}

#[test]
fn an_accepted_connection_is_in_the_reactor() {
    grade_race!(CONNECT_ACCEPT, |rec| {
        let net = Network::new(rec);
        let (listener, desk) = listener(&net);
        desk.rings(&[Caller::Waits(7)]);
        let a = rec.waker("A");
        let mut accept = listener.accept();
        let poll = Pin::new(&mut accept).poll(&mut Context::from_waker(a.as_waker()));
        let Ok((_stream, _)) = ready(rec, poll, CALLED) else {
            let seen = "somebody called, and `accept` gave an error";
            rec.fail_reading(SECTION, "wrong-value", seen);
        };
        let sources = net.events().reactor.sources();
        if sources != 2 {
            rec.fail_reading(
                SECTION,
                "wrong-value",
                format!("the reactor should know two sources, the listener and the connection; it knows {sources}"),
            );
        }
    });
}

#[test]
fn all_who_called_at_once_are_accepted() {
    grade!(CONNECT_ACCEPT, |rec| {
        let net = Network::new(rec);
        let (listener, desk) = listener(&net);
        let a = rec.waker("A");
        alone(rec, accept(rec, &listener, &a));
        desk.rings(&[Caller::Waits(1), Caller::Waits(2), Caller::Waits(3)]);
        rec.must_wake("A", CALLED);
        for caller in 1..=3 {
            let poll = accept(rec, &listener, &a);
            if poll.is_pending() && desk.waiting() > 0 {
                rec.fail(
                    "used-up-edge",
                    format!("three called at once; {} of them wait, their event has been, and so does `accept`", desk.waiting()),
                );
            }
            if poll.is_pending() {
                rec.fail(
                    "lost-connection",
                    format!("caller {caller} was taken out of the queue, and `accept` has not given him to anybody"),
                );
            }
            if matches!(poll, Poll::Ready(Ok(port)) if port > caller) && desk.waiting() == 0 {
                rec.fail(
                    "lost-connection",
                    "three called at once; `accept` took all of them out of the queue, and gave the last",
                );
            }
            served(rec, poll, caller);
        }
        alone(rec, accept(rec, &listener, &a));
    });
}

#[test]
fn the_stream_of_all_callers_never_ends() {
    grade!(CONNECT_ACCEPT, |rec| {
        let net = Network::new(rec);
        let (listener, desk) = listener(&net);
        let a = rec.waker("A");
        let mut incoming = listener.incoming();
        let mut next = || {
            let poll = || {
                let mut cx = Context::from_waker(a.as_waker());
                Pin::new(&mut incoming).poll_next(&mut cx)
            };
            rec.poll(a.name(), poll, |poll| match poll {
                Poll::Ready(Some(Ok(_))) => Some("a connection".into()),
                Poll::Ready(Some(Err(error))) => Some(format!("error {:?}", error.kind())),
                Poll::Ready(None) => Some("the end".into()),
                Poll::Pending => None,
            })
        };
        for callers in [
            &[Caller::Waits(1), Caller::Waits(2)][..],
            &[Caller::Waits(3)],
        ] {
            if let Poll::Ready(other) = next() {
                let other = other.map(|one| one.map(|_| ()));
                let seen = format!("nobody calls, and the stream gave {other:?}");
                rec.fail("early-ready", seen);
            }
            desk.rings(callers);
            rec.must_wake("A", CALLED);
            for _ in callers {
                if !matches!(next(), Poll::Ready(Some(Ok(_)))) {
                    rec.fail(
                        "used-up-edge",
                        "somebody waits in the queue, and the stream does not give the connection",
                    );
                }
            }
        }
    });
}

#[test]
fn callers_who_have_left_are_passed_over() {
    grade!(CONNECT_ACCEPT, |rec| {
        let net = Network::new(rec);
        let (listener, desk) = listener(&net);
        let a = rec.waker("A");
        alone(rec, accept(rec, &listener, &a));
        desk.rings(&[Caller::Left, Caller::Waits(7)]);
        rec.must_wake("A", CALLED);
        let poll = accept(rec, &listener, &a);
        if poll.is_pending() && desk.waiting() > 0 {
            rec.fail(
                "used-up-edge",
                "the first caller had left, the second waits, and so does `accept`: there is no event for him",
            );
        }
        served(rec, poll, 7);
        desk.rings(&[Caller::Left]);
        alone(rec, accept(rec, &listener, &a));
    });
}

#[test]
fn accepts_again_after_an_interruption() {
    grade_race!(CONNECT_ACCEPT, |rec| {
        let net = Network::new(rec);
        let (listener, desk) = listener(&net);
        let a = rec.waker("A");
        alone(rec, accept(rec, &listener, &a));
        desk.rings(&[Caller::Interruption, Caller::Waits(7)]);
        rec.must_wake("A", CALLED);
        let mut poll = accept(rec, &listener, &a);
        if poll.is_pending() && rec.wakes_since_note("A") > 1 {
            poll = accept(rec, &listener, &a);
        }
        served(rec, poll, 7);
    });
}

#[test]
fn an_event_that_brings_nobody_is_no_reason_to_stop_waiting() {
    grade!(CONNECT_ACCEPT, |rec| {
        let net = Network::new(rec);
        let (listener, desk) = listener(&net);
        let a = rec.waker("A");
        alone(rec, accept(rec, &listener, &a));
        rec.note("an event comes, and nobody calls");
        desk.comes(&[]);
        alone(rec, accept(rec, &listener, &a));
        desk.rings(&[Caller::Waits(7)]);
        rec.must_wake("A", CALLED);
        served(rec, accept(rec, &listener, &a), 7);
    });
}

#[test]
fn misses_no_caller_who_comes_in_the_middle_of_a_poll() {
    grade_race!(CONNECT_ACCEPT, |rec| {
        for calls in 0..8 {
            let net = Network::new(rec);
            let (listener, desk) = listener(&net);
            let (race, caller) = (Race::new(), Arc::clone(&desk));
            let rival = race.once(move || caller.rings(&[Caller::Waits(7)]));
            let a = match calls {
                0 => rec.hostile_waker("A").on_clone(rival).build(),
                _ => {
                    desk.calls.within(calls - 1, rival);
                    rec.waker("A")
                }
            };
            let poll = accept(rec, &listener, &a);
            race.finish();
            if race.was_forced() && poll.is_pending() && rec.wakes_since_note("A") == 0 {
                rec.fail(
                    "lost-edge",
                    "somebody called in the middle of a poll; the task sleeps, and nobody will wake it",
                );
            }
        }
    });
}

/// How often a server may ask in a row without having to wait.
const MOST_ERRORS_IN_A_ROW: usize = 10;

/// The longest that a server may do nothing where nothing tells it that there are descriptors again.
const LONGEST: Duration = Duration::from_secs(10);

/// What a server has met.
enum Met {
    Caller(u16),
    Error(io::Error),
    /// It had to wait, and the time has passed.
    Rest,
}

/// A server that takes callers in a loop, until it has met `enough`.
fn serve(
    rec: &Recorder,
    net: &Network,
    listener: &TcpListener,
    mut enough: impl FnMut(Met) -> bool,
) {
    let a = rec.waker("A");
    let mut in_a_row = 0;
    loop {
        let met = match accept(rec, listener, &a) {
            Poll::Ready(Ok(caller)) => Met::Caller(caller),
            Poll::Ready(Err(error)) => Met::Error(error),
            Poll::Pending => {
                rec.must_be_quiet();
                rest(rec, net);
                Met::Rest
            }
        };
        in_a_row = match met {
            Met::Error(_) => in_a_row + 1,
            _ => 0,
        };
        if in_a_row > MOST_ERRORS_IN_A_ROW {
            rec.fail_reading(
                SECTION,
                "busy-loop",
                format!(
                    "there is no descriptor left, and `accept` gave the error {in_a_row} times while no time passed: \
                     a server that goes on does nothing else"
                ),
            );
        }
        if enough(met) {
            return;
        }
    }
}

/// Lets time pass until waker A is woken.
///
/// Fails with `lost-wakeup`.
fn rest(rec: &Recorder, net: &Network) {
    const STEP: Duration = Duration::from_millis(10);
    let (woken, mut slept) = (rec.wakes("A"), Duration::ZERO);
    while rec.wakes("A") == woken {
        if slept > LONGEST {
            rec.fail_reading(
                SECTION,
                "lost-wakeup",
                "there was no descriptor left, and `accept` waits for an event since; the callers are in the queue \
                 already, and no event will come for them",
            );
        }
        net.pass(STEP);
        slept += STEP;
    }
}

#[test]
fn a_server_without_descriptors_rests_and_then_serves_its_callers() {
    grade_race!(CONNECT_ACCEPT, |rec| {
        let net = Network::new(rec);
        let (listener, desk) = listener(&net);
        desk.is_short_of_files(true);
        desk.rings(&[Caller::Waits(1), Caller::Waits(2), Caller::Waits(3)]);
        rec.note("there is no file descriptor left");
        let (mut errors, mut rests) = (0, 0);
        serve(rec, &net, &listener, |met| {
            match met {
                Met::Rest => rests += 1,
                Met::Error(error) if error.raw_os_error() == Some(EMFILE) => errors += 1,
                Met::Error(error) => rec.fail_reading(
                    SECTION,
                    "wrong-value",
                    format!(
                        "there is no descriptor left, and `accept` gave another error: {error}"
                    ),
                ),
                Met::Caller(_) => unreachable!("nobody can be taken"),
            }
            rests == 3
        });
        if errors == 0 {
            rec.fail_reading(
                SECTION,
                "wrong-value",
                "there is no descriptor left, and `accept` does not say so: nobody can do anything about it",
            );
        }
        rec.note("there are file descriptors again");
        desk.is_short_of_files(false);
        let mut next = 1;
        serve(rec, &net, &listener, |met| {
            match met {
                Met::Caller(caller) if caller == next => next += 1,
                Met::Caller(caller) => rec.fail_reading(
                    SECTION,
                    "wrong-value",
                    format!("caller {next} was next, and `accept` gave caller {caller}"),
                ),
                // A last error may have been on its way.
                Met::Rest | Met::Error(_) => {}
            }
            next > 3
        });
    });
}

#[test]
fn calls_and_is_called_for_real() {
    grade_race!(CONNECT_ACCEPT, |rec| {
        let _system = selector::replace(Arc::new(selector::MioSelector));
        let mut runtime = Runtime::new().expect("the system has a selector");
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let outcome = runtime.block_on(async {
            let nobody = std::net::TcpListener::bind(any)?.local_addr()?;
            let refused = reactor::connect(nobody)
                .await
                .err()
                .map(|error| error.kind());
            let listener = reactor::TcpListener::bind(any)?;
            let addr = listener.local_addr()?;
            let callers = [(); 3].map(|()| std::net::TcpStream::connect(addr));
            let served = listener.incoming().take(3).collect::<Vec<_>>().await;
            let (called, accepted) =
                futures::future::join(reactor::connect(addr), listener.accept()).await;
            let (called, (_, from)) = (called?, accepted?);
            let served = served.iter().filter(|one| one.is_ok()).count();
            drop(callers);
            io::Result::Ok((refused, served, called.local_addr()? == from))
        });
        let expected = (Some(ErrorKind::ConnectionRefused), 3, true);
        if !matches!(&outcome, Ok(outcome) if *outcome == expected) {
            rec.fail_reading(
                SECTION,
                "wrong-value",
                format!("on the real network, (the refusal, those served, whether both sides name the caller alike) has to be {expected:?}, and was {outcome:?}"),
            );
        }
    });
}
