//! The grader of `framed_read`: a wait for a frame that is given up wherever that hurts.

#[cfg_attr(feature = "my-framed-read", path = "../exercises/framed_read.rs")]
#[cfg_attr(
    not(feature = "my-framed-read"),
    path = "../../tests/solutions/05-async-await/framed_read/reference.rs"
)]
// Written as a module of a crate of its own: here nobody outside can see what it exports.
#[allow(dead_code, unreachable_pub)]
mod framed_read;
// What this grader uses of what the stage's graders share.
#[allow(dead_code, unreachable_pub)]
mod support {
    pub mod rules;
    pub mod script;
    pub mod waking;
}

use std::{
    io,
    io::ErrorKind,
    sync::{Mutex, PoisonError},
    task::Poll,
};

use async_await::mpsc;
use course::{Exercise, RecordedWaker, Recorder, Task, grade, grade_race, memory};
use executor::{
    Executor,
    context::{self, Current, Handle},
};
use framed_read::{Event, Frames, LONGEST, next_event};
use futures::io::AsyncWriteExt;
use reactor::{Runtime, TcpListener, TcpStream};
use support::{
    rules::pending,
    script::{Read, Script, Stream},
    waking,
};

const FRAMED_READ: Exercise = course::exercise!(
    "framed_read",
    stage = "05-async-await",
    feature = "my-framed-read"
);

/// Where the chapter explains how frames are found, and what becomes of a future that is dropped.
const FRAMES: &str = "bytes-become-messages";
const DROPPED: &str = "dropped-in-the-middle";

/// A wait may be woken without anything to give: so often.
const MOST_TURNS: usize = 200;

/// Why a poll has to be Pending.
const NOTHING: &str = "there is neither a whole frame nor an order";

/// What a wait came to.
#[derive(Clone, PartialEq, Eq)]
enum Came {
    Frame(Vec<u8>),
    Order(String),
    End,
    Error(ErrorKind),
}

impl Came {
    fn frame(text: &str) -> Self {
        Came::Frame(text.into())
    }

    fn order(text: &str) -> Self {
        Came::Order(text.into())
    }
}

impl From<io::Result<Event>> for Came {
    fn from(event: io::Result<Event>) -> Self {
        match event {
            Ok(Event::Frame(frame)) => Came::Frame(frame),
            Ok(Event::Order(order)) => Came::Order(order),
            Ok(Event::End) => Came::End,
            Err(error) => Came::Error(error.kind()),
        }
    }
}

impl From<io::Result<Option<Vec<u8>>>> for Came {
    fn from(frame: io::Result<Option<Vec<u8>>>) -> Self {
        frame
            .map(|frame| frame.map_or(Event::End, Event::Frame))
            .into()
    }
}

impl std::fmt::Debug for Came {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Came::Frame(frame) if frame.len() > 40 => write!(f, "a frame of {} bytes", frame.len()),
            Came::Frame(frame) => write!(f, "the frame {:?}", String::from_utf8_lossy(frame)),
            Came::Order(order) => write!(f, "the order {order:?}"),
            Came::End => f.write_str("the end"),
            Came::Error(kind) => write!(f, "error {kind:?}"),
        }
    }
}

/// A frame as it comes over the connection.
fn framed(text: &str) -> Vec<u8> {
    let length = u32::try_from(text.len()).expect("a short text");
    let mut bytes = length.to_be_bytes().to_vec();
    bytes.extend_from_slice(text.as_bytes());
    bytes
}

/// A connection whose other side is the grader, and so is its own.
struct Scene {
    recorder: Recorder,
    script: Script,
    frames: Frames<Stream>,
    orders: mpsc::Receiver<String>,
    /// Until no more orders can come.
    commander: Option<mpsc::Sender<String>>,
    /// Whether a wait has been given up: what goes wrong from then on has a name of its own.
    given_up: bool,
    /// For designs that spawn tasks.
    executor: Executor,
    _current: Current,
}

