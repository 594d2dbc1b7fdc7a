//! The grader of `http_client`: a client, and a server that sends what it likes, as it likes.

// What this grader uses of what the stage's graders share.
#[allow(dead_code, unreachable_pub)]
mod support {
    pub mod reply;
    pub mod script;
}

use std::{io::ErrorKind, task::Poll};

use async_await::{HttpClient, get};
use course::{Exercise, Recorder, Task, grade};
use http::{Method, Request};
use support::{
    reply::Reply,
    script::{Read, Script, Stream, Take},
};

const HTTP_CLIENT: Exercise = course::exercise!(
    "http_client",
    stage = "05-async-await",
    feature = "my-http-client"
);

/// Where the chapter speaks of this exercise.
const SECTION: &str = "one-request-one-answer";

/// What is asked, and what goes over the line for it.
const ASKED: &str = "GET /path HTTP/1.1\r\nhost: localhost\r\n\r\n";

/// An answer after which the connection stays open.
const HOWDY: &str = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhowdy";

/// Completes "… although".
const NO_ANSWER: &str = "the server has not answered";
const HALF: &str = "only a part of the answer has come";

/// How often a poll may ask for another one by itself: who yields after each byte is slow, and right.
const MOST_POLLS: usize = 10_000;

/// A client, and the server's end of its connection.
struct Scene {
    recorder: Recorder,
    script: Script,
    client: HttpClient<Stream>,
    request: Request<Vec<u8>>,
}

impl Scene {
    fn new(rec: &Recorder) -> Self {
        let script = Script::named(rec, "server");
        Scene {
            recorder: rec.clone(),
            client: HttpClient::new(script.stream()),
            script,
            request: get("localhost", "/path"),
        }
    }

    /// A scene in which this is what the server sends, and there is nothing to wait for.
    fn answered(rec: &Recorder, answer: &str, then: Option<Read>) -> Self {
        let scene = Scene::new(rec);
        scene.script.brings([Read::Bytes(answer.into())]);
        scene.script.brings(then);
        scene
    }

    /// The request, to be polled by hand.
    fn task(&mut self) -> Task<impl Future<Output = Reply>> {
        let (client, request) = (&mut self.client, &self.request);
        Task::new(&self.recorder, async {
            Reply::of(client.request(request).await)
        })
    }

    /// What the request comes to, when all of the script can be read at once; `None` if it goes on
    /// waiting.
    fn outcome(&mut self) -> Option<Reply> {
        let rec = self.recorder.clone();
        settle(&rec, &mut self.task())
    }

    /// The rule that the request comes to this. Fails with `code` for any other outcome.
    fn must_come_to(&mut self, expected: &Reply, code: &str, what: &str) {
        let (rec, script) = (self.recorder.clone(), self.script.clone());
        let mut task = self.task();
        match settle(&rec, &mut task) {
            Some(reply) if reply == *expected => {}
            Some(reply) => {
                let seen =
                    format!("{what}, which makes {expected:?}, and the request gives {reply:?}");
                rec.fail_reading(SECTION, code, seen);
            }
            None if script.unread() > 0 => {
                let seen = format!("{what}; it is not read, and nobody will wake the request");
                rec.fail("lost-wakeup", seen);
            }
            None => goes_on_reading(&rec, &script, &mut task, expected, what),
        }
    }

    /// The rule that there can be another request, or not, because of `why`.
    fn must_be_open(&self, open: bool, why: &str) {
        let rec = &self.recorder;
        match (open, self.client.is_open()) {
            (true, false) => rec.fail(
                "thrown-away-connection",
                format!("{why}, and `is_open` says that there can be no other request"),
            ),
            (false, true) => rec.fail(
                "used-connection",
                format!("{why}, and `is_open` says that there can be another request"),
            ),
            _ => {}
        }
    }

    /// The rule that a connection is not used after this: `is_open` says so, and a request sends
    /// nothing.
    fn must_be_over(&mut self, why: &str) {
        let rec = self.recorder.clone();
        self.must_be_open(false, why);
        rec.note("a request on a connection that has served");
        let sent = self.script.calls().writes;
        // Whoever asked all the same would get this.
        self.script.brings([Read::Bytes(HOWDY.into())]);
        let outcome = self.outcome();
        if self.script.calls().writes > sent {
            let seen = format!("{why}, and the next request is sent over it all the same");
            rec.fail("used-connection", seen);
        }
        if outcome != Some(Reply::Error(ErrorKind::NotConnected)) {
            let seen = format!("{why}, and the next request gives {outcome:?}, not `NotConnected`");
            rec.fail_reading(SECTION, "wrong-value", seen);
        }
    }

