//! The grader of `countserver`: clients of every kind, and the numbers that they get.

// The graded file once more, as a module of this program: here something can happen between two steps of its
// `crate::sync`. Its other names from the crate are the layer's.
#[cfg_attr(feature = "my-countserver", path = "../exercises/countserver.rs")]
#[cfg_attr(not(feature = "my-countserver"), path = "../src/countserver.rs")]
#[allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "a library's module, in a program"
)]
mod countserver;
#[allow(dead_code, reason = "not every design uses it")]
#[path = "../src/lock.rs"]
mod lock;
#[path = "support/paths_from_std.rs"]
mod paths_from_std;
#[path = "support/steps.rs"]
mod steps;
#[path = "support/stepped_sync.rs"]
mod sync;
#[allow(dead_code, reason = "not every design uses it, and none uses all")]
#[path = "../src/wait_queue.rs"]
mod wait_queue;

// What this grader uses of what the stage's graders share.
#[allow(dead_code, unreachable_pub)]
mod support {
    pub mod alone;
    pub mod elsewhere;
    pub mod household;
    pub mod incoming;
    pub mod panics;
    pub mod script;
}

use std::{
    collections::HashSet,
    io::{self, ErrorKind, Read as _, Write as _},
    net::{Shutdown, SocketAddr, TcpStream as StdStream},
    panic::resume_unwind,
    pin::Pin,
    sync::{Arc, Weak},
    task::{Context, Poll},
    thread,
};

#[allow(unused_imports, reason = "for the graded file")]
use async_await::*;
use async_await::{countclients, counting, counting::LONGEST_REQUEST, countserver::serve};
use course::{Exercise, Race, Recorder, grade, grade_race, memory};
use executor::enter::enter;
use futures::{
    channel::oneshot,
    io::{AsyncRead, AsyncWrite},
};
use paths_from_std::paths_from_std;
use reactor::{Runtime, TcpListener};
use support::{
    alone::{Presence, alone, beside},
    elsewhere::Elsewhere,
    household::Household,
    incoming::Incoming,
    panics::Panics,
    script::{self, Script, Take},
};

const COUNTSERVER: Exercise = course::exercise!(
    "countserver",
    stage = "05-async-await",
    feature = "my-countserver"
);

/// Where the file that is graded is read as text.
#[cfg(feature = "my-countserver")]
const SOURCE: &str = include_str!("../exercises/countserver.rs");
#[cfg(not(feature = "my-countserver"))]
const SOURCE: &str = include_str!("../src/countserver.rs");

/// Where the chapter speaks of this exercise.
const SECTION: &str = "one-server-many-designs";

/// What another client does, where that must not matter, and what it is called if it does.
type Beside<'a> = (&'static str, &'a str);

/// A server, its door, and the numbers that it has given.
struct Scene {
    recorder: Recorder,
    incoming: Incoming<Socket>,
    household: Household,
    panics: Panics,
    /// The numbers that were given, each with whom it went to.
    given: Vec<(u64, String)>,
    /// Other tests may run meanwhile.
    _presence: Presence,
}

impl Scene {
    fn set(recorder: &Recorder) -> Self {
        let presence = beside();
        let incoming = Incoming::new(recorder);
        let panics = Panics::watch();
        let mut household = Household::new(recorder);
        household.begin(serve(incoming.clone()));
        let mut scene = Self {
            recorder: recorder.clone(),
            incoming,
            household,
            panics,
            given: Vec::new(),
            _presence: presence,
        };
        scene.settle();
        scene
    }

    /// Somebody connects, and says nothing yet.
    fn connects(&mut self, name: &'static str) -> Client {
        let (client, socket) = both_ends(&self.recorder, name);
        self.incoming.brings(socket);
        client
    }