impl Scene {
    fn set(recorder: &Recorder) -> Self {
        let (executor, spawner) = executor::new_executor_and_spawner();
        let _current = context::set(Handle::Spawner(spawner));
        let script = Script::new(recorder);
        let (commander, orders) = mpsc::channel(10);
        Scene {
            recorder: recorder.clone(),
            frames: Frames::new(script.stream()),
            script,
            orders,
            commander: Some(commander),
            given_up: false,
            executor,
            _current,
        }
    }

    /// Bytes come, and whoever waits for them is woken.
    fn arrives(&mut self, bytes: &[u8], what: &str) {
        if !bytes.is_empty() {
            self.script.brings([Read::Bytes(bytes.into())]);
        }
        self.script.wakes_reader(&format!("{what} arrives"));
        settle(&self.recorder, &mut self.executor);
    }

    fn commands(&mut self, order: &str) {
        self.recorder.note(format!("the order {order:?} is given"));
        let commander = self.commander.as_ref().expect("orders can be given");
        (commander.try_send(order.into())).expect("there are few orders");
        settle(&self.recorder, &mut self.executor);
    }

    /// Waits for an event, and drops the wait where nothing has come: `then` happens in between.
    fn waits(
        &mut self,
        waker: &RecordedWaker,
        then: impl FnOnce(&Script, &Option<mpsc::Sender<String>>),
    ) -> Poll<Came> {
        let Scene {
            recorder,
            script,
            frames,
            orders,
            commander,
            executor,
            ..
        } = self;
        let event = async { Came::from(next_event(frames, orders).await) };
        let mut wait = Wait {
            recorder,
            script,
            executor,
            task: Task::new(recorder, event),
        };
        let came = wait.goes_on(waker);
        if came.is_ready() {
            return came;
        }
        then(script, commander);
        let came = wait.goes_on(waker);
        drop(wait);
        // The wait for a frame had begun, and is gone.
        self.given_up |= matches!(came, Poll::Ready(Came::Order(_)));
        came
    }

    /// Waits for an event, which has to be this one.
    fn must_give(&mut self, waker: &RecordedWaker, expected: &Came) {
        let came = self.waits(waker, |_, _| ());
        self.must_be(came, expected);
    }

    /// Waits for an event, of which there is none, and gives that up.
    fn gives_up(&mut self, waker: &RecordedWaker) {
        let came = self.waits(waker, |_, _| ());
        pending(&self.recorder, came, NOTHING);
        self.recorder.note("the wait is given up");
        self.given_up = true;
    }

    /// The same with `next_frame` alone.
    fn gives_up_next_frame(&mut self, waker: &RecordedWaker) {
        let frame = async { Came::from(self.frames.next_frame().await) };
        let mut wait = Wait {
            recorder: &self.recorder,
            script: &self.script,
            executor: &mut self.executor,
            task: Task::new(&self.recorder, frame),
        };
        let came = wait.goes_on(waker);
        drop(wait);
        pending(&self.recorder, came, NOTHING);
        self.recorder.note("the wait is given up");
        self.given_up = true;
    }

    /// Fails with `cancel-unsafe` if something else came after a wait was given up, and otherwise with
    /// what went wrong.
    fn must_be(&self, came: Poll<Came>, expected: &Came) {
        let rec = &self.recorder;
        if came == Poll::Ready(expected.clone()) {
            return;
        }
        let seen = match came {
            Poll::Pending => format!("{expected:?} has to come by now, and the answer is Pending"),
            Poll::Ready(came) => format!("{expected:?} has to come, and it was {came:?}"),
        };
        if let Came::Order(_) = expected {
            rec.fail_reading(FRAMES, "lost-item", seen);
        }
        if self.given_up {
            rec.fail(
                "cancel-unsafe",
                format!("a wait was given up before, and now: {seen}"),
            );
        }
        rec.fail_reading(FRAMES, "lost-bytes", seen);
    }
}