    /// The rule that this, and all of this, has been sent and flushed.
    fn must_have_sent(&self, expected: &str) {
        let rec = &self.recorder;
        let written = self.script.written();
        let text = String::from_utf8_lossy(&written);
        if written != expected.as_bytes() {
            let seen = format!("the request is {expected:?}, and the server gets {text:?}");
            match expected.as_bytes().starts_with(&written) {
                true => rec.fail_reading(SECTION, "lost-bytes", seen),
                false => rec.fail_reading(SECTION, "wrong-value", seen),
            }
        }
        if self.script.flushed() != written {
            rec.fail_reading(
                SECTION,
                "not-flushed",
                "the request was written, not flushed, and its answer is waited for",
            );
        }
    }
}

/// Polls a request as long as it asks for it itself.
fn settle(rec: &Recorder, task: &mut Task<impl Future<Output = Reply>>) -> Option<Reply> {
    let a = rec.waker("A");
    for _ in 0..MOST_POLLS {
        let wakes = rec.wakes("A");
        match task.poll(&a) {
            Poll::Ready(reply) => return Some(reply),
            Poll::Pending if rec.wakes("A") == wakes => return None,
            Poll::Pending => {}
        }
    }
    let seen = "the request has been polled ten thousand times, and each poll asks for another";
    rec.fail("busy-wake", seen)
}

/// What an answer is waited for that has come to its last byte: the connection is ended, to find out.
///
/// Fails with `waits-for-the-close` or `lost-bytes`.
fn goes_on_reading(
    rec: &Recorder,
    script: &Script,
    task: &mut Task<impl Future<Output = Reply>>,
    expected: &Reply,
    what: &str,
) -> ! {
    script.ends();
    let reply = task.poll(&rec.waker("A"));
    let has_body = !matches!(expected, Reply::Answer(_, body) if body.is_empty());
    if has_body && reply == Poll::Ready(Reply::Error(ErrorKind::UnexpectedEof)) {
        let seen = format!("{what}, and the request misses bytes of it");
        rec.fail_reading(SECTION, "lost-bytes", seen);
    }
    let seen = format!("{what}, the connection stays open, and the request goes on reading");
    rec.fail("waits-for-the-close", seen);
}

/// The rule that a request waits, because `reason`.
///
/// Fails with `early-ready`.
fn waits(rec: &Recorder, poll: Poll<Reply>, reason: &str) {
    if let Poll::Ready(reply) = poll {
        let seen = format!("the request gives {reply:?} although {reason}");
        rec.fail_reading(SECTION, "early-ready", seen);
    }
}

#[test]
fn asks_and_gives_the_answer() {
    grade!(HTTP_CLIENT, lesson, |rec| {
        let mut scene = Scene::new(rec);
        let script = scene.script.clone();
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        let mut task = scene.task();
        for waker in [&a, &b] {
            waits(rec, task.poll(waker), NO_ANSWER);
            rec.must_be_quiet();
        }
        script.sends(HOWDY);
        rec.must_wake("B", "the answer has come");
        let expected = Reply::ok("howdy");
        match task.poll(&b) {
            Poll::Ready(reply) if reply == expected => {}
            Poll::Ready(reply) => {
                let seen = format!("the answer is {expected:?}, and the request gives {reply:?}");
                rec.fail_reading(SECTION, "wrong-value", seen);
            }
            Poll::Pending => {
                let what = "an answer with a body of five bytes has come, in one piece";
                goes_on_reading(rec, &script, &mut task, &expected, what);
            }
        }
        drop(task);
        scene.must_have_sent(ASKED);
        scene.must_be_open(
            true,
            "the answer was complete, and the server has not closed",
        );
    });
}

