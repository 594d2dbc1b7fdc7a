//! The grader of `sink`: messages into a writer that takes them as it likes.

// What this grader uses of what the stage's graders share.
#[allow(dead_code, unreachable_pub)]
mod support {
    pub mod rules;
    pub mod script;
    pub mod waking;
}

use std::{
    io::{self, ErrorKind},
    pin::Pin,
    task::{Context, Poll, Waker},
};

use async_await::{FramedRead, FramedWrite, LinesCodec, next};
use course::{Exercise, RecordedWaker, Recorder, grade, grade_race, memory};
use futures::{Sink, SinkExt, io::AsyncWrite};
use reactor::{Runtime, TcpListener, TcpStream};
use support::{
    rules::{pending, ready},
    script::{Calls, Script, Stream, Take},
    waking,
};

const SINK: Exercise = course::exercise!("sink", stage = "05-async-await", feature = "my-sink");

/// Where the chapter explains it.
const SECTION: &str = "ready-then-send";

/// Why a poll has to be Pending.
const WAITS: &str = "the writer is not ready";

/// What a sink may hold back, beside one message.
const MOST_HELD_BACK: usize = 8 * 1024;

/// A sink may wake itself to go on, as long as it gets on: so often.
const MOST_TURNS: usize = 1_000;

type Outcome = Result<(), ErrorKind>;
type Lines = FramedWrite<Stream, LinesCodec>;

/// What a sink can be asked to wait for.
#[derive(Clone, Copy, Debug)]
enum Wait {
    Ready,
    Flush,
    Close,
}

use Wait::{Close, Flush, Ready};

impl Wait {
    fn name(self) -> &'static str {
        match self {
            Ready => "poll_ready",
            Flush => "poll_flush",
            Close => "poll_close",
        }
    }

    fn poll(self, sink: Pin<&mut Lines>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Ready => Sink::<&str>::poll_ready(sink, cx),
            Flush => Sink::<&str>::poll_flush(sink, cx),
            Close => Sink::<&str>::poll_close(sink, cx),
        }
    }
}

/// A sink in front of a writer that does as the grader says.
struct Scene {
    recorder: Recorder,
    script: Script,
    sink: Lines,
    /// The lines that were sent, with their ends.
    sent: String,
    /// What the writer had been asked for before the latest poll.
    before: Calls,
}

impl Scene {
    fn set(recorder: &Recorder) -> Self {
        let script = Script::new(recorder);
        let sink = FramedWrite::new(script.stream(), LinesCodec::new(1_000_000));
        if script.calls() != Default::default() {
            recorder.fail_reading(
                SECTION,
                "eager",
                "the sink was made, and has asked its writer before anybody has polled it",
            );
        }
        Scene {
            recorder: recorder.clone(),
            script,
            sink,
            sent: String::new(),
            before: Calls::default(),
        }
    }

    /// One poll. If it is Pending, it has to have arranged a wake, and not more than that.
    ///
    /// Fails with `lost-wakeup` or `busy-wake`.
    fn poll(&mut self, wait: Wait, waker: &RecordedWaker) -> Poll<Outcome> {
        let rec = self.recorder.clone();
        let (wakes, calls) = (rec.wakes(waker.name()), self.script.calls());
        self.before = calls;
        let sink = Pin::new(&mut self.sink);
        let outcome = rec.poll_named(
            wait.name(),
            waker.name(),
            || wait.poll(sink, &mut Context::from_waker(waker.as_waker())),
            |outcome| match outcome {
                Poll::Ready(Ok(())) => Some("Ok".into()),
                Poll::Ready(Err(error)) => Some(format!("error {:?}", error.kind())),
                Poll::Pending => None,
            },
        );
        let outcome = outcome.map_err(|error| error.kind());
        if outcome.is_ready() {
            return outcome;
        }
        let woken = rec.wakes(waker.name()) > wakes;
        let asked = self.script.calls() != calls;
        let arranged = asked && self.script.told_writer_to_wait();
        if arranged && woken {
            rec.fail_reading(
                SECTION,
                "busy-wake",
                "the writer will wake when it is ready; the task was woken all the same",
            );
        }
        if !arranged && !woken {
            let seen = match asked {
                true => "the writer has done what it was asked for: it has promised no wake",
                false => "the writer was not even asked, and does not know this waker",
            };
            rec.fail_reading(
                SECTION,
                "lost-wakeup",
                format!(
                    "{} answered Pending, and nobody will wake the task: {seen}",
                    wait.name()
                ),
            );
        }
        outcome
    }

