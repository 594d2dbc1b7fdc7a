//! The grader of `stream`: values that come one after the other, and what is left out on the way.

// What this grader uses of what the stage's graders share.
#[allow(dead_code, unreachable_pub)]
mod support {
    pub mod endless;
    pub mod rules;
    pub mod source;
    pub mod waking;
}

use std::{
    fmt::Debug,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

use async_await::{FramedRead, LinesCodec, filter, map, mpsc, next};
use course::{Exercise, RecordedWaker, Recorder, Task, grade, grade_race};
use executor::{Executor, Spawner};
use futures::Stream;
use support::{
    endless::Endless,
    rules::{lock, pending, ready},
    source::Source,
    waking,
};

const STREAM: Exercise =
    course::exercise!("stream", stage = "05-async-await", feature = "my-stream");

/// Where the chapter explains it.
const SECTION: &str = "values-one-after-the-other";

/// Why a poll has to be Pending.
const NOTHING: &str = "the source has nothing yet, and is not at its end";

/// More values than a poll may throw away before it is told that others wait.
const MANY: usize = 2_000;

/// What stands on a source, polled by hand.
struct Scene<S> {
    recorder: Recorder,
    source: Source<u32>,
    stream: S,
}

impl<S: Stream<Item: Debug> + Unpin> Scene<S> {
    /// One poll. If it is Pending, it has to have arranged a wake, and not more than that.
    ///
    /// Fails with `lost-wakeup`, `busy-wake` or `end-forgotten`.
    fn poll(&mut self, waker: &RecordedWaker) -> Poll<Option<S::Item>> {
        let rec = &self.recorder;
        let wakes = rec.wakes(waker.name());
        let (asked, stream) = (self.source.asked(), &mut self.stream);
        let answer = rec.poll(
            waker.name(),
            || Pin::new(stream).poll_next(&mut Context::from_waker(waker.as_waker())),
            describe,
        );
        if answer.is_ready() {
            return answer;
        }
        let woken = rec.wakes(waker.name()) > wakes;
        if self.source.waits() && woken {
            rec.fail_reading(
                SECTION,
                "busy-wake",
                "the source has nothing, and would wake when it has; the task was woken all the same",
            );
        }
        if self.source.has_ended() {
            rec.fail(
                "end-forgotten",
                "the source is at its end, and the answer is Pending instead of Ready(None)",
            );
        }
        if !self.source.waits() && !woken {
            let seen = match self.source.asked() - asked {
                0 => "the source was not even asked",
                _ => "the source has answered with a value: it has promised no wake",
            };
            rec.fail_reading(
                SECTION,
                "lost-wakeup",
                format!("the poll answered Pending, and nobody will wake the task: {seen}"),
            );
        }
        answer
    }

    /// The next answer: polled again only as often as the task was woken, because it has thrown something
    /// away and wants to go on.
    ///
    /// Fails with `never-ready`, and as [`poll`](Self::poll).
    fn answer(&mut self, waker: &RecordedWaker) -> Poll<Option<S::Item>> {
        for _ in 0..=MANY {
            let answer = self.poll(waker);
            if answer.is_ready() || self.source.waits() {
                return answer;
            }
        }
        self.recorder.fail(
            "never-ready",
            format!(
                "the task was woken and polled {MANY} times, and has not come to the next answer"
            ),
        );
    }

    /// Fails if the next answer is not this one.
    fn must_give(&mut self, waker: &RecordedWaker, expected: Option<S::Item>)
    where
        S::Item: PartialEq,
    {
        let answer = self.answer(waker);
        let Poll::Ready(output) = answer else {
            self.recorder.fail(
                "lost-item",
                format!(
                    "the source had what is wanted, it was taken out, and the answer is Pending \
                     instead of Ready({expected:?})"
                ),
            );
        };
        must_be(&self.recorder, output, expected);
    }

    /// The rule that whoever has to be woken was woken when the source had something to tell.
    fn must_wake(&self, waker: &str, event: &str) {
        must_wake(&self.recorder, &self.source, waker, event);
    }

    /// Fails if there is an answer already.
    fn must_wait(&mut self, waker: &RecordedWaker) {
        let answer = self.answer(waker);
        must_be_pending(&self.recorder, answer);
    }
}

/// Fails with `ends-too-early` or `early-ready` if there is an answer.
fn must_be_pending<T: Debug>(rec: &Recorder, answer: Poll<Option<T>>) {
    match answer {
        Poll::Ready(None) => rec.fail(
            "ends-too-early",
            format!("the answer is None, although {NOTHING}"),
        ),
        answer => pending(rec, answer, NOTHING),
    }
}

/// Polls `next` once: it has to give what the source has, and to have taken nothing besides.
fn next_must_give(
    rec: &Recorder,
    source: &Source<u32>,
    waker: &RecordedWaker,
    expected: Option<u32>,
) {
    let taken = source.taken();
    let mut stream = source.stream();
    let Poll::Ready(value) = Task::new(rec, next(&mut stream)).poll(waker) else {
        rec.fail(
            "lost-item",
            "the source had an answer, and `next` answered Pending: if it is dropped now, what it has taken is gone",
        );
    };
    must_have_taken(rec, source, taken + usize::from(expected.is_some()));
    must_be(rec, value, expected);
}

fn must_wake(rec: &Recorder, source: &Source<u32>, waker: &str, event: &str) {
    let wakers = (waker, &["A", "B"][..]);
    waking::must_wake(rec, SECTION, wakers, source.woke(), event);
}

fn describe<T: Debug>(answer: &Poll<Option<T>>) -> Option<String> {
    match answer {
        Poll::Ready(output) => Some(format!("{output:?}")),
        Poll::Pending => None,
    }
}

fn must_be<T: Debug + PartialEq>(rec: &Recorder, output: Option<T>, expected: Option<T>) {
    if output == expected {
        return;
    }
    let seen = format!("the answer has to be {expected:?}, and it was {output:?}");
    match (output, expected) {
        (None, Some(_)) => rec.fail("ends-too-early", seen),
        _ => rec.fail_reading(SECTION, "wrong-value", seen),
    }
}

/// What a closure was called with, in order.
#[derive(Clone, Default)]
struct Calls(Arc<Mutex<Vec<u32>>>);

impl Calls {
    fn note(&self, rec: &Recorder, value: u32) {
        rec.called(format!("closure({value})"));
        lock(&self.0).push(value);
    }

    /// Fails if the closure was not called with just these values, in this order.
    fn must_be(&self, rec: &Recorder, expected: &[u32]) {
        let calls = lock(&self.0).clone();
        if calls != expected {
            rec.fail(
                "closure-order",
                format!(
                    "the closure has to be called with {expected:?} by now, and was called with {calls:?}"
                ),
            );
        }
    }
}

/// `map` by ten, over `source`; the closure writes down what it is called with.
fn times_ten(
    rec: &Recorder,
    source: Source<u32>,
    calls: &Calls,
) -> Scene<impl Stream<Item = u32> + Unpin + use<>> {
    let (recorder, calls) = (rec.clone(), calls.clone());
    let stream = map(source.stream(), move |value| {
        calls.note(&recorder, value);
        value * 10
    });
    Scene {
        recorder: rec.clone(),
        source,
        stream,
    }
}

/// `filter` for even numbers, over `source`; the closure writes down what it is called with.
fn even(
    rec: &Recorder,
    source: Source<u32>,
    calls: &Calls,
) -> Scene<impl Stream<Item = u32> + Unpin + use<>> {
    let (recorder, calls) = (rec.clone(), calls.clone());
    let stream = filter(source.stream(), move |value: &u32| {
        calls.note(&recorder, *value);
        value.is_multiple_of(2)
    });
    Scene {
        recorder: rec.clone(),
        source,
        stream,
    }
}

fn source_with(rec: &Recorder, values: impl IntoIterator<Item = u32>) -> Source<u32> {
    let source = Source::new(rec);
    source.has(values);
    source
}

#[test]
fn next_gives_one_value_after_the_other() {
    grade!(STREAM, |rec| {
        let (source, a) = (source_with(rec, [1, 2]), rec.waker("A"));
        source.is_ending();
        for expected in [Some(1), Some(2), None] {
            next_must_give(rec, &source, &a, expected);
        }
    });
}

#[test]
fn next_waits_with_its_source() {
    grade!(STREAM, |rec| {
        let (source, a, b) = (Source::new(rec), rec.waker("A"), rec.waker("B"));
        let mut stream = source.stream();
        let mut task = Task::new(rec, next(&mut stream));
        must_be_pending(rec, task.poll(&a));
        must_be_pending(rec, task.poll(&b));
        rec.must_be_quiet();
        source.sends(1);
        must_wake(rec, &source, "B", "the source has something");
        let value = ready(rec, task.poll(&b), "the source has something");
        must_be(rec, value, Some(1));
    });
}

#[test]
fn next_takes_nothing_that_it_does_not_give() {
    grade!(STREAM, |rec| {
        let (source, a) = (source_with(rec, [1, 2, 3]), rec.waker("A"));
        let mut stream = source.stream();
        let never_polled = next(&mut stream);
        must_not_have_begun(rec, &source, "`next`");
        drop(never_polled);
        // Each is dropped after one poll, whatever it has said: what it has taken goes with it.
        for expected in [1, 2, 3] {
            next_must_give(rec, &source, &a, Some(expected));
        }
        let mut task = Task::new(rec, next(&mut stream));
        must_be_pending(rec, task.poll(&a));
        rec.note("`next` is dropped");
        drop(task);
        source.sends(4);
        next_must_give(rec, &source, &a, Some(4));
    });
}

fn must_not_have_begun(rec: &Recorder, source: &Source<u32>, what: &str) {
    if source.asked() > 0 {
        rec.fail_reading(
            SECTION,
            "eager",
            format!("{what} was made, and has asked its source before anybody has polled it"),
        );
    }
}

/// The rule that as many values were taken from the source as were wanted.
fn must_have_taken(rec: &Recorder, source: &Source<u32>, expected: usize) {
    let taken = source.taken();
    if taken > expected {
        rec.fail(
            "reads-ahead",
            format!("{taken} values were taken from the source, and {expected} are needed so far"),
        );
    }
}

#[test]
fn map_changes_one_value_after_the_other() {
    grade!(STREAM, |rec| {
        let (calls, a) = (Calls::default(), rec.waker("A"));
        let mut scene = times_ten(rec, source_with(rec, [1, 2, 3]), &calls);
        must_not_have_begun(rec, &scene.source, "`map`");
        calls.must_be(rec, &[]);
        scene.must_give(&a, Some(10));
        calls.must_be(rec, &[1]);
        scene.must_give(&a, Some(20));
        scene.must_give(&a, Some(30));
        calls.must_be(rec, &[1, 2, 3]);
    });
}

#[test]
fn map_waits_with_its_source() {
    grade!(STREAM, lesson, |rec| {
        let (calls, a, b) = (Calls::default(), rec.waker("A"), rec.waker("B"));
        let mut scene = times_ten(rec, Source::new(rec), &calls);
        scene.must_wait(&a);
        scene.must_wait(&b);
        scene.source.sends(1);
        scene.must_wake("B", "the source has something");
        scene.must_give(&b, Some(10));
        scene.must_wait(&a);
        scene.source.ends();
        scene.must_wake("A", "the source is at its end");
        scene.must_give(&a, None);
        scene.must_give(&a, None);
    });
}

#[test]
fn filter_gives_what_is_wanted() {
    grade!(STREAM, |rec| {
        let (calls, a) = (Calls::default(), rec.waker("A"));
        let mut scene = even(rec, source_with(rec, [2, 4, 6]), &calls);
        must_not_have_begun(rec, &scene.source, "`filter`");
        scene.must_give(&a, Some(2));
        scene.must_give(&a, Some(4));
        must_have_taken(rec, &scene.source, 2);
        calls.must_be(rec, &[2, 4]);
        scene.must_give(&a, Some(6));
        scene.must_wait(&a);
    });
}

#[test]
fn what_is_thrown_away_stalls_nothing() {
    grade!(STREAM, |rec| {
        let (calls, a) = (Calls::default(), rec.waker("A"));
        let mut scene = even(rec, source_with(rec, [1, 2, 3, 5, 7, 8]), &calls);
        scene.must_give(&a, Some(2));
        scene.must_give(&a, Some(8));
        calls.must_be(rec, &[1, 2, 3, 5, 7, 8]);
    });
}

#[test]
fn a_filter_waits_when_its_source_has_nothing_more() {
    grade!(STREAM, |rec| {
        let (calls, a, b) = (Calls::default(), rec.waker("A"), rec.waker("B"));
        let mut scene = even(rec, source_with(rec, [1]), &calls);
        scene.must_wait(&a);
        scene.must_wait(&b);
        scene.source.sends(3);
        scene.must_wake(
            "B",
            "the source has something, and only the closure knows whether it is wanted",
        );
        scene.must_wait(&b);
        scene.source.sends(4);
        scene.must_wake("B", "the source has something");
        scene.must_give(&b, Some(4));
        calls.must_be(rec, &[1, 3, 4]);
    });
}

#[test]
fn the_end_comes_after_what_is_thrown_away() {
    grade!(STREAM, |rec| {
        let (calls, a) = (Calls::default(), rec.waker("A"));
        let mut scene = even(rec, source_with(rec, [2, 3]), &calls);
        scene.source.is_ending();
        scene.must_give(&a, Some(2));
        scene.must_give(&a, None);
        let mut scene = even(rec, source_with(rec, [1]), &calls);
        scene.must_wait(&a);
        scene.source.ends();
        scene.must_wake("A", "the source is at its end");
        scene.must_give(&a, None);
    });
}

#[test]
fn the_end_stays_the_end() {
    grade!(STREAM, |rec| {
        let (calls, a) = (Calls::default(), rec.waker("A"));
        let mut mapped = times_ten(rec, source_with(rec, [1]), &calls);
        mapped.source.is_ending();
        mapped.must_give(&a, Some(10));
        let mut filtered = even(rec, source_with(rec, [3]), &calls);
        filtered.source.is_ending();
        for _ in 0..3 {
            mapped.must_stay_ended(&a);
            filtered.must_stay_ended(&a);
        }
    });
}

impl<S: Stream<Item = u32> + Unpin> Scene<S> {
    /// The end, whatever there was before.
    fn must_stay_ended(&mut self, waker: &RecordedWaker) {
        let asked = self.source.asked();
        let answer = self.recorder.poll(
            waker.name(),
            || {
                let stream = Pin::new(&mut self.stream);
                stream.poll_next(&mut Context::from_waker(waker.as_waker()))
            },
            describe,
        );
        // A filter may have had something to throw away, once.
        if answer.is_pending() && self.source.asked() > asked {
            return self.must_give(waker, None);
        }
        match answer {
            Poll::Ready(None) => {}
            answer => self.recorder.fail(
                "end-forgotten",
                format!(
                    "the source is at its end, and the answer is {answer:?} instead of Ready(None)"
                ),
            ),
        }
    }
}

#[test]
fn takes_from_the_source_what_is_asked_for_and_no_more() {
    grade!(STREAM, |rec| {
        let (calls, a) = (Calls::default(), rec.waker("A"));
        let mut scene = times_ten(rec, source_with(rec, 1..=20), &calls);
        scene.must_give(&a, Some(10));
        must_have_taken(rec, &scene.source, 1);
        let mut scene = even(rec, source_with(rec, 1..=20), &calls);
        scene.must_give(&a, Some(2));
        must_have_taken(rec, &scene.source, 2);
        scene.must_give(&a, Some(4));
        must_have_taken(rec, &scene.source, 4);
    });
}

#[test]
fn one_stands_on_the_other() {
    grade!(STREAM, |rec| {
        let (source, a, b) = (Source::new(rec), rec.waker("A"), rec.waker("B"));
        let large = filter(
            map(source.stream(), |value: u32| value * 10),
            |value: &u32| *value > 20,
        );
        let stream = map(large, |value| value.to_string());
        let mut scene = Scene {
            recorder: rec.clone(),
            source,
            stream,
        };
        scene.source.has([1, 2]);
        scene.must_wait(&a);
        scene.must_wait(&b);
        scene.source.sends(3);
        scene.must_wake("B", "the source has something");
        scene.must_give(&b, Some("30".to_owned()));
        scene.source.ends();
        scene.must_give(&b, None);
        scene.must_give(&b, None);
    });
}

#[test]
fn a_flood_that_nobody_wants_keeps_nobody_waiting() {
    grade_race!(STREAM, |rec| {
        let (calls, a) = (Calls::default(), rec.waker("A"));
        let mut scene = even(rec, source_with(rec, (0..MANY).map(|_| 1)), &calls);
        let poll = scene.poll(&a);
        pending(rec, poll, NOTHING);
        scene.must_wait(&a);
        scene.source.sends(2);
        scene.must_wake("A", "the source has something");
        scene.must_give(&a, Some(2));
    });
}

/// So much is thrown away between what is wanted: every little number, and around the numbers that somebody may
/// choose as the most of one poll. The last is a flood.
fn gaps() -> impl Iterator<Item = usize> {
    let around = [100, 128, 200, 256, 500, 512, 1_000, 1_024];
    let around = around.into_iter().flat_map(|most| most - 2..=most + 1);
    (0..=70).chain(around).chain([FLOOD])
}

/// More than any poll should throw away.
const FLOOD: usize = 20_000;

/// Counts how often it was woken: a flood of lines in the trace would help nobody.
#[derive(Default)]
struct Count(AtomicUsize);

impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// A filter over a source that always has something, polled as often as it has woken its task.
///
/// Fails with `lost-wakeup`, and with `never-ready` if many polls in a row have asked for nothing.
fn next_wanted(
    rec: &Recorder,
    stream: &mut (impl Stream<Item = usize> + Unpin),
    taken: &AtomicUsize,
) -> Option<usize> {
    let count = Arc::new(Count::default());
    let waker = Waker::from(count.clone());
    let mut idle = 0;
    loop {
        let (wakes, before) = (count.0.load(Ordering::SeqCst), taken.load(Ordering::SeqCst));
        let answer = Pin::new(&mut *stream).poll_next(&mut Context::from_waker(&waker));
        let so_far = taken.load(Ordering::SeqCst) - before;
        if let Poll::Ready(value) = answer {
            if so_far > FLOOD {
                rec.advise(
                    "hogs-the-thread",
                    format!("one poll has thrown away {FLOOD} values, and came to its end only because the next was wanted"),
                );
            }
            return value;
        }
        if count.0.load(Ordering::SeqCst) == wakes {
            rec.fail_reading(
                SECTION,
                "lost-wakeup",
                format!(
                    "the poll threw away {so_far} values and answered Pending, and nobody will wake the task: the source \
                     has answered with a value each time, and has promised no wake"
                ),
            );
        }
        idle = if so_far == 0 { idle + 1 } else { 0 };
        if idle > 10 {
            rec.fail(
                "never-ready",
                "the source always has something; ten polls in a row have woken the task, and have not asked the source",
            );
        }
    }
}

#[test]
fn what_is_wanted_comes_however_much_is_thrown_away_before_it() {
    grade_race!(STREAM, |rec| {
        let taken = Arc::new(AtomicUsize::new(0));
        let counter = taken.clone();
        let source = Endless::new(move |number| counter.store(number, Ordering::SeqCst));
        // The next number that is wanted, and how many come before it.
        let (wanted, wants) = (Arc::new(Mutex::new((0, 0))), rec.clone());
        let now = wanted.clone();
        let mut stream = filter(source, move |number: &usize| {
            let (now, gap) = *lock(&now);
            if *number > now {
                wants.fail(
                    "lost-item",
                    format!(
                        "{gap} values that nobody wants, and then one that is wanted: it was taken from the source and not \
                         given, and the filter goes on"
                    ),
                );
            }
            *number == now
        });
        rec.note("the source always has something, and what is wanted comes more and more rarely");
        for gap in gaps() {
            let number = taken.load(Ordering::SeqCst) + gap + 1;
            *lock(&wanted) = (number, gap);
            let value = next_wanted(rec, &mut stream, &taken);
            must_be(rec, value, Some(number));
        }
    });
}

#[test]
fn says_truly_how_many_values_come() {
    grade_race!(STREAM, |rec| {
        rec.note("the source knows how many values it still has, and says so");
        hints_must_be_true(rec, "map", map(Numbers(6), |number| number * 10));
        hints_must_be_true(rec, "filter", filter(Numbers(6), |_| true));
        hints_must_be_true(rec, "filter", filter(Numbers(6), |_| false));
        let even = filter(Numbers(6), |number: &usize| number.is_multiple_of(2));
        hints_must_be_true(rec, "filter", even);
    });
}

/// So many numbers, counted down to one.
struct Numbers(usize);

impl Stream for Numbers {
    type Item = usize;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<usize>> {
        let number = self.0;
        self.0 = number.saturating_sub(1);
        Poll::Ready((number > 0).then_some(number))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.0, Some(self.0))
    }
}