    /// Runs the server and its tasks, until all of them wait.
    ///
    /// Fails with `stops-serving` if the server panics or ends, and with `busy-wake`.
    fn settle(&mut self) {
        // As a runtime does: who blocks the thread in here is told so.
        let entered = enter("the grader");
        let settled = self.household.settle();
        drop(entered);
        self.panics.must_be_written();
        if let Err(panic) = settled {
            let message = (panic.downcast_ref::<String>().cloned())
                .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).into()))
                .unwrap_or_default();
            // A rule of ours that it has broken.
            if message.contains("README.md#") {
                resume_unwind(panic);
            }
            let line = message.lines().next().unwrap_or("(no message)");
            self.stopped(format!("`serve` has panicked: {line:?}"));
        }
    }

    /// Fails with `stops-serving`.
    fn stopped(&self, seen: impl Into<String>) -> ! {
        self.recorder.fail_reading(SECTION, "stops-serving", seen)
    }

    /// The rule that the server goes on.
    fn must_go_on(&self, event: &str) {
        if self.household.is_over() {
            self.stopped(format!(
                "{event}, and `serve` is over; others will still come"
            ));
        }
    }

    /// The rule that whoever has sent his line has an answer, and that nobody else has the same.
    ///
    /// Fails with `no-answer` (or as `beside` says), `lost-bytes`, `wrong-value`, `lost-update` or `left-behind`.
    fn served(&mut self, client: &Client, beside: Option<Beside<'_>>) -> u64 {
        self.settle();
        let (rec, name) = (self.recorder.clone(), client.name);
        let bytes = client.script.written();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if text.is_empty() {
            match beside {
                Some((code, beside)) => rec.fail_reading(
                    SECTION,
                    code,
                    format!("{beside}; {name} has sent a line, and gets no answer"),
                ),
                None => rec.fail(
                    "no-answer",
                    format!("{name} has sent a line, all tasks wait, and there is no answer"),
                ),
            }
        }
        let Ok(number) = counting::number(&text) else {
            let code = match text.trim_end().parse::<u64>() {
                Ok(_) if !text.ends_with('\n') => "lost-bytes",
                _ => "wrong-value",
            };
            rec.fail_reading(
                SECTION,
                code,
                format!("{name} has got {text:?}, and that is no line with a number"),
            );
        };
        rec.note(format!("{name} gets {number}"));
        if let Some((_, other)) = self.given.iter().find(|(given, _)| *given == number) {
            rec.fail(
                "lost-update",
                format!("{name} has got {number}, and so has {other}"),
            );
        }
        self.given.push((number, name.into()));
        if !client.is_let_go() {
            rec.fail_reading(
                SECTION,
                "left-behind",
                format!("{name} has got a number, and the server keeps the connection open"),
            );
        }
        number
    }

    /// As [`served`](Self::served), with this number.
    ///
    /// Fails with `skipped-number` or `wrong-value`, too.
    fn served_with(
        &mut self,
        client: &Client,
        beside: Option<Beside<'_>>,
        expected: u64,
        why: &str,
    ) {
        let number = self.served(client, beside);
        if number == expected {
            return;
        }
        let seen = format!(
            "{} should get {expected}, and gets {number}{why}",
            client.name
        );
        match number > expected {
            true => self.recorder.fail("skipped-number", seen),
            false => self.recorder.fail_reading(SECTION, "wrong-value", seen),
        }
    }

    fn end(self) {
        self.panics.advise(&self.recorder);
    }
}

/// Both ends of a connection: noted.
fn both_ends(rec: &Recorder, name: &'static str) -> (Client, Socket) {
    rec.note(format!("{name} connects"));
    let script = Script::named(rec, name);
    let alive = Arc::new(());
    let client = Client {
        name,
        script: script.clone(),
        alive: Arc::downgrade(&alive),
    };
    let socket = Socket {
        stream: script.stream(),
        _alive: alive,
    };
    (client, socket)
}

/// The other side of a connection.
struct Client {
    name: &'static str,
    script: Script,
    /// Whether the server still has its end.
    alive: Weak<()>,
}

impl Client {
    fn asks(&self) {
        self.script.sends("me\n");
    }

    /// Whether the server has closed the connection.
    fn is_let_go(&self) -> bool {
        self.script.is_closed() || self.is_forgotten()
    }