/// One wait, and what runs beside it.
struct Wait<'a, F> {
    recorder: &'a Recorder,
    script: &'a Script,
    executor: &'a mut Executor,
    task: Task<F>,
}

impl<F: Future<Output = Came>> Wait<'_, F> {
    /// Polls as long as the task is woken: a design may wake itself, or have a task read for it.
    ///
    /// Fails with `busy-wake` if that leads nowhere, and with `lost-wakeup` if nobody will ever wake.
    fn goes_on(&mut self, waker: &RecordedWaker) -> Poll<Came> {
        for _ in 0..MOST_TURNS {
            let wakes = self.recorder.wakes(waker.name());
            let came = self.task.poll(waker);
            settle(self.recorder, self.executor);
            if came.is_ready() {
                return came;
            }
            if self.recorder.wakes(waker.name()) == wakes {
                if !self.script.told_reader_to_wait() {
                    self.recorder.fail_reading(
                        FRAMES,
                        "lost-wakeup",
                        "the answer is Pending, and the reader has promised no wake: it was not asked, or it has \
                         given something",
                    );
                }
                return Poll::Pending;
            }
        }
        self.recorder.fail_reading(
            FRAMES,
            "busy-wake",
            format!("the task was woken and polled {MOST_TURNS} times, and nothing had come"),
        );
    }
}

/// Lets the tasks that were spawned run, as often as they are woken.
fn settle(rec: &Recorder, executor: &mut Executor) {
    for _ in 0..MOST_TURNS {
        if !executor.has_ready() {
            return;
        }
        executor.turn(100);
    }
    rec.fail_reading(
        FRAMES,
        "busy-wake",
        "a task wakes itself again and again, and nothing has come",
    );
}

/// The rule that `waker` is woken by the reader.
fn reader_must_wake(rec: &Recorder, script: &Script, waker: &str) {
    let wakers = (waker, &["A", "B"][..]);
    waking::must_wake(
        rec,
        FRAMES,
        wakers,
        script.woke_reader(),
        "the reader had more",
    );
}

#[test]
fn frames_come_whole() {
    grade!(FRAMED_READ, |rec| {
        let (mut scene, a) = (Scene::set(rec), rec.waker("A"));
        let both = [framed("one"), framed("two")].concat();
        scene.arrives(&both, "the frames \"one\" and \"two\"");
        for text in ["one", "two"] {
            scene.must_give(&a, &Came::frame(text));
        }
        scene.arrives(&framed(""), "an empty frame");
        scene.must_give(&a, &Came::frame(""));
        scene.script.brings_single_bytes(framed("three"));
        scene.arrives(b"", "\"three\", in single bytes,");
        let came = scene.waits(&a, |_, _| ());
        if came != Poll::Ready(Came::frame("three")) {
            rec.fail(
                "one-read-one-message",
                format!("the frame \"three\" has come in single bytes, and the answer is {came:?}"),
            );
        }
        scene.script.brings([Read::End]);
        scene.arrives(b"", "the end");
        scene.must_give(&a, &Came::End);
    });
}

#[test]
fn waits_for_the_rest_of_a_frame() {
    grade!(FRAMED_READ, |rec| {
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        let Scene {
            script,
            mut frames,
            mut executor,
            _current,
            ..
        } = Scene::set(rec);
        let frame = async { Came::from(frames.next_frame().await) };
        let mut wait = Wait {
            recorder: rec,
            script: &script,
            executor: &mut executor,
            task: Task::new(rec, frame),
        };
        pending(rec, wait.goes_on(&a), NOTHING);
        let bytes = framed("howdy");
        for (piece, waker) in [(0..2, &b), (2..4, &a), (4..7, &b)] {
            script.brings([Read::Bytes(bytes[piece].into())]);
            script.wakes_reader("a part of the frame \"howdy\" arrives");
            settle(rec, wait.executor);
            pending(rec, wait.goes_on(waker), NOTHING);
            pending(rec, wait.goes_on(waker), NOTHING);
        }
        script.brings([Read::Bytes(bytes[7..].into())]);
        script.wakes_reader("the rest of the frame \"howdy\" arrives");
        settle(rec, wait.executor);
        reader_must_wake(rec, &script, "B");
        let came = wait.goes_on(&b);
        if came != Poll::Ready(Came::frame("howdy")) {
            rec.fail(
                "one-read-one-message",
                format!("the frame \"howdy\" has come in pieces, and the answer is {came:?}"),
            );
        }
    });
}