/// The rule that `size_hint`, whose default is never wrong, has the truth between its bounds at any time.
///
/// Fails with `false-hint`, `lost-wakeup` and `never-ready`.
fn hints_must_be_true(rec: &Recorder, name: &str, mut stream: impl Stream<Item = usize> + Unpin) {
    let count = Arc::new(Count::default());
    let waker = Waker::from(count.clone());
    let (mut given, mut hints) = (0, Vec::new());
    for polls in 0.. {
        hints.push((given, stream.size_hint()));
        let wakes = count.0.load(Ordering::SeqCst);
        match Pin::new(&mut stream).poll_next(&mut Context::from_waker(&waker)) {
            Poll::Ready(Some(_)) => given += 1,
            Poll::Ready(None) => break,
            Poll::Pending if count.0.load(Ordering::SeqCst) == wakes => rec.fail_reading(
                SECTION,
                "lost-wakeup",
                format!("the source of the `{name}` has answered with a value each time, and a poll was Pending"),
            ),
            Poll::Pending if polls > 100 => rec.fail(
                "never-ready",
                format!("the `{name}` was woken and polled {polls} times, and has not come to its end"),
            ),
            Poll::Pending => {}
        }
    }
    hints.push((given, stream.size_hint()));
    for (so_far, (least, most)) in hints {
        let come = given - so_far;
        if least > come || most.is_some_and(|most| most < come) {
            rec.fail(
                "false-hint",
                format!(
                    "when it had given {so_far}, the `size_hint` of the `{name}` was ({least}, {most:?}), and {come} more have come"
                ),
            );
        }
    }
}