#[test]
fn sends_the_request_in_as_many_pieces_as_it_takes() {
    grade!(HTTP_CLIENT, |rec| {
        let mut scene = Scene::new(rec);
        let request = Request::post("/form").header("host", "localhost");
        scene.request = request
            .body(b"name=ann".to_vec())
            .expect("it is well-formed");
        let script = scene.script.clone();
        script.takes([Take::UpTo(3), Take::Pending, Take::UpTo(1), Take::Pending]);
        let a = rec.waker("A");
        let mut task = scene.task();
        for _ in 0..2 {
            waits(rec, task.poll(&a), NO_ANSWER);
            rec.must_be_quiet();
            script.wakes_writer("there is room again");
            if rec.wakes_since_note("A") == 0 {
                drop(task);
                scene.must_have_sent(
                    "POST /form HTTP/1.1\r\nhost: localhost\r\ncontent-length: 8\r\n\r\nname=ann",
                );
                let seen = "the connection has room again, and the request does not hear of it";
                rec.fail("lost-wakeup", seen);
            }
        }
        waits(rec, task.poll(&a), NO_ANSWER);
        drop(task);
        scene.must_have_sent(
            "POST /form HTTP/1.1\r\nhost: localhost\r\ncontent-length: 8\r\n\r\nname=ann",
        );
    });
}

#[test]
fn flushes_before_it_waits_for_the_answer() {
    grade!(HTTP_CLIENT, |rec| {
        let mut scene = Scene::new(rec);
        let script = scene.script.clone();
        script.flush_takes([Take::Pending]);
        let a = rec.waker("A");
        let mut task = scene.task();
        waits(rec, task.poll(&a), NO_ANSWER);
        rec.must_be_quiet();
        script.wakes_writer("what was written can go out");
        if rec.wakes_since_note("A") > 0 {
            waits(rec, task.poll(&a), NO_ANSWER);
        }
        drop(task);
        scene.must_have_sent(ASKED);
    });
}

#[test]
fn reads_an_answer_in_single_bytes() {
    grade!(HTTP_CLIENT, |rec| {
        let mut scene = Scene::new(rec);
        scene.script.brings_single_bytes(HOWDY);
        let what = "the answer has come, one byte a read";
        scene.must_come_to(&Reply::ok("howdy"), "one-read-one-message", what);
    });
}

#[test]
fn waits_wherever_the_answer_is_interrupted() {
    grade!(HTTP_CLIENT, |rec| {
        let head = HOWDY.len() - "howdy".len();
        // In a word of the head, in the middle of the empty line, behind it, in the body.
        for place in [3, head - 2, head, head + 2] {
            rec.note(format!("a new connection; a pause after {place} bytes"));
            let mut scene = Scene::new(rec);
            let script = scene.script.clone();
            let (first, rest) = HOWDY.split_at(place);
            script.brings([Read::Bytes(first.into()), Read::Pending]);
            let a = rec.waker("A");
            let mut task = scene.task();
            match task.poll(&a) {
                Poll::Pending => {}
                Poll::Ready(Reply::Error(kind)) => {
                    let seen = format!("{HALF}, and the request gives the error {kind:?}");
                    rec.fail("one-read-one-message", seen);
                }
                Poll::Ready(reply) => {
                    let seen = format!("{HALF}, and the request gives {reply:?}");
                    rec.fail("one-read-one-message", seen);
                }
            }
            rec.must_be_quiet();
            script.sends(rest);
            rec.must_wake("A", "the rest of the answer has come");
            let expected = Reply::ok("howdy");
            match task.poll(&a) {
                Poll::Ready(reply) if reply == expected => {}
                Poll::Ready(reply) => {
                    let seen =
                        format!("the answer is {expected:?}, and the request gives {reply:?}");
                    rec.fail_reading(SECTION, "lost-bytes", seen);
                }
                Poll::Pending => {
                    let what = "the rest of the answer has come";
                    goes_on_reading(rec, &script, &mut task, &expected, what);
                }
            }
        }
    });
}

#[test]
fn a_body_ends_where_its_head_says() {
    grade!(HTTP_CLIENT, |rec| {
        let empty = Reply::Answer(404, Vec::new());
        for (answer, expected, what) in [
            (HOWDY, Reply::ok("howdy"), "a body of five bytes has come"),
            (
                "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n",
                empty,
                "a head has come that announces no body",
            ),
            (
                "HTTP/1.1 204 No Content\r\n\r\n",
                Reply::Answer(204, Vec::new()),
                "an answer without a body has come (204)",
            ),
        ] {
            rec.note("a new connection");
            let mut scene = Scene::answered(rec, answer, None);
            scene.must_come_to(&expected, "wrong-value", what);
        }
    });
}