    /// Whether the server has dropped its end.
    fn is_forgotten(&self) -> bool {
        self.alive.strong_count() == 0
    }

    /// The rule that somebody who will get nothing is let go.
    ///
    /// Fails with `left-behind`.
    fn must_be_forgotten(&self, rec: &Recorder, event: &str) {
        if !self.is_forgotten() {
            rec.fail_reading(
                SECTION,
                "left-behind",
                format!("{event}, and the server keeps the connection"),
            );
        }
    }
}

/// The server's end of a connection.
struct Socket {
    stream: script::Stream,
    _alive: Arc<()>,
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_close(cx)
    }
}

#[test]
fn each_client_gets_the_next_number() {
    grade!(COUNTSERVER, lesson, |rec| {
        let mut scene = Scene::set(rec);
        for (number, name) in (1..).zip(["anna", "bob", "carl"]) {
            let client = scene.connects(name);
            client.asks();
            scene.served_with(&client, None, number, "");
            scene.must_go_on("a client has got his number");
        }
        scene.end();
    });
}

#[test]
fn who_says_nothing_holds_up_nobody() {
    grade!(COUNTSERVER, |rec| {
        let mut scene = Scene::set(rec);
        let anna = scene.connects("anna");
        scene.settle();
        let bob = scene.connects("bob");
        bob.asks();
        let silent = ("head-of-line", "anna is connected and says nothing");
        scene.served_with(&bob, Some(silent), 1, ": anna has not asked yet");
        let carl = scene.connects("carl");
        carl.asks();
        scene.served_with(&carl, Some(silent), 2, "");
        anna.asks();
        scene.served_with(&anna, None, 3, "");
        scene.end();
    });
}

#[test]
fn who_takes_nothing_holds_up_nobody() {
    grade!(COUNTSERVER, |rec| {
        let mut scene = Scene::set(rec);
        let anna = scene.connects("anna");
        anna.script.has_room_for(0);
        anna.asks();
        scene.settle();
        let deaf = (
            "head-of-line",
            "anna has asked, and takes nothing of her answer",
        );
        let bob = scene.connects("bob");
        bob.asks();
        let number = scene.served(&bob, Some(deaf));
        let carl = scene.connects("carl");
        carl.asks();
        scene.served(&carl, Some(deaf));
        anna.script.has_room_for(100);
        anna.script.wakes_writer("anna takes something");
        scene.served(&anna, None);
        let most = scene.given.iter().map(|(number, _)| *number).max();
        if most != Some(3) || number == 0 {
            rec.fail(
                "skipped-number",
                format!("three clients have got {}", list(&scene.given)),
            );
        }
        scene.end();
    });
}

fn list(given: &[(u64, String)]) -> String {
    let numbers: Vec<String> = given.iter().map(|(number, _)| number.to_string()).collect();
    numbers.join(", ")
}

#[test]
fn all_who_ask_at_once_get_different_numbers() {
    grade!(COUNTSERVER, |rec| {
        let mut scene = Scene::set(rec);
        let names = ["anna", "bob", "carl", "dora"];
        let clients = names.map(|name| scene.connects(name));
        scene.settle();
        for client in &clients {
            // Each answer has to wait at its beginning, and in the middle.
            client
                .script
                .takes([Take::Pending, Take::UpTo(1), Take::Pending]);
            client.asks();
        }
        scene.settle();
        for _ in 0..2 {
            for client in clients.iter().rev() {
                client
                    .script
                    .wakes_writer(&format!("{} has room", client.name));
            }
            scene.settle();
        }
        // The order is the server's choice, and so is who has which number.
        rec.note("all have been served");
        let numbers: Vec<u64> = clients.iter().map(|client| answer(rec, client)).collect();
        let distinct: HashSet<u64> = numbers.iter().copied().collect();
        let seen = format!("four clients have asked at once, and have got {numbers:?}");
        if distinct.len() < numbers.len() {
            rec.fail("lost-update", seen);
        }
        if distinct != (1..=names.len() as u64).collect() {
            rec.fail("skipped-number", seen);
        }
        scene.end();
    });
}