#[test]
fn carries_channels_and_lines() {
    grade_race!(STREAM, |rec| {
        let (runs, spawner) = executor::new_executor_and_spawner();
        let (sender, receiver) = mpsc::channel::<u32>(1);
        let sending = async move {
            for number in 0..10 {
                sender.send(number).await.expect("the receiver is there");
            }
        };
        let mut squares = map(
            filter(receiver, |number: &u32| number.is_multiple_of(3)),
            |number| number * number,
        );
        let receiving = async move {
            let mut all = Vec::new();
            while let Some(square) = next(&mut squares).await {
                all.push(square);
            }
            all
        };
        drop(spawner.spawn(sending));
        let all = run(rec, (runs, spawner), receiving);
        if all != [0, 9, 36, 81] {
            rec.fail_reading(
                SECTION,
                "wrong-value",
                format!(
                    "the squares of 0, 3, 6 and 9 have to come over the channel, and it was {all:?}"
                ),
            );
        }
        let lines = FramedRead::new(&b"a\n#b\nc"[..], LinesCodec::new(80));
        let mut text = filter(
            map(lines, |line: std::io::Result<String>| {
                line.expect("there are only good lines")
            }),
            |line: &String| !line.starts_with('#'),
        );
        let reading = async move {
            let mut all = Vec::new();
            while let Some(line) = next(&mut text).await {
                all.push(line);
            }
            all
        };
        let all = run(rec, executor::new_executor_and_spawner(), reading);
        if all != ["a", "c"] {
            rec.fail_reading(
                SECTION,
                "wrong-value",
                format!("the lines without `#` are a and c, and it was {all:?}"),
            );
        }
    });
}

/// Runs tasks as often as they are woken, until nobody is ready: nobody wakes from outside.
fn run<T: Debug + Send + 'static>(
    rec: &Recorder,
    (mut executor, spawner): (Executor, Spawner),
    future: impl Future<Output = T> + Send + 'static,
) -> T {
    let handle = spawner.spawn(future);
    while executor.has_ready() {
        executor.turn(100);
    }
    let result = Task::new(rec, handle).poll(&rec.waker("A"));
    ready(rec, result, "every task has run as often as it was woken")
        .expect("no task panics, and none is cancelled")
}