    /// The rule of how much is held back.
    ///
    /// Fails with `wrong-value`.
    fn must_count(&self) {
        let (sent, written) = (self.sent.len(), self.script.written().len());
        let buffered = self.sink.buffered();
        // Who has written too much is told so elsewhere.
        if written <= sent && buffered != sent - written {
            self.recorder.fail_reading(
                SECTION,
                "wrong-value",
                format!("{sent} bytes were sent, {written} of them are written, and `buffered` says {buffered}"),
            );
        }
    }

    /// The outcome, or Pending because of the writer: polled again only as often as the task was woken.
    ///
    /// Fails with `never-ready`, and as [`poll`](Self::poll).
    fn outcome(&mut self, wait: Wait, waker: &RecordedWaker) -> Poll<Outcome> {
        for _ in 0..MOST_TURNS {
            let outcome = self.poll(wait, waker);
            if outcome.is_ready() || self.script.told_writer_to_wait() {
                return outcome;
            }
        }
        self.recorder.fail(
            "never-ready",
            format!("the task was woken and polled {MOST_TURNS} times, and nothing has come of it"),
        );
    }

    fn must_wait(&mut self, wait: Wait, waker: &RecordedWaker) {
        let outcome = self.outcome(wait, waker);
        if outcome == Poll::Ready(Ok(())) {
            self.must_be_so(wait);
        }
        if let Poll::Ready(Err(kind)) = outcome {
            self.must_be_no_error(wait, kind);
        }
        pending(&self.recorder, outcome, WAITS);
    }

    /// Has to be done now, and in full.
    fn must_be_done(&mut self, wait: Wait, waker: &RecordedWaker) {
        let outcome = self.outcome(wait, waker);
        let outcome = ready(&self.recorder, outcome, "the writer is ready");
        if let Err(kind) = outcome {
            self.must_be_no_error(wait, kind);
        }
        self.must_be_so(wait);
    }

    fn must_be_no_error(&self, wait: Wait, kind: ErrorKind) -> ! {
        self.recorder.fail_reading(
            SECTION,
            "wrong-value",
            format!(
                "{} answered with an error ({kind:?}), and the writer had none",
                wait.name()
            ),
        )
    }

    /// The rule that what was said to be done is done.
    ///
    /// Fails with `lost-bytes`, `not-flushed` or `wrong-close`.
    fn must_be_so(&self, wait: Wait) {
        match wait {
            Ready => {}
            Flush => {
                self.must_be_written("poll_flush said that everything is flushed");
                self.must_be_flushed();
            }
            Close => {
                self.must_be_written("poll_close said that all is done");
                if !self.script.is_closed() {
                    self.recorder.fail_reading(
                        SECTION,
                        "wrong-close",
                        "poll_close said that all is done, and the writer is open",
                    );
                }
            }
        }
    }

    /// The rule that all that was sent is written, once, and in order.
    ///
    /// Fails with `lost-bytes`.
    fn must_be_written(&self, why: &str) {
        let written = self.script.written();
        if written != self.sent.as_bytes() {
            let [sent, written] = [self.sent.as_bytes(), &written].map(shown);
            self.recorder.fail_reading(
                SECTION,
                "lost-bytes",
                format!("{why}; what was sent is {sent}, and what was written is {written}"),
            );
        }
    }

    /// The rule that the writer was flushed after the last write.
    ///
    /// Fails with `not-flushed`.
    fn must_be_flushed(&self) {
        if self.script.flushed().len() < self.script.written().len() {
            let (before, now) = (self.before, self.script.calls());
            let why = if now.flushes == 0 {
                "the writer was never asked to flush"
            } else if now.flushes > before.flushes {
                "the writer was asked to flush in this poll, and has not done it yet"
            } else if now == before {
                "this last poll has asked the writer for nothing: that its own buffer is empty does not mean that an \
                 earlier flush is done"
            } else {
                "this last poll has not asked the writer to flush: an earlier flush is not done"
            };
            self.recorder.fail_reading(
                SECTION,
                "not-flushed",
                format!("poll_flush said that everything is flushed, and {why}"),
            );
        }
    }