/// What a client has got who takes his answer in pieces.
///
/// Fails with `no-answer` or `lost-bytes`.
fn answer(rec: &Recorder, client: &Client) -> u64 {
    let text = String::from_utf8_lossy(&client.script.written()).into_owned();
    counting::number(&text).unwrap_or_else(|_| {
        let code = match text.is_empty() {
            true => "no-answer",
            false => "lost-bytes",
        };
        let name = client.name;
        let seen = format!(
            "{name} has asked, and takes the answer byte by byte; what came of it is {text:?}"
        );
        rec.fail_reading(SECTION, code, seen)
    })
}

#[test]
fn a_line_is_there_when_its_end_is_there() {
    grade!(COUNTSERVER, |rec| {
        let mut scene = Scene::set(rec);
        let anna = scene.connects("anna");
        for piece in ["m", "e", ", please"] {
            anna.script.sends(piece);
            scene.settle();
            if !anna.script.written().is_empty() || anna.is_let_go() {
                rec.fail_reading(
                    SECTION,
                    "one-read-one-message",
                    "anna has sent a part of her line, and has been answered, or sent away, before its end",
                );
            }
        }
        anna.script.sends("\n");
        scene.served_with(&anna, None, 1, "");
        scene.end();
    });
}

#[test]
fn who_leaves_without_a_line_uses_up_no_number() {
    grade!(COUNTSERVER, |rec| {
        let mut scene = Scene::set(rec);
        let anna = scene.connects("anna");
        anna.script.ends();
        scene.settle();
        let bob = scene.connects("bob");
        bob.script.sends("m");
        bob.script.fails(ErrorKind::ConnectionReset);
        scene.settle();
        let carl = scene.connects("carl");
        carl.asks();
        let gone = ": those before left without a line, and nobody has their numbers";
        scene.served_with(&carl, None, 1, gone);
        anna.must_be_forgotten(rec, "anna has closed the connection without a line");
        bob.must_be_forgotten(rec, "bob's connection is broken");
        scene.end();
    });
}

#[test]
fn who_leaves_before_his_answer_takes_nobody_along() {
    grade!(COUNTSERVER, |rec| {
        let mut scene = Scene::set(rec);
        let anna = scene.connects("anna");
        anna.script.takes([Take::Error(ErrorKind::BrokenPipe)]);
        anna.asks();
        scene.settle();
        scene.must_go_on("anna has left before she had her answer");
        let bob = scene.connects("bob");
        bob.asks();
        let left = "anna has left before she had her answer";
        scene.served(&bob, Some(("stops-serving", left)));
        anna.must_be_forgotten(rec, left);
        scene.end();
    });
}

/// More than fits into anybody's idea of a line.
const FLOOD: usize = 64 << 10;

#[test]
fn a_line_without_an_end_is_not_kept() {
    grade!(COUNTSERVER, |rec| {
        let mut scene = Scene::set(rec);
        let anna = scene.connects("anna");
        for _ in 0..16 {
            anna.script
                .brings([script::Read::Bytes(vec![b'x'; FLOOD / 16])]);
        }
        anna.script
            .wakes_reader("anna sends and sends, and no end of line");
        scene.settle();
        if !anna.is_let_go() {
            rec.fail_reading(
                SECTION,
                "no-limit",
                format!(
                    "anna has sent {} KiB without an end of line, and the server still waits for it",
                    FLOOD >> 10
                ),
            );
        }
        let bob = scene.connects("bob");
        bob.script
            .brings([script::Read::Bytes(vec![b'x'; LONGEST_REQUEST + 2])]);
        bob.script
            .wakes_reader("bob sends two bytes more than a line may have, and no end of line");
        scene.settle();
        if !bob.is_let_go() {
            let seen = format!(
                "bob has sent {} bytes without an end of line, of at most {LONGEST_REQUEST}, and the server still waits \
                 for the end",
                LONGEST_REQUEST + 2
            );
            rec.fail_reading(SECTION, "other-limit", seen);
        }
        let carl = scene.connects("carl");
        let line = "x".repeat(LONGEST_REQUEST) + "\n";
        carl.script.brings([script::Read::Bytes(line.into())]);
        carl.script.wakes_reader("carl sends the longest line");
        let gone = ": anna's and bob's were no lines";
        let allowed = format!("a line may have {LONGEST_REQUEST} bytes");
        scene.served_with(&carl, Some(("other-limit", &allowed)), 1, gone);
        scene.end();
    });
}