#[test]
fn an_order_is_heard_while_a_frame_is_awaited() {
    grade!(FRAMED_READ, |rec| {
        let (mut scene, a) = (Scene::set(rec), rec.waker("A"));
        let came = scene.waits(&a, |_, commander| {
            rec.note("the order \"ping\" is given");
            let commander = commander.as_ref().expect("orders can be given");
            commander.try_send("ping".into()).expect("there is room");
            if rec.wakes_since_note("A") == 0 {
                rec.fail_reading(
                    FRAMES,
                    "not-concurrent",
                    "an order was given while no frame had come, and nobody was woken",
                );
            }
        });
        scene.must_be(came, &Came::order("ping"));
        let came = scene.waits(&a, |script, _| {
            script.brings([Read::Bytes(framed("pong"))]);
            script.wakes_reader("the frame \"pong\" arrives");
        });
        scene.must_be(came, &Came::frame("pong"));
    });
}

#[test]
fn an_order_that_was_received_is_given() {
    grade_race!(FRAMED_READ, |rec| {
        let (mut scene, a) = (Scene::set(rec), rec.waker("A"));
        scene.commands("ping");
        // One poll, and then the wait is dropped, whatever it has said.
        let event = async { Came::from(next_event(&mut scene.frames, &mut scene.orders).await) };
        let came = Task::new(rec, event).poll(&a);
        if came.is_pending() {
            rec.note("the wait is given up");
            settle(rec, &mut scene.executor);
            let came = scene.waits(&a, |_, _| ());
            scene.must_be(came, &Came::order("ping"));
        } else {
            scene.must_be(came, &Came::order("ping"));
        }
        // The same for a frame, which some designs have read by a task of theirs.
        scene.arrives(&framed("pong"), "the frame \"pong\"");
        let frame = async { Came::from(scene.frames.next_frame().await) };
        let came = Task::new(rec, frame).poll(&a);
        if came.is_pending() {
            rec.note("the wait is given up");
            scene.given_up = true;
            settle(rec, &mut scene.executor);
            scene.must_give(&a, &Came::frame("pong"));
        } else {
            scene.must_be(came, &Came::frame("pong"));
        }
    });
}

#[test]
fn half_a_frame_survives_an_order() {
    grade!(FRAMED_READ, lesson, |rec| {
        let (mut scene, a) = (Scene::set(rec), rec.waker("A"));
        let bytes = framed("howdy");
        scene.arrives(&bytes[..6], "half of the frame \"howdy\"");
        let came = scene.waits(&a, |_, commander| {
            rec.note("the order \"ping\" is given");
            let commander = commander.as_ref().expect("orders can be given");
            commander.try_send("ping".into()).expect("there is room");
        });
        scene.must_be(came, &Came::order("ping"));
        scene.arrives(&bytes[6..], "the other half");
        scene.must_give(&a, &Came::frame("howdy"));
        scene.arrives(&framed("done"), "the frame \"done\"");
        scene.must_give(&a, &Came::frame("done"));
    });
}