    /// Waits for room, of which there is enough, and sends a line.
    fn sends(&mut self, line: &str, waker: &RecordedWaker) {
        self.must_be_done(Ready, waker);
        self.starts(line);
    }

    fn starts(&mut self, line: &str) {
        if let Err(kind) = self.starts_with(line) {
            self.recorder.fail_reading(
                SECTION,
                "wrong-value",
                format!("start_send answered with an error ({kind:?}), after poll_ready had said that there is room"),
            );
        }
        self.sent.push_str(line);
        self.sent.push('\n');
    }

    fn starts_with(&mut self, line: &str) -> Outcome {
        let calls = self.script.calls();
        let outcome = Pin::new(&mut self.sink).start_send(line);
        let outcome = outcome.map_err(|error| error.kind());
        let line = shown(line.as_bytes());
        self.recorder.note(format!("start_send({line})"));
        if self.script.calls() != calls {
            let seen = "start_send has asked the writer, and only queues: it has no waker that the writer could keep";
            self.recorder.fail("sends-in-start", seen);
        }
        outcome
    }

    /// The writer is ready: whoever waits with `waker` is woken.
    fn writer_is_ready(&self, waker: &str) {
        self.script.wakes_writer("the writer is ready");
        let wakers = (waker, &["A", "B"][..]);
        let woke = self.script.woke_writer();
        waking::must_wake(&self.recorder, SECTION, wakers, woke, WRITER);
    }
}

const WRITER: &str = "the writer became ready";

/// A text, or how long it is.
fn shown(bytes: &[u8]) -> String {
    match bytes.len() {
        0..=40 => format!("{:?}", String::from_utf8_lossy(bytes)),
        length => format!("{length} bytes"),
    }
}

#[test]
fn a_flush_writes_what_was_sent() {
    grade!(SINK, |rec| {
        let (mut scene, a) = (Scene::set(rec), rec.waker("A"));
        scene.sends("one", &a);
        scene.must_be_done(Flush, &a);
        scene.sends("two", &a);
        scene.sends("three", &a);
        scene.must_be_done(Flush, &a);
        scene.must_be_done(Flush, &a);
    });
}

#[test]
fn a_flush_waits_for_the_writer() {
    grade!(SINK, lesson, |rec| {
        let (mut scene, a, b) = (Scene::set(rec), rec.waker("A"), rec.waker("B"));
        scene.sends("howdy", &a);
        scene.script.takes([Take::Pending, Take::Pending]);
        scene.must_wait(Flush, &a);
        scene.must_wait(Flush, &b);
        scene.script.flush_takes([Take::Pending]);
        scene.writer_is_ready("B");
        scene.must_wait(Flush, &b);
        scene.writer_is_ready("B");
        scene.must_be_done(Flush, &b);
    });
}

#[test]
fn short_writes_lose_nothing() {
    grade!(SINK, |rec| {
        let (mut scene, a) = (Scene::set(rec), rec.waker("A"));
        scene.sends("howdy", &a);
        scene
            .script
            .takes([Take::UpTo(2), Take::UpTo(1), Take::Pending]);
        scene.must_wait(Flush, &a);
        // Given up and come back to: what was written is written.
        scene.sends("done", &a);
        scene.script.takes([Take::UpTo(4)]);
        scene.must_be_done(Flush, &a);
    });
}

#[test]
fn what_was_written_is_flushed_also_if_nothing_is_left_to_write() {
    grade!(SINK, |rec| {
        let (mut scene, a) = (Scene::set(rec), rec.waker("A"));
        scene.sends("howdy", &a);
        scene.script.flush_takes([Take::Pending, Take::Pending]);
        scene.must_wait(Flush, &a);
        scene.writer_is_ready("A");
        scene.must_wait(Flush, &a);
        scene.writer_is_ready("A");
        scene.must_be_done(Flush, &a);
    });
}