#[test]
fn a_connection_that_fails_to_come_about_is_not_the_end() {
    grade!(COUNTSERVER, |rec| {
        let mut scene = Scene::set(rec);
        for (number, name) in (1..).zip(["anna", "bob"]) {
            scene.incoming.fails(ErrorKind::ConnectionAborted);
            scene.settle();
            scene.must_go_on("one connection has failed to come about");
            let client = scene.connects(name);
            client.asks();
            let failed = ("stops-serving", "one connection has failed to come about");
            scene.served_with(&client, Some(failed), number, "");
        }
        scene.end();
    });
}

#[test]
fn ends_when_nobody_else_will_come() {
    grade!(COUNTSERVER, |rec| {
        let mut scene = Scene::set(rec);
        let anna = scene.connects("anna");
        scene.settle();
        scene.incoming.ends();
        scene.settle();
        anna.asks();
        scene.settle();
        if anna.script.written().is_empty() && anna.is_forgotten() {
            rec.fail_reading(
                SECTION,
                "dropped-pending",
                "nobody else will come; anna was connected by then, and her connection was dropped before she had asked",
            );
        }
        scene.served_with(&anna, None, 1, "");
        if !scene.household.is_over() {
            rec.fail_reading(
                SECTION,
                "never-ready",
                "nobody else will come, everybody has been served, and `serve` is not over",
            );
        }
        scene.end();
    });
}

/// A client who has asked already, and takes everything.
struct Quick {
    request: &'static [u8],
    _alive: Arc<()>,
}

impl AsyncRead for Quick {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.request).poll_read(cx, buf)
    }
}