#[test]
fn a_frame_survives_wherever_it_is_cut() {
    grade_race!(FRAMED_READ, |rec| {
        let bytes = framed("howdy");
        for cut in 1..bytes.len() {
            rec.note(format!(
                "a new connection; the wait is given up after {cut} bytes"
            ));
            let (mut scene, a) = (Scene::set(rec), rec.waker("A"));
            scene.arrives(&bytes[..cut], "the beginning of the frame \"howdy\"");
            if cut % 2 == 0 {
                scene.gives_up(&a);
            } else {
                scene.gives_up_next_frame(&a);
            }
            scene.arrives(&bytes[cut..], "the rest");
            scene.arrives(&framed("done"), "the frame \"done\"");
            scene.must_give(&a, &Came::frame("howdy"));
            scene.must_give(&a, &Came::frame("done"));
        }
    });
}

#[test]
fn a_wait_may_be_given_up_after_each_byte() {
    grade_race!(FRAMED_READ, |rec| {
        let (mut scene, a) = (Scene::set(rec), rec.waker("A"));
        for text in ["one", "", "three"] {
            let bytes = framed(text);
            let (last, before) = bytes.split_last().expect("there is a head");
            for byte in before {
                scene.arrives(&[*byte], "a byte");
                scene.gives_up(&a);
                scene.gives_up_next_frame(&a);
            }
            scene.arrives(&[*last], "the last byte");
            scene.must_give(&a, &Came::frame(text));
        }
    });
}

#[test]
fn what_came_with_the_frame_before_is_not_lost() {
    grade_race!(FRAMED_READ, |rec| {
        let (mut scene, a) = (Scene::set(rec), rec.waker("A"));
        let bytes = [framed("one"), framed("two"), framed("three")].concat();
        scene.arrives(
            &bytes[..16],
            "one frame, another one, and a piece of a third",
        );
        scene.must_give(&a, &Came::frame("one"));
        scene.commands("ping");
        let (mut frames, mut orders) = (vec!["two"], vec!["ping"]);
        for _ in 0..2 {
            let came = scene.waits(&a, |_, _| ());
            take(rec, came, &mut frames, &mut orders);
        }
        scene.gives_up(&a);
        scene.arrives(&bytes[16..], "the rest");
        scene.must_give(&a, &Came::frame("three"));
    });
}

#[test]
fn what_comes_at_the_same_time_comes_one_after_the_other() {
    grade_race!(FRAMED_READ, |rec| {
        let a = rec.waker("A");
        for in_the_middle in [false, true] {
            let mut scene = Scene::set(rec);
            let (mut frames, mut orders) = (vec!["one", "two", "three"], vec!["ping", "pong"]);
            if in_the_middle {
                scene.gives_up(&a);
            }
            let bytes: Vec<u8> = frames.iter().flat_map(|text| framed(text)).collect();
            scene.arrives(&bytes, "three frames at once");
            for order in &orders {
                scene.commands(order);
            }
            for _ in 0..5 {
                let came = scene.waits(&a, |_, _| ());
                take(rec, came, &mut frames, &mut orders);
            }
        }
    });
}

/// What has come is the next frame, or the next order.
///
/// Fails with `lost-item`.
fn take(rec: &Recorder, came: Poll<Came>, frames: &mut Vec<&str>, orders: &mut Vec<&str>) {
    let is_frame = |text: &&str| came == Poll::Ready(Came::frame(text));
    let is_order = |text: &&str| came == Poll::Ready(Came::order(text));
    if frames.first().is_some_and(is_frame) {
        frames.remove(0);
    } else if orders.first().is_some_and(is_order) {
        orders.remove(0);
    } else {
        let frame = frames.first().map(|text| format!("the frame {text:?}"));
        let order = orders.first().map(|text| format!("the order {text:?}"));
        let next: Vec<_> = frame.into_iter().chain(order).collect();
        rec.fail_reading(
            DROPPED,
            "lost-item",
            format!(
                "frames and orders were there at the same time; now {} has to come, and the answer is {came:?}",
                next.join(" or ")
            ),
        );
    }
}