#[test]
fn the_answer_to_a_head_is_a_head() {
    grade!(HTTP_CLIENT, |rec| {
        let answer = "HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n";
        let mut scene = Scene::answered(rec, answer, None);
        *scene.request.method_mut() = Method::HEAD;
        let what = "the answer to a HEAD has come; it has no body";
        scene.must_come_to(&Reply::ok(""), "wrong-value", what);
        scene.must_be_open(
            true,
            "the answer was complete, and the server has not closed",
        );
    });
}

#[test]
fn puts_chunks_together() {
    grade!(HTTP_CLIENT, |rec| {
        const CHUNKED: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\
             3\r\nhow\r\n2\r\ndy\r\n0\r\n\r\n";
        let mut scene = Scene::answered(rec, CHUNKED, None);
        let what = "the last chunk of a body has come";
        scene.must_come_to(&Reply::ok("howdy"), "wrong-value", what);
        rec.note("the next answer comes in single bytes");
        scene.script.brings_single_bytes(CHUNKED);
        let what = "a body in chunks has come, one byte a read";
        scene.must_come_to(&Reply::ok("howdy"), "one-read-one-message", what);
        scene.must_be_open(
            true,
            "the answer was complete, and the server has not closed",
        );
    });
}

#[test]
fn a_body_without_a_length_ends_with_the_connection() {
    grade!(HTTP_CLIENT, |rec| {
        let mut scene = Scene::new(rec);
        let script = scene.script.clone();
        script.brings([
            Read::Bytes("HTTP/1.1 200 OK\r\n\r\nall".into()),
            Read::Bytes(" of".into()),
            Read::Pending,
        ]);
        let a = rec.waker("A");
        let mut task = scene.task();
        waits(
            rec,
            task.poll(&a),
            "the body has no length, and the connection goes on",
        );
        script.brings([Read::Bytes(" it".into())]);
        script.ends();
        rec.must_wake("A", "the connection has ended");
        let poll = task.poll(&a);
        drop(task);
        if poll != Poll::Ready(Reply::ok("all of it")) {
            let seen = format!("the body is \"all of it\", and the request gives {poll:?}");
            rec.fail_reading(SECTION, "wrong-value", seen);
        }
        scene.must_be_over("the answer has ended with its connection");
    });
}

#[test]
fn an_answer_that_is_cut_short_is_an_error() {
    grade!(HTTP_CLIENT, |rec| {
        for (cut, place) in [
            (
                "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhow",
                "after three of five bytes of the body",
            ),
            (
                "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n",
                "between head and body",
            ),
            (
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhow\r\n",
                "between two chunks",
            ),
            ("HTTP/1.1 200 OK\r\ncontent-len", "in the head"),
            ("", "before the answer"),
        ] {
            rec.note(format!("a new connection; it ends {place}"));
            let mut scene = Scene::new(rec);
            if !cut.is_empty() {
                scene.script.brings([Read::Bytes(cut.into())]);
            }
            scene.script.brings([Read::End]);
            let outcome = scene.outcome();
            match outcome {
                Some(Reply::Error(ErrorKind::UnexpectedEof)) => {}
                Some(Reply::Error(kind)) => {
                    let seen = format!(
                        "the connection has ended {place}, and the request gives the error {kind:?}, not `UnexpectedEof`"
                    );
                    rec.fail_reading(SECTION, "wrong-value", seen);
                }
                Some(reply) => {
                    let seen = format!(
                        "the connection has ended {place}, and the request gives {reply:?}, as if all were well"
                    );
                    rec.fail("cut-short", seen);
                }
                None => {
                    let seen = format!(
                        "the connection has ended {place}, and the request goes on waiting"
                    );
                    rec.fail("cut-short", seen);
                }
            }
            scene.must_be_over("the connection has ended");
        }
    });
}

#[test]
fn errors_of_the_connection_are_passed_on() {
    grade!(HTTP_CLIENT, |rec| {
        let reset = Reply::Error(ErrorKind::ConnectionReset);
        let mut scene = Scene::new(rec);
        (scene.script).takes([Take::Error(ErrorKind::ConnectionReset)]);
        let what = "the connection was broken off while the request was written";
        scene.must_come_to(&reset, "wrong-value", what);
        scene.must_be_over("the connection is broken");
        // The first has no length: who takes an error for an end takes this for a whole answer.
        for (came, code) in [
            ("HTTP/1.1 200 OK\r\n\r\nhow", "cut-short"),
            ("HTTP/1.1 200", "wrong-value"),
            (
                "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhow",
                "wrong-value",
            ),
        ] {
            rec.note("a new connection");
            let error = Read::Error(ErrorKind::ConnectionReset);
            let mut scene = Scene::answered(rec, came, Some(error));
            // Whoever reads on after that finds an end.
            scene.script.brings([Read::End]);
            let what = "the connection was broken off in the middle of the answer";
            scene.must_come_to(&reset, code, what);
            scene.must_be_open(false, "the connection is broken");
        }
    });
}