#[test]
fn a_close_writes_what_was_sent_and_closes_the_writer() {
    grade!(SINK, |rec| {
        let (mut scene, a) = (Scene::set(rec), rec.waker("A"));
        scene.sends("one", &a);
        scene.sends("two", &a);
        scene.must_be_done(Close, &a);
        let (mut scene, a) = (Scene::set(rec), rec.waker("A"));
        scene.must_be_done(Close, &a);
    });
}

#[test]
fn a_close_waits_for_the_writer() {
    grade!(SINK, |rec| {
        let (mut scene, a, b) = (Scene::set(rec), rec.waker("A"), rec.waker("B"));
        scene.sends("howdy", &a);
        scene.script.takes([Take::UpTo(3), Take::Pending]);
        scene.must_wait(Close, &a);
        scene.script.close_takes([Take::Pending, Take::Pending]);
        scene.writer_is_ready("A");
        scene.must_wait(Close, &a);
        scene.must_wait(Close, &b);
        scene.writer_is_ready("B");
        scene.must_be_done(Close, &b);
    });
}

#[test]
fn a_close_may_be_repeated() {
    grade!(SINK, |rec| {
        let (mut scene, a) = (Scene::set(rec), rec.waker("A"));
        scene.sends("howdy", &a);
        scene.script.close_takes([Take::Pending]);
        scene.must_wait(Close, &a);
        scene.writer_is_ready("A");
        for _ in 0..3 {
            scene.must_be_done(Close, &a);
        }
    });
}

#[test]
fn has_no_room_while_the_writer_takes_nothing() {
    grade_race!(SINK, |rec| {
        let (mut scene, a, b) = (Scene::set(rec), rec.waker("A"), rec.waker("B"));
        let line = "x".repeat(999);
        scene.script.has_room_for(0);
        fill(&mut scene, &line, &a);
        if scene.sent.is_empty() {
            rec.fail_reading(
                SECTION,
                "never-ready",
                "the sink was empty, and had no room for a message",
            );
        }
        scene.must_wait(Ready, &b);
        rec.note("the writer has room again");
        scene.script.has_room_for(usize::MAX);
        scene.writer_is_ready("B");
        scene.sends("the last", &b);
        scene.must_be_done(Flush, &b);
        // And the same once more, where some room comes now and then.
        scene.script.has_room_for(2_500);
        fill(&mut scene, &line, &a);
        scene.script.has_room_for(usize::MAX);
        scene.writer_is_ready("A");
        scene.must_be_done(Close, &a);
    });
}

/// Sends until there is no room.
///
/// Fails with `no-back-pressure`, and with `wrong-value` if `buffered` is wrong meanwhile.
fn fill(scene: &mut Scene, line: &str, waker: &RecordedWaker) {
    let begin = scene.sent.len() - scene.script.written().len();
    loop {
        match scene.outcome(Ready, waker) {
            Poll::Ready(Ok(())) => {
                scene.starts(line);
                scene.must_count();
            }
            Poll::Ready(Err(_)) => scene.must_be_done(Ready, waker),
            Poll::Pending => return,
        }
        let held_back = scene.sent.len() - scene.script.written().len() - begin;
        if held_back > MOST_HELD_BACK + line.len() + 1 {
            scene.recorder.fail_reading(
                SECTION,
                "no-back-pressure",
                format!("the writer takes nothing, {held_back} bytes lie in the sink, and it says that there is room"),
            );
        }
    }
}

#[test]
fn room_is_a_matter_of_bytes() {
    grade_race!(SINK, |rec| {
        for length in [10, 3_000, 20_000] {
            rec.note(format!("a new sink, and lines of {length} bytes"));
            let (mut scene, a) = (Scene::set(rec), rec.waker("A"));
            scene.script.has_room_for(0);
            fill(&mut scene, &"x".repeat(length - 1), &a);
            scene.script.has_room_for(usize::MAX);
            scene.writer_is_ready("A");
            scene.must_be_done(Flush, &a);
        }
    });
}