#[test]
fn frames_go_on_when_no_more_orders_can_come() {
    grade_race!(FRAMED_READ, |rec| {
        let (mut scene, a) = (Scene::set(rec), rec.waker("A"));
        scene.commander = None;
        rec.note("no more orders can come");
        let came = scene.waits(&a, |_, _| ());
        if came == Poll::Ready(Came::End) {
            rec.fail_reading(
                FRAMES,
                "ends-too-early",
                "the answer is the end, and only the orders are at their end",
            );
        }
        pending(rec, came, NOTHING);
        scene.arrives(&framed("howdy"), "the frame \"howdy\"");
        scene.must_give(&a, &Came::frame("howdy"));
    });
}

#[test]
fn the_end_is_the_end_only_between_two_frames() {
    grade_race!(FRAMED_READ, |rec| {
        let a = rec.waker("A");
        let bytes = framed("howdy");
        for (length, given_up) in [(2, false), (4, false), (6, false), (3, true), (7, true)] {
            let mut scene = Scene::set(rec);
            scene.arrives(&bytes[..length], "a part of the frame \"howdy\"");
            if given_up {
                scene.gives_up(&a);
            }
            scene.script.brings([Read::End]);
            scene.arrives(b"", "the end");
            let came = scene.waits(&a, |_, _| ());
            if came != Poll::Ready(Came::Error(ErrorKind::UnexpectedEof)) {
                rec.fail_reading(
                    FRAMES,
                    "cut-short",
                    format!(
                        "the connection has ended after {length} bytes of a frame of 9, and the answer is {came:?} \
                         instead of the error UnexpectedEof"
                    ),
                );
            }
        }
        let mut scene = Scene::set(rec);
        scene.arrives(&bytes, "the frame \"howdy\"");
        scene.must_give(&a, &Came::frame("howdy"));
        scene.script.brings([Read::End]);
        scene.arrives(b"", "the end");
        scene.must_give(&a, &Came::End);
    });
}

#[test]
fn errors_of_the_reader_are_passed_on() {
    grade_race!(FRAMED_READ, |rec| {
        let (mut scene, a) = (Scene::set(rec), rec.waker("A"));
        scene.arrives(&framed("howdy")[..6], "half of the frame \"howdy\"");
        scene.gives_up(&a);
        scene.script.fails(ErrorKind::ConnectionReset);
        settle(rec, &mut scene.executor);
        let came = scene.waits(&a, |_, _| ());
        if came != Poll::Ready(Came::Error(ErrorKind::ConnectionReset)) {
            rec.fail_reading(
                FRAMES,
                "swallowed-error",
                format!("the reader has failed (ConnectionReset), and the answer is {came:?}"),
            );
        }
    });
}

/// A length that cannot be, and that there would be memory for.
const FIFTEEN_MIB: u32 = 15 << 20;

/// What a reader may have more at the end of a test: other tests of the process take some, too.
const SLACK: usize = 4 << 20;

/// Held by whoever looks at the memory of the process.
static MEMORY: Mutex<()> = Mutex::new(());

/// So much that there is no room for fifteen MiB beside it, where memory is limited as it is for grading.
const BALLAST: usize = 52 << 20;

#[test]
fn a_length_that_cannot_be_is_an_error() {
    grade_race!(FRAMED_READ, |rec| {
        let _alone = MEMORY.lock().unwrap_or_else(PoisonError::into_inner);
        let a = rec.waker("A");
        let mut scene = Scene::set(rec);
        let longest = "x".repeat(LONGEST);
        scene.arrives(&framed(&longest), "the longest frame that may be");
        let came = scene.waits(&a, |_, _| ());
        if let Poll::Ready(Came::Error(kind)) = came {
            rec.fail_reading(
                FRAMES,
                "wrong-value",
                format!(
                    "a frame of {LONGEST} bytes has come, the longest that may be, and the answer is error {kind:?}"
                ),
            );
        }
        scene.must_be(came, &Came::frame(&longest));
        let too_long = u32::try_from(LONGEST + 1).expect("it fits");
        for length in [too_long, FIFTEEN_MIB, u32::MAX] {
            refuses(rec, &a, length);
        }
    });
}