impl AsyncWrite for Quick {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(buf.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[test]
fn those_who_have_been_served_leave_nothing_behind() {
    grade_race!(COUNTSERVER, |rec| {
        const ROUND: usize = 100;
        const ROUNDS: usize = 60;
        /// Less than a task for each client of the later rounds.
        const LITTLE: usize = 256 << 10;
        let _alone = alone();
        let (incoming, panics) = (Incoming::new(rec), Panics::watch());
        let mut household = Household::new(rec);
        household.begin(serve(incoming.clone()));
        let clients = Arc::new(());
        let mut at_first = 0;
        for round in 0..ROUNDS {
            for _ in 0..ROUND {
                incoming.brings(Quick {
                    request: b"me\n",
                    _alive: Arc::clone(&clients),
                });
            }
            if let Err(panic) = household.settle() {
                resume_unwind(panic);
            }
            panics.must_be_written();
            if round == ROUNDS / 6 {
                at_first = memory::in_use();
            }
        }
        let connected = Arc::strong_count(&clients) - 1;
        if connected > 0 {
            let seen = format!(
                "{} clients have been served, and {connected} connections are still there",
                ROUND * ROUNDS
            );
            rec.fail_reading(SECTION, "left-behind", seen);
        }
        let more = memory::in_use().saturating_sub(at_first);
        if more > LITTLE {
            let clients = ROUND * (ROUNDS - 1 - ROUNDS / 6);
            let seen = format!(
                "{clients} more clients have come, been served and gone, and {} KiB more are in use",
                more >> 10
            );
            rec.fail_reading(SECTION, "leaked-task", seen);
        }
    });
}

#[test]
fn two_who_are_served_on_two_threads_get_different_numbers() {
    grade_race!(COUNTSERVER, |rec| {
        let past = |path: &&String| {
            path.starts_with("sync::") && (path.contains("Atomic") || path.ends_with("Mutex"))
        };
        if let Some(path) = paths_from_std(SOURCE).iter().find(past) {
            let seen = format!(
                "the file uses `std::{path}`. It works, but nobody can try what another thread does between two of its \
                 steps. Take it from `crate::sync`"
            );
            rec.advise("bypassed-seam", seen);
        }
        let _beside = beside();
        let panics = Panics::watch();
        steps::each(
            rec,
            "bob's task is polled on another thread, in the middle of a poll of anna's task,",
            |skip| served_on_two_threads(rec, &panics, skip),
        );
    });
}

/// Anna and bob ask at once, and bob's task is polled on a second thread at a step of anna's. Tells whether there was
/// such a step.
///
/// Fails with `lost-update`.
fn served_on_two_threads(rec: &Recorder, panics: &Panics, skip: usize) -> bool {
    let (incoming, race) = (Incoming::new(rec), Race::new());
    let mut household = Household::new(rec);
    household.begin(countserver::serve(incoming.clone()));
    let mut settle = || {
        if let Err(panic) = household.settle() {
            resume_unwind(panic);
        }
        panics.must_be_written();
    };
    let elsewhere = Elsewhere::new();
    let (bob, socket) = both_ends(rec, "bob");
    incoming.brings(socket);
    {
        // Who comes now gets his task there.
        let _current = elsewhere.enter();
        settle();
    }
    elsewhere.turn();
    let (anna, socket) = both_ends(rec, "anna");
    incoming.brings(socket);
    settle();

    bob.asks();
    let bobs = elsewhere.clone();
    steps::ambush(skip, race.once(move || bobs.turn()));
    anna.asks();
    settle();
    steps::call_off();
    race.finish();
    // Somebody may have waited for a lock, or for an answer of another task.
    for _ in 0..10 {
        elsewhere.turn();
        settle();
    }
    let [annas, bobs] = [&anna, &bob].map(|client| {
        let text = client.script.written();
        counting::number(&String::from_utf8_lossy(&text)).ok()
    });
    if annas.is_some() && annas == bobs {
        rec.fail(
            "lost-update",
            format!(
                "anna and bob are served by two tasks on two threads; one of them is counted at a moment between two \
                 steps of the other one's count, and both get {}",
                annas.unwrap_or_default()
            ),
        );
    }
    race.was_forced()
}

#[test]
fn serves_real_clients() {
    grade_race!(COUNTSERVER, |rec| {
        const CLIENTS: usize = 20;
        let _beside = beside();
        let mut runtime = Runtime::new().expect("the system has a selector");
        let numbers = runtime.block_on(async {
            let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
            let server = listener.local_addr()?;
            let (done, is_done) = oneshot::channel();
            let clients = thread::spawn(move || {
                let numbers = with_a_silent_one(server, CLIENTS);
                let _ = done.send(());
                numbers
            });
            let serve = std::pin::pin!(serve(listener.incoming()));
            // The server never ends: it is dropped when the clients are done.
            let _ = futures::future::select(serve, is_done).await;
            clients.join().expect("they give errors, and do not panic")
        });
        let mut numbers: Vec<u64> = numbers.unwrap_or_else(|error| {
            rec.fail("no-answer", format!("a real client got no number: {error}"))
        });
        numbers.sort_unstable();
        if numbers != (1..=CLIENTS as u64 + 1).collect::<Vec<_>>() {
            let mut distinct = numbers.clone();
            distinct.dedup();
            let seen = format!("{} real clients have got {numbers:?}", CLIENTS + 1);
            match distinct.len() < numbers.len() {
                true => rec.fail("lost-update", seen),
                false => rec.fail("skipped-number", seen),
            }
        }
    });
}

/// The numbers of so many clients, and of one who asks when they are done.
fn with_a_silent_one(server: SocketAddr, clients: usize) -> io::Result<Vec<u64>> {
    let mut silent = StdStream::connect(server)?;
    let mut numbers = countclients::threaded(server, clients)?;
    silent.write_all(b"me\r\n")?;
    silent.shutdown(Shutdown::Write)?;
    let mut answer = String::new();
    silent.read_to_string(&mut answer)?;
    numbers.push(counting::number(&answer)?);
    Ok(numbers)
}