#[test]
fn what_was_written_to_make_room_is_flushed_too() {
    grade_race!(SINK, |rec| {
        let (mut scene, a) = (Scene::set(rec), rec.waker("A"));
        scene.script.has_room_for(0);
        fill(&mut scene, &"x".repeat(999), &a);
        scene.script.has_room_for(usize::MAX);
        scene.writer_is_ready("A");
        scene.must_be_done(Ready, &a);
        scene.must_be_done(Flush, &a);
    });
}

/// Takes what it is given, but for the last byte, and forgets it. Every other time it is not ready, and wakes at once.
#[derive(Default)]
struct Sieve {
    takes: bool,
}

impl AsyncWrite for Sieve {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.takes = !self.takes;
        if self.takes {
            // One byte alone it does take, at last.
            return Poll::Ready(Ok(buf.len().saturating_sub(1).max(1)));
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[test]
fn what_is_written_is_not_kept() {
    grade_race!(SINK, |rec| {
        const LINES: usize = 8_000;
        const LINE: usize = 1_000;
        /// A part of what goes through.
        const LITTLE: usize = 2 << 20;
        rec.note("the writer takes all but the last byte, again and again");
        let mut sink = FramedWrite::<_, _, str>::new(Sieve::default(), LinesCodec::new(1_000_000));
        let line = "x".repeat(LINE - 1);
        let before = memory::in_use();
        for sent in 0..LINES {
            let mut cx = Context::from_waker(Waker::noop());
            let mut turns = 0;
            while Pin::new(&mut sink).poll_ready(&mut cx).is_pending() {
                turns += 1;
                if turns > MOST_TURNS {
                    rec.fail(
                        "never-ready",
                        "the writer takes almost all that it is given, and there is no room",
                    );
                }
            }
            let sending = Pin::new(&mut sink).start_send(line.as_str());
            // The rest of a batch, while something is always left.
            let _ = Pin::new(&mut sink).poll_flush(&mut cx);
            let more = memory::in_use().saturating_sub(before);
            if sending.is_err() || more > LITTLE {
                let seen = format!(
                    "{} KiB have gone through the sink, {} bytes are held back, and {} KiB of memory are in use for them",
                    (sent * LINE) >> 10,
                    sink.buffered(),
                    more >> 10
                );
                rec.fail_reading(SECTION, "no-limit", seen);
            }
        }
    });
}

#[test]
fn has_room_as_long_as_the_writer_takes() {
    grade_race!(SINK, |rec| {
        let (mut scene, a) = (Scene::set(rec), rec.waker("A"));
        for _ in 0..30 {
            scene.sends(&"x".repeat(999), &a);
        }
        scene.script.takes([Take::Pending]);
        scene.must_wait_until_done(Close, &a);
    });
}

impl Scene {
    /// Done, or done when the writer is ready again.
    fn must_wait_until_done(&mut self, wait: Wait, waker: &RecordedWaker) {
        if self.outcome(wait, waker).is_pending() {
            self.writer_is_ready(waker.name());
        }
        self.must_be_done(wait, waker);
    }
}

#[test]
fn takes_a_message_of_any_length() {
    grade_race!(SINK, |rec| {
        let (mut scene, a) = (Scene::set(rec), rec.waker("A"));
        scene.script.has_room_for(1_000);
        scene.sends(&"x".repeat(100_000), &a);
        scene.must_wait(Flush, &a);
        scene.script.has_room_for(50_000);
        scene.writer_is_ready("A");
        scene.must_wait(Flush, &a);
        scene.script.has_room_for(usize::MAX);
        scene.writer_is_ready("A");
        scene.must_be_done(Flush, &a);
    });
}

#[test]
fn what_cannot_be_said_is_an_error_and_nothing_else() {
    grade!(SINK, |rec| {
        let (mut scene, a) = (Scene::set(rec), rec.waker("A"));
        scene.sends("one", &a);
        scene.must_be_done(Ready, &a);
        let outcome = scene.starts_with("a\nb");
        if outcome != Err(ErrorKind::InvalidInput) {
            rec.fail_reading(
                SECTION,
                "swallowed-error",
                format!("the encoder answers with an error (InvalidInput), and start_send with {outcome:?}"),
            );
        }
        scene.sends("two", &a);
        scene.must_be_done(Flush, &a);
    });
}

#[test]
fn errors_of_the_writer_reach_the_caller() {
    grade!(SINK, |rec| {
        let a = rec.waker("A");
        let gone = [Take::Error(ErrorKind::BrokenPipe)];
        for wait in [Flush, Close] {
            let mut scene = Scene::set(rec);
            scene.sends("howdy", &a);
            scene.script.takes([Take::UpTo(3)]);
            scene.script.takes(gone);
            scene.must_fail(wait, &a, ErrorKind::BrokenPipe);
        }
        let mut scene = Scene::set(rec);
        scene.sends("howdy", &a);
        scene.script.flush_takes(gone);
        scene.must_fail(Flush, &a, ErrorKind::BrokenPipe);
        let mut scene = Scene::set(rec);
        scene.script.close_takes(gone);
        scene.must_fail(Close, &a, ErrorKind::BrokenPipe);
    });
}

#[test]
fn errors_reach_the_caller_who_waits_for_room() {
    grade_race!(SINK, |rec| {
        let (mut scene, a) = (Scene::set(rec), rec.waker("A"));
        scene.script.has_room_for(0);
        fill(&mut scene, &"x".repeat(999), &a);
        scene
            .script
            .takes([Take::Error(ErrorKind::ConnectionReset)]);
        scene.writer_is_ready("A");
        scene.must_fail(Ready, &a, ErrorKind::ConnectionReset);
    });
}

#[test]
fn a_writer_that_takes_nothing_is_an_error() {
    grade!(SINK, |rec| {
        let a = rec.waker("A");
        for wait in [Flush, Close] {
            let mut scene = Scene::set(rec);
            scene.sends("howdy", &a);
            scene.script.takes([Take::UpTo(2)]);
            scene.script.takes([Take::UpTo(0); 200]);
            scene.must_fail(wait, &a, ErrorKind::WriteZero);
        }
    });
}

#[test]
fn a_writer_that_takes_nothing_makes_no_room() {
    grade_race!(SINK, |rec| {
        let (mut scene, a) = (Scene::set(rec), rec.waker("A"));
        scene.script.has_room_for(0);
        fill(&mut scene, &"x".repeat(999), &a);
        scene.script.has_room_for(usize::MAX);
        scene.script.takes([Take::UpTo(0); 200]);
        scene.writer_is_ready("A");
        scene.must_fail(Ready, &a, ErrorKind::WriteZero);
    });
}

impl Scene {
    /// The rule that an error of the writer is the answer.
    ///
    /// Fails with `swallowed-error`.
    fn must_fail(&mut self, wait: Wait, waker: &RecordedWaker, kind: ErrorKind) {
        let outcome = self.outcome(wait, waker);
        if outcome != Poll::Ready(Err(kind)) {
            self.recorder.fail_reading(
                SECTION,
                "swallowed-error",
                format!(
                    "the answer has to be the error {kind:?}, and {} has answered {outcome:?}",
                    wait.name()
                ),
            );
        }
    }
}

#[test]
fn carries_lines_over_a_real_connection() {
    grade_race!(SINK, |rec| {
        let mut runtime = Runtime::new().expect("there is a reactor");
        let count = runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0".parse().expect("an address"))
                .expect("there is a free port");
            let address = listener.local_addr().expect("it is bound");
            let writing = executor::spawn(async move {
                let stream = TcpStream::connect(address).await?;
                let mut lines = FramedWrite::<_, _, str>::new(stream, LinesCodec::new(1_000));
                let line = "x".repeat(999);
                for _ in 0..2_000 {
                    lines.feed(line.as_str()).await?;
                }
                lines.close().await?;
                lines.close().await
            });
            let (stream, _) = listener.accept().await.expect("somebody calls");
            let mut lines = FramedRead::new(stream, LinesCodec::new(1_000));
            let mut count = 0;
            while let Some(line) = next(&mut lines).await {
                assert_eq!(line.expect("a whole line").len(), 999);
                count += 1;
            }
            writing.await.expect("no panic").map(|()| count)
        });
        if !matches!(count, Ok(2_000)) {
            rec.fail_reading(
                SECTION,
                "lost-bytes",
                format!("2000 lines were sent over a connection, and what came of it is {count:?}"),
            );
        }
    });
}