#[test]
fn no_memory_is_taken_for_a_length_that_cannot_be() {
    grade_race!(FRAMED_READ, |rec| {
        let _alone = MEMORY.lock().unwrap_or_else(PoisonError::into_inner);
        let a = rec.waker("A");
        refuses(rec, &a, FIFTEEN_MIB);
        // What is taken and given back in one poll shows only where there is not enough.
        rec.note(
            "now so much memory is in use that whoever takes fifteen MiB before looking at the length is stopped \
             (item 5)",
        );
        let _ballast = Vec::<u8>::with_capacity(BALLAST);
        refuses(rec, &a, FIFTEEN_MIB);
    });
}

/// The rule that a frame of this length is an error, and that nothing is kept ready for it.
///
/// Fails with `no-limit` or `wrong-value`.
fn refuses(rec: &Recorder, a: &RecordedWaker, length: u32) {
    let mut scene = Scene::set(rec);
    let before = memory::in_use();
    let head = length.to_be_bytes();
    scene.arrives(&head[..2], "the first half of a head");
    scene.gives_up(a);
    scene.arrives(
        &head[2..],
        &format!("the rest, a length of {length} (item 5: no memory may be taken for that),"),
    );
    let came = scene.waits(a, |_, _| ());
    let taken = memory::in_use().saturating_sub(before);
    if taken > SLACK {
        rec.fail_reading(
            FRAMES,
            "no-limit",
            format!(
                "a frame of {length} bytes is announced, longer than may be, and {} MiB of memory were taken for it \
                 all the same (item 5)",
                taken >> 20
            ),
        );
    }
    if came != Poll::Ready(Came::Error(ErrorKind::InvalidData)) {
        rec.fail_reading(
            FRAMES,
            "wrong-value",
            format!(
                "a frame of {length} bytes is announced, and the answer is {came:?} instead of the error InvalidData"
            ),
        );
    }
}

#[test]
fn a_real_connection_stays_in_step() {
    grade_race!(FRAMED_READ, |rec| {
        const ROUNDS: usize = 100;
        let mut runtime = Runtime::new().expect("there is a reactor");
        let (frames, orders) = runtime.block_on(async {
            let address = "127.0.0.1:0".parse().expect("an address");
            let listener = TcpListener::bind(address).expect("there is a free port");
            let address = listener.local_addr().expect("it is bound");
            let (commander, mut orders) = mpsc::channel(1);
            let talking = async move {
                let mut stream = TcpStream::connect(address).await?;
                let bytes = framed("howdy");
                for round in 0..ROUNDS {
                    let (begin, rest) = bytes.split_at(1 + round % 8);
                    stream.write_all(begin).await?;
                    stream.flush().await?;
                    // Some time in the middle of the frame, as far as two tasks have a middle.
                    let order = format!("order {round}");
                    commander.send(order).await.map_err(io::Error::other)?;
                    executor::yield_now().await;
                    stream.write_all(rest).await?;
                    stream.flush().await?;
                }
                stream.close().await
            };
            let talking = executor::spawn(talking);
            let (stream, _) = listener.accept().await.expect("somebody calls");
            let (mut came_frames, mut came_orders) = (0, 0);
            let mut frames = Frames::new(stream);
            while (came_frames, came_orders) != (ROUNDS, ROUNDS) {
                match next_event(&mut frames, &mut orders).await {
                    Ok(Event::Frame(frame)) if frame == b"howdy" => came_frames += 1,
                    Ok(Event::Order(_)) => came_orders += 1,
                    _ => break,
                }
            }
            drop(talking);
            (came_frames, came_orders)
        });
        if (frames, orders) != (ROUNDS, ROUNDS) {
            rec.fail_reading(
                DROPPED,
                "cancel-unsafe",
                format!(
                    "{ROUNDS} frames and as many orders were sent over a connection; {frames} and {orders} have come \
                     before it was out of step"
                ),
            );
        }
    });
}