#[test]
fn nonsense_is_an_error() {
    grade!(HTTP_CLIENT, |rec| {
        for nonsense in [
            "howdy!\r\n\r\n",
            // The length of a chunk is a number.
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhow\r\nhowdy!\r\n",
        ] {
            rec.note("a new connection");
            let mut scene = Scene::answered(rec, nonsense, Some(Read::End));
            let what = "what has come is no HTTP";
            let refused = Reply::Error(ErrorKind::InvalidData);
            scene.must_come_to(&refused, "wrong-value", what);
            scene.must_be_open(false, "nobody knows what the server will say next");
        }
    });
}

#[test]
fn what_comes_before_the_answer_is_not_the_answer() {
    grade!(HTTP_CLIENT, |rec| {
        // Nobody says how many there may be. Some clients stop at five, so there are no more here.
        let notices = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n".to_owned()
            + &"HTTP/1.1 103 Early Hints\r\n\r\n".repeat(2)
            + "HTTP/1.1 199 Later Than This File\r\n\r\n";
        let answer = format!("{notices}{HOWDY}");
        let mut scene = Scene::answered(rec, &answer, None);
        let what = "\"100 Continue\", \"102 Processing\", \"103 Early Hints\" twice, a 199 and then the \
                    answer have come, in one read";
        scene.must_come_to(&Reply::ok("howdy"), "interim-answer", what);
        rec.note("the next answer comes in single bytes");
        scene.script.brings_single_bytes(&answer);
        let what = "\"100 Continue\", \"102 Processing\", \"103 Early Hints\" twice, a 199 and then the \
                    answer have come, one byte a read";
        scene.must_come_to(&Reply::ok("howdy"), "interim-answer", what);
    });
}

#[test]
fn the_next_request_takes_the_same_connection() {
    grade!(HTTP_CLIENT, |rec| {
        let mut scene = Scene::new(rec);
        for (round, word) in ["one", "two", "three"].into_iter().enumerate() {
            rec.note(format!("request {}", round + 1));
            scene.must_be_open(
                true,
                "all answers were complete, and the server has not closed",
            );
            let length = word.len();
            let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{word}");
            scene.script.brings([Read::Bytes(answer.into())]);
            let what = format!("the answer to this request has come, with the body {word:?}");
            scene.must_come_to(&Reply::ok(word), "wrong-value", &what);
            scene.must_have_sent(&ASKED.repeat(round + 1));
        }
        scene.must_be_open(
            true,
            "all answers were complete, and the server has not closed",
        );
    });
}

#[test]
fn an_answer_that_closes_is_the_last() {
    grade!(HTTP_CLIENT, |rec| {
        for (answer, why) in [
            (
                "HTTP/1.1 200 OK\r\nConnection: close\r\ncontent-length: 5\r\n\r\nhowdy",
                "the answer says `Connection: close`",
            ),
            (
                "HTTP/1.0 200 OK\r\ncontent-length: 5\r\n\r\nhowdy",
                "the answer is HTTP/1.0, which closes",
            ),
        ] {
            rec.note("a new connection");
            let mut scene = Scene::answered(rec, answer, None);
            let what = "a body of five bytes has come";
            scene.must_come_to(&Reply::ok("howdy"), "wrong-value", what);
            scene.must_be_over(why);
        }
        for kind in &kinds_of_answers() {
            rec.note(format!("a new connection: {}", kind.what));
            let mut scene = Scene::answered(rec, &kind.answer("connection: close\r\n"), None);
            *scene.request.method_mut() = kind.method.clone();
            let what = format!("{} has come", kind.what);
            scene.must_come_to(&kind.reply, "wrong-value", &what);
            scene.must_be_over("the answer says `connection: close`");
        }
        rec.note("a new connection");
        let answer = "HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 5\r\n\r\nhowdy";
        let mut scene = Scene::answered(rec, answer, None);
        scene.must_come_to(
            &Reply::ok("howdy"),
            "wrong-value",
            "a body of five bytes has come",
        );
        scene.must_be_open(true, "the answer says `connection: keep-alive`");
    });
}

/// One kind of answer that ends before its connection does.
struct Kind {
    what: &'static str,
    method: Method,
    /// Up to the end of its head, and from there on.
    parts: (&'static str, &'static str),
    reply: Reply,
}

impl Kind {
    /// The answer, with these lines more in its head.
    fn answer(&self, lines: &str) -> String {
        let (head, body) = self.parts;
        format!("{head}{lines}\r\n{body}")
    }
}

fn kinds_of_answers() -> [Kind; 4] {
    let kind = |what, method, parts, reply| Kind {
        what,
        method,
        parts,
        reply,
    };
    let length = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n";
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n";
    let chunks = "3\r\nhow\r\n2\r\ndy\r\n0\r\n\r\n";
    [
        kind(
            "a body of five bytes",
            Method::GET,
            (length, "howdy"),
            Reply::ok("howdy"),
        ),
        kind(
            "a body in chunks",
            Method::GET,
            (chunked, chunks),
            Reply::ok("howdy"),
        ),
        kind(
            "an answer without a body (204)",
            Method::GET,
            ("HTTP/1.1 204 No Content\r\n", ""),
            Reply::Answer(204, Vec::new()),
        ),
        kind(
            "the answer to a HEAD",
            Method::HEAD,
            (length, ""),
            Reply::ok(""),
        ),
    ]
}

#[test]
fn what_nobody_has_asked_for_is_no_answer() {
    grade!(HTTP_CLIENT, |rec| {
        for kind in &kinds_of_answers() {
            rec.note(format!("a new connection: {}", kind.what));
            let answer = kind.answer("");
            let unasked = format!("{answer}HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\nunasked");
            let mut scene = Scene::answered(rec, &unasked, None);
            *scene.request.method_mut() = kind.method.clone();
            let what = format!("{} has come, and more behind it", kind.what);
            scene.must_come_to(&kind.reply, "wrong-value", &what);
            // Who reads no further than the answer has not seen it yet: then it is the next request's.
            if scene.script.unread() == 0 {
                scene.must_be_over("bytes have come that nobody has asked for");
            }
        }
    });
}

#[test]
fn a_request_that_was_dropped_leaves_no_answer_to_the_next() {
    grade!(HTTP_CLIENT, |rec| {
        for (came, place) in [
            ("", "before its answer"),
            ("HTTP/1.1 200", "in the head of its answer"),
            (
                "HTTP/1.1 100 Continue\r\n\r\n",
                "when its answer was announced",
            ),
            (
                "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n",
                "between head and body",
            ),
            (
                "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhow",
                "in the body of its answer",
            ),
            (
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
                "before the first chunk",
            ),
            (
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nho",
                "in a chunk",
            ),
            (
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhow\r\n",
                "between two chunks",
            ),
            (
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhow\r\n0\r\n",
                "behind the last chunk, before the empty line",
            ),
            (
                "HTTP/1.1 200 OK\r\n\r\n",
                "before a body that has no length",
            ),
            ("HTTP/1.1 200 OK\r\n\r\nall", "in a body that has no length"),
        ] {
            rec.note("a new connection");
            let mut scene = Scene::new(rec);
            let script = scene.script.clone();
            let a = rec.waker("A");
            let mut task = scene.task();
            waits(rec, task.poll(&a), NO_ANSWER);
            if !came.is_empty() {
                script.sends(came);
                waits(rec, task.poll(&a), HALF);
            }
            rec.note(format!("the request is dropped, {place}"));
            drop(task);
            scene.must_be_over("a request was dropped, and its answer is still on its way");
        }
        rec.note("a new connection");
        let mut scene = Scene::new(rec);
        rec.note("the request is dropped, half-written");
        scene.script.takes([Take::UpTo(3), Take::Pending]);
        let a = rec.waker("A");
        waits(rec, scene.task().poll(&a), NO_ANSWER);
        scene.must_be_over("a request was dropped when a part of it was written");
        rec.note("a new connection");
        let mut scene = Scene::new(rec);
        rec.note("the request is dropped, written and not flushed");
        scene.script.flush_takes([Take::Pending]);
        waits(rec, scene.task().poll(&a), NO_ANSWER);
        scene.must_be_over("a request was dropped when it was written, and not flushed");
    });
}
