//! The grader of `graceful_shutdown`: who is let in, who is served to the end, and who is counted.

// What this grader uses of what the stage's graders share.
#[allow(dead_code, unreachable_pub)]
mod support {
    pub mod awake;
    pub mod door;
    pub mod household;
    pub mod incoming;
    pub mod script;
    pub mod timed_household;
    pub mod visitor;
    pub mod waking;
}

use std::{
    fmt::Debug,
    io::ErrorKind,
    panic,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    task::{Poll, Waker},
    time::Duration,
};

use async_await::{Shutdown, connection, oneshot, serve_connections};
use course::{Child, Exercise, Race, RecordedWaker, Recorder, Task, grade, grade_race, memory};
use http::{Request, Response};
use support::{
    awake::must_stay_awake,
    door::{Passed, Porter, door},
    script::{Script, Stream},
    timed_household::TimedHousehold,
    visitor::{Host, Stage, Visitor, visitor},
    waking,
};

const GRACEFUL_SHUTDOWN: Exercise = course::exercise!(
    "graceful_shutdown",
    stage = "05-async-await",
    feature = "my-graceful-shutdown"
);

/// Where the chapter speaks of this exercise.
const SECTION: &str = "an-orderly-end";

/// How long connections have. Nobody waits for it: the clock is the grader's.
const GRACE: Duration = Duration::from_secs(10);

/// Nothing that waits for the end of the grace may be over by then.
const ALMOST: Duration = GRACE.saturating_sub(Duration::from_nanos(1));

/// So long may a server pause after an error of `incoming`.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Who pauses after an error asks less often than this in a second.
const MOST_ASKS: usize = 300;

/// Completes "… although".
const NOT_YET: &str = "it is not over";
const BEGUN: &str = "it is over";
const SOMEBODY: &str = "somebody is inside";
const NOBODY: &str = "nobody is inside any more";

/// What `begun` gives, to be polled by hand.
fn begun(rec: &Recorder, shutdown: &Shutdown) -> Task<impl Future<Output = ()> + use<>> {
    let shutdown = shutdown.clone();
    Task::named(rec, "begun", async move { shutdown.begun().await })
}

/// What `drained` gives, to be polled by hand.
fn drained(rec: &Recorder, shutdown: &Shutdown) -> Task<impl Future<Output = usize> + use<>> {
    let shutdown = shutdown.clone();
    Task::named(rec, "drained", async move { shutdown.drained(GRACE).await })
}

fn begin(rec: &Recorder, shutdown: &Shutdown) {
    rec.note("it begins");
    shutdown.begin();
}

/// The rule that a future waits, because `reason`. Fails with `early-ready`.
fn waits<T: Debug>(rec: &Recorder, poll: Poll<T>, reason: &str) {
    if let Poll::Ready(output) = poll {
        let seen = format!("the future answered Ready({output:?}) although {reason}");
        rec.fail_reading(SECTION, "early-ready", seen);
    }
}

/// The rule that a future is ready with this, because of `event`. Fails with `never-ready` or
/// `wrong-value`.
fn gives<T: Debug + PartialEq>(rec: &Recorder, poll: Poll<T>, expected: &T, event: &str) {
    match poll {
        Poll::Ready(output) if output == *expected => {}
        Poll::Ready(output) => {
            let seen = format!("{event}, which makes {expected:?}, and the future gave {output:?}");
            rec.fail_reading(SECTION, "wrong-value", seen);
        }
        Poll::Pending => {
            let seen = format!("the future answered Pending although {event}");
            rec.fail_reading(SECTION, "never-ready", seen);
        }
    }
}

/// The rule that an event wakes the task that waits, and not the time that passes.
///
/// Fails with `looks-now-and-then`, and as [`waking::must_wake`].
fn must_wake(rec: &Recorder, house: &TimedHousehold, names: (&str, &[&str]), event: &str) {
    let (waker, others) = names;
    let nobody = [waker]
        .iter()
        .chain(others)
        .all(|name| rec.wakes_since_note(name) == 0);
    if nobody && house.timers() > 0 {
        house.passes(ALMOST, "almost all of the grace passes");
        if rec.wakes_since_note(waker) > 0 {
            let seen = format!(
                "{event}, and the task is not woken for it: it wakes when some time has passed, and looks again"
            );
            rec.fail("looks-now-and-then", seen);
        }
    }
    waking::must_wake(rec, SECTION, names, false, event);
}

/// The rule that so many are inside, because of `why`. Fails with `miscounted`.
fn must_be_inside(rec: &Recorder, shutdown: &Shutdown, count: usize, why: &str) {
    let inside = shutdown.inside();
    if inside != count {
        let seen = format!("{why}, and `inside` is {inside}, not {count}");
        rec.fail("miscounted", seen);
    }
}

/// The rule that nobody has a clone of this waker any more. Fails with `keeps-task-alive`.
fn must_be_gone(rec: &Recorder, waker: &RecordedWaker, what: &str) {
    if waker.clones_alive() > 0 {
        let seen =
            format!("{what} was dropped, and its waker is still there, and with it the task");
        rec.fail("keeps-task-alive", seen);
    }
}

#[test]
fn says_to_all_that_it_is_over() {
    grade!(GRACEFUL_SHUTDOWN, |rec| {
        let shutdown = Shutdown::new();
        let other = shutdown.clone();
        if shutdown.is_begun() || other.is_begun() {
            let seen = "nobody has called `begin`, and `is_begun` says that it is over";
            rec.fail_reading(SECTION, "wrong-value", seen);
        }
        for _ in 0..2 {
            begin(rec, &other);
            if !shutdown.is_begun() || !other.is_begun() {
                let seen = "`begin` was called, and `is_begun` does not say so to every clone";
                rec.fail_reading(SECTION, "wrong-value", seen);
            }
        }
        if Shutdown::new().is_begun() {
            let seen = "one server has ended, and another one's `is_begun` says so";
            rec.fail_reading(SECTION, "wrong-value", seen);
        }
    });
}

#[test]
fn waits_for_the_beginning_of_the_end() {
    grade!(GRACEFUL_SHUTDOWN, lesson, |rec| {
        let house = TimedHousehold::new(rec);
        let shutdown = Shutdown::new();
        let mut task = begun(rec, &shutdown);
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        for waker in [&a, &b] {
            waits(rec, task.poll(waker), NOT_YET);
            rec.must_be_quiet();
        }
        begin(rec, &shutdown);
        must_wake(rec, &house, ("B", &["A"]), BEGUN);
        gives(rec, task.poll(&b), &(), BEGUN);
        // Who asks later need not wait.
        gives(rec, begun(rec, &shutdown).poll(&a), &(), BEGUN);
        begin(rec, &shutdown);
        gives(rec, begun(rec, &shutdown).poll(&a), &(), BEGUN);
    });
}

#[test]
fn wakes_everybody_who_waits() {
    // The order is the design's choice: there is no trace to compare with.
    grade_race!(GRACEFUL_SHUTDOWN, |rec| {
        let _house = TimedHousehold::new(rec);
        let shutdown = Shutdown::new();
        let names = ["A", "B", "C"];
        let mut waiting = names.map(|name| (begun(rec, &shutdown), rec.waker(name)));
        for (task, waker) in &mut waiting {
            waits(rec, task.poll(waker), NOT_YET);
        }
        begin(rec, &shutdown);
        for (task, waker) in &mut waiting {
            waking::must_wake(rec, SECTION, (waker.name(), &[]), false, BEGUN);
            gives(rec, task.poll(waker), &(), BEGUN);
        }
    });
}

#[test]
fn or_gives_the_output_or_the_end() {
    grade!(GRACEFUL_SHUTDOWN, |rec| {
        let _house = TimedHousehold::new(rec);
        let a = rec.waker("A");
        let task = |shutdown: &Shutdown, child: &Child<Waker, u32>| {
            let (shutdown, future) = (shutdown.clone(), child.future());
            Task::named(rec, "or", async move { shutdown.or(future).await })
        };
        rec.note("the output comes first");
        let (shutdown, child) = (Shutdown::new(), Child::new(rec, "request"));
        let mut or = task(&shutdown, &child);
        waits(rec, or.poll(&a), "neither has come");
        rec.must_be_quiet();
        child.finish(7);
        waking::must_wake(rec, SECTION, ("A", &[]), false, "the request has come");
        gives(rec, or.poll(&a), &Some(7), "the request has come");
        rec.note("the end comes first");
        let (shutdown, child) = (Shutdown::new(), Child::new(rec, "request"));
        let mut or = task(&shutdown, &child);
        waits(rec, or.poll(&a), "neither has come");
        begin(rec, &shutdown);
        waking::must_wake(rec, SECTION, ("A", &[]), false, BEGUN);
        gives(rec, or.poll(&a), &None, BEGUN);
        rec.note("both come at once");
        let (shutdown, child) = (Shutdown::new(), Child::new(rec, "request"));
        let mut or = task(&shutdown, &child);
        waits(rec, or.poll(&a), "neither has come");
        begin(rec, &shutdown);
        child.finish(7);
        if or.poll(&a) == Poll::Ready(None) {
            let seen =
                "a request has come, and it is over: `or` gives None, and the request is lost";
            rec.fail_reading(SECTION, "wrong-bias", seen);
        }
    });
}

#[test]
fn counts_who_is_inside() {
    grade!(GRACEFUL_SHUTDOWN, |rec| {
        let shutdown = Shutdown::new();
        must_be_inside(rec, &shutdown, 0, "nobody has come in");
        let one = shutdown.enter();
        must_be_inside(rec, &shutdown, 1, "one has come in");
        let other = shutdown.clone().enter();
        must_be_inside(rec, &shutdown, 2, "two have come in");
        drop(one);
        must_be_inside(rec, &shutdown, 1, "one of two has gone");
        begin(rec, &shutdown);
        must_be_inside(rec, &shutdown, 1, "one of two has gone");
        drop(other);
        must_be_inside(rec, &shutdown, 0, "both have gone");
    });
}

#[test]
fn drained_waits_for_the_last() {
    grade!(GRACEFUL_SHUTDOWN, |rec| {
        let house = TimedHousehold::new(rec);
        let shutdown = Shutdown::new();
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        gives(rec, drained(rec, &shutdown).poll(&a), &0, NOBODY);
        let (one, other) = (shutdown.enter(), shutdown.enter());
        let mut task = drained(rec, &shutdown);
        waits(rec, task.poll(&a), SOMEBODY);
        rec.must_be_quiet();
        rec.note("one of two goes");
        drop(one);
        waits(rec, task.poll(&b), SOMEBODY);
        rec.note("the last one goes");
        drop(other);
        must_wake(rec, &house, ("B", &["A"]), NOBODY);
        gives(rec, task.poll(&b), &0, NOBODY);
    });
}

#[test]
fn drained_wakes_everybody_who_waits() {
    grade_race!(GRACEFUL_SHUTDOWN, |rec| {
        let _house = TimedHousehold::new(rec);
        let shutdown = Shutdown::new();
        let inside = shutdown.enter();
        let mut waiting = ["A", "B", "C"]
            .map(|name| (drained(rec, &shutdown), rec.waker(name)))
            .into_iter()
            .collect::<Vec<_>>();
        for (task, waker) in &mut waiting {
            waits(rec, task.poll(waker), SOMEBODY);
        }
        rec.note("the last one goes");
        drop(inside);
        // One who was woken may wake the next.
        while let Some((_, waker)) = waiting.first() {
            let is_woken = |waker: &RecordedWaker| rec.wakes_since_note(waker.name()) > 0;
            let Some(woken) = waiting.iter().position(|(_, waker)| is_woken(waker)) else {
                let seen = format!(
                    "three wait in `drained`, the last one has gone, and nobody wakes {}",
                    waker.name()
                );
                rec.fail_reading(SECTION, "lost-wakeup", seen);
            };
            let (mut task, waker) = waiting.remove(woken);
            gives(rec, task.poll(&waker), &0, NOBODY);
        }
    });
}

#[test]
fn drained_gives_up_when_the_grace_is_over() {
    grade!(GRACEFUL_SHUTDOWN, |rec| {
        let house = TimedHousehold::new(rec);
        let shutdown = Shutdown::new();
        let a = rec.waker("A");
        let _inside = (shutdown.enter(), shutdown.enter());
        let mut task = drained(rec, &shutdown);
        waits(rec, task.poll(&a), SOMEBODY);
        house.passes(ALMOST, "almost all of the grace passes");
        // A timer can be a little early: what `Instant` has seen pass was taken off.
        let early = rec.wakes_since_note("A") > 0;
        waits(rec, task.poll(&a), "the grace is not over");
        house.passes(Duration::from_nanos(1), "the rest of the grace passes");
        let woken = rec.wakes_since_note("A") > 0;
        let poll = (woken || early).then(|| task.poll(&a));
        if poll.is_some_and(|poll| poll.is_pending()) && house.timers() > 0 {
            let seen = "the grace is over by the clock that `timeout` and `sleep` have, and `drained` has set a timer once \
                        more: another clock, as `Instant`, says that there is time left";
            rec.fail("not-the-tests-time", seen);
        }
        let Some(poll) = poll.filter(|_| woken) else {
            let seen = "the grace is over, two are inside, and `drained` goes on waiting for them";
            rec.fail("outlives-the-grace", seen);
        };
        gives(rec, poll, &2, "the grace is over, and two are inside");
    });
}

#[test]
fn a_wait_that_is_dropped_leaves_nothing_behind() {
    grade!(GRACEFUL_SHUTDOWN, |rec| {
        let house = TimedHousehold::new(rec);
        let shutdown = Shutdown::new();
        let _inside = shutdown.enter();
        let (a, b, c) = (rec.waker("A"), rec.waker("B"), rec.waker("C"));
        let mut task = begun(rec, &shutdown);
        waits(rec, task.poll(&a), NOT_YET);
        rec.note("`begun` is dropped");
        drop(task);
        must_be_gone(rec, &a, "a `begun` that waited");
        let child = Child::<Waker, u32>::new(rec, "request");
        let (end, future) = (shutdown.clone(), child.future());
        let mut task = Task::named(rec, "or", async move { end.or(future).await });
        waits(rec, task.poll(&b), "neither has come");
        rec.note("`or` is dropped");
        drop((task, child));
        must_be_gone(rec, &b, "an `or` that waited");
        let mut task = drained(rec, &shutdown);
        waits(rec, task.poll(&c), SOMEBODY);
        rec.note("`drained` is dropped");
        drop(task);
        must_be_gone(rec, &c, "a `drained` that waited");
        if house.timers() > 0 {
            let seen = "a `drained` that waited was dropped, and its timer is still there";
            rec.fail("keeps-task-alive", seen);
        }
    });
}

#[test]
fn what_comes_in_the_middle_of_a_poll_is_heard() {
    grade_race!(GRACEFUL_SHUTDOWN, |rec| {
        let _house = TimedHousehold::new(rec);
        let forced = |name,
                      event: &str,
                      is_ready: &mut dyn FnMut(&RecordedWaker) -> bool,
                      rival: Box<dyn FnOnce() + Send>| {
            let race = Race::new();
            let waker = rec.hostile_waker(name).on_clone(race.once(rival)).build();
            let ready = is_ready(&waker);
            race.finish();
            if !ready && rec.wakes_since_note(name) == 0 && race.was_forced() {
                let seen =
                    format!("{event} just when the waker was registered, and nobody is woken");
                rec.fail("check-then-register", seen);
            }
            if !race.was_forced() && !ready {
                rec.fail(
                    "lost-wakeup",
                    "the poll was Pending and has left its waker nowhere",
                );
            }
        };
        let shutdown = Shutdown::new();
        let mut task = begun(rec, &shutdown);
        rec.note("it begins in the middle of a poll");
        let rival = Box::new(move || shutdown.begin());
        forced(
            "A",
            "it was over",
            &mut |waker| task.poll(waker).is_ready(),
            rival,
        );
        let shutdown = Shutdown::new();
        let inside = shutdown.enter();
        let mut task = drained(rec, &shutdown);
        rec.note("the last one goes in the middle of a poll");
        let rival = Box::new(move || drop(inside));
        forced(
            "B",
            "the last one went",
            &mut |waker| task.poll(waker).is_ready(),
            rival,
        );
    });
}

/// A server on [`serve_connections`], and those who come to it.
struct Server<S> {
    recorder: Recorder,
    house: TimedHousehold,
    shutdown: Shutdown,
    porter: Porter<S>,
    /// What it gives in the end.
    left: Arc<Mutex<Option<usize>>>,
}

impl<S: Send + 'static> Server<S> {
    fn start<F>(rec: &Recorder, connection: impl Fn(&Shutdown, S) -> F + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (porter, door) = door(rec);
        let mut house = TimedHousehold::new(rec);
        let shutdown = Shutdown::new();
        let left = Arc::new(Mutex::new(None));
        let (theirs, end) = (Arc::clone(&left), shutdown.clone());
        house.household.begin(async move {
            let shutdown = end.clone();
            let connection = move |stream| connection(&end, stream);
            let left = serve_connections(door, connection, shutdown, GRACE).await;
            *theirs.lock().unwrap_or_else(PoisonError::into_inner) = Some(left);
        });
        Server {
            recorder: rec.clone(),
            house,
            shutdown,
            porter,
            left,
        }
    }

    /// Runs until everybody waits.
    fn settle(&mut self) {
        if let Err(panic) = self.house.household.settle() {
            panic::resume_unwind(panic);
        }
    }

    fn comes(&mut self, connection: S) {
        self.porter.incoming.brings(connection);
        self.settle();
    }

    fn begins_to_end(&mut self) {
        begin(&self.recorder, &self.shutdown);
        self.settle();
    }

    fn passes(&mut self, duration: Duration, what: &str) {
        self.house.passes(duration, what);
        self.settle();
    }

    /// What the server has given, if it has ended.
    fn left(&self) -> Option<usize> {
        *self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The rule that the server has ended with so many cut off, because of `why`. Fails with `code` if it has
    /// not ended, and with `wrong-value`.
    fn must_have_ended(&self, left: usize, code: &str, why: &str) {
        let rec = &self.recorder;
        match self.left() {
            Some(given) if given == left => {}
            Some(given) => {
                let seen = format!("{why}, and `serve_connections` gives {given}, not {left}");
                rec.fail_reading(SECTION, "wrong-value", seen);
            }
            None => rec.fail(code, format!("{why}, and `serve_connections` is not ready")),
        }
        must_be_inside(rec, &self.shutdown, 0, "the server has ended");
    }

    /// The rule that the server goes on, because of `why`. Fails with `cut-off-early`.
    fn must_go_on(&self, why: &str) {
        if let Some(left) = self.left() {
            let seen = format!("{why}, and `serve_connections` is over, and gives {left}");
            self.recorder.fail("cut-off-early", seen);
        }
    }
}

impl Server<Visitor> {
    /// A server that serves visitors until they have their answers.
    fn of_visitors(rec: &Recorder) -> Self {
        Server::start(rec, |_, visitor| visitor)
    }

    /// One more visitor, who has to be served.
    fn visited_by(&mut self, name: &'static str) -> Host {
        let rec = self.recorder.clone();
        rec.note(format!("{name} comes"));
        let (host, visitor) = visitor(&rec, name);
        self.comes(visitor);
        if host.stage() != Stage::Served {
            let why = match host.stage() {
                Stage::Outside => "the future that serves has not been polled",
                Stage::Gone => "the future that serves was dropped",
                Stage::Served | Stage::Done => "the future that serves is over already",
            };
            let seen = format!("{name} has come, and is not served: {why}");
            rec.fail_reading(SECTION, "not-concurrent", seen);
        }
        host
    }

    /// The rule that somebody is still being served, because of `why`. Fails with `cut-off-early`.
    fn must_still_serve(&self, host: &Host, why: &str) {
        if host.stage() != Stage::Served {
            let seen = format!("{why}, and the future that serves is dropped");
            self.recorder.fail("cut-off-early", seen);
        }
        self.must_go_on(why);
    }
}

#[test]
fn serves_all_at_once() {
    grade!(GRACEFUL_SHUTDOWN, |rec| {
        let mut server = Server::of_visitors(rec);
        let ann = server.visited_by("Ann");
        let bob = server.visited_by("Bob");
        must_be_inside(rec, &server.shutdown, 2, "two are served");
        bob.answer();
        server.settle();
        ann.answer();
        server.settle();
        if (ann.stage(), bob.stage()) != (Stage::Done, Stage::Done) {
            let seen = "two have their answers, and are not served to the end";
            rec.fail_reading(SECTION, "not-concurrent", seen);
        }
        must_be_inside(rec, &server.shutdown, 0, "both have been served");
        server.must_go_on("nobody has said that it is over");
        if !server.porter.is_open() {
            let seen = "nobody has said that it is over, and nobody is let in any more";
            rec.fail_reading(SECTION, "early-ready", seen);
        }
        server.visited_by("Carl");
    });
}

#[test]
fn counts_from_the_moment_somebody_is_let_in() {
    grade_race!(GRACEFUL_SHUTDOWN, |rec| {
        // The lowest count at a first poll, less those who had been let in by then.
        let missing = Arc::new(AtomicUsize::new(0));
        let theirs = Arc::clone(&missing);
        // How many were dropped when nobody was inside.
        let unseen = Arc::new(AtomicUsize::new(0));
        let unseen_by_them = Arc::clone(&unseen);
        let mut server = Server::start(rec, move |shutdown, passed: Passed| {
            let (shutdown, missing) = (shutdown.clone(), Arc::clone(&theirs));
            let unseen = Arc::clone(&unseen_by_them);
            async move {
                let not_counted = passed.count().saturating_sub(shutdown.inside());
                missing.fetch_max(not_counted, SeqCst);
                let _leaves = Leaves { shutdown, unseen };
                std::future::pending::<()>().await;
            }
        });
        rec.note("two come at once");
        for _ in 0..2 {
            let passed = server.porter.passed.clone();
            server.porter.incoming.brings(passed);
        }
        server.settle();
        let missing = missing.load(SeqCst);
        if missing > 0 {
            let are = match missing {
                1 => "one of them is",
                _ => "both are",
            };
            let seen = format!(
                "two were let in at once, and when the first of them is served, {are} not counted: if it is over now, \
                 nobody waits for who is not"
            );
            rec.fail("miscounted", seen);
        }
        must_be_inside(rec, &server.shutdown, 2, "two are served");
        server.begins_to_end();
        server.passes(GRACE, "the grace passes");
        let unseen = unseen.load(SeqCst);
        if unseen > 0 {
            let were = match unseen {
                1 => "one of them was",
                _ => "both were",
            };
            let seen = format!(
                "two were cut off, and {were} still there when `inside` was 0 already: whoever waits for that goes before \
                 all have tidied up"
            );
            rec.fail("miscounted", seen);
        }
    });
}

/// Looks, when a connection is dropped, whether it is still counted.
struct Leaves {
    shutdown: Shutdown,
    unseen: Arc<AtomicUsize>,
}

impl Drop for Leaves {
    fn drop(&mut self) {
        if self.shutdown.inside() == 0 {
            self.unseen.fetch_add(1, SeqCst);
        }
    }
}

#[test]
fn an_error_of_one_caller_is_no_end() {
    grade!(GRACEFUL_SHUTDOWN, |rec| {
        let mut server = Server::of_visitors(rec);
        for kind in [ErrorKind::ConnectionAborted, ErrorKind::Other] {
            server.porter.incoming.fails(kind);
            must_stay_awake(
                rec,
                "a connection has failed to come about, and the thread sleeps: nobody who is served has a turn",
                || {
                    server.settle();
                },
            );
            server.passes(LONGEST_PAUSE, "a second passes");
        }
        if server.left().is_some() || !server.porter.is_open() {
            let seen = "a connection has failed to come about, and the server ends for everybody";
            rec.fail_reading(SECTION, "callers-error", seen);
        }
        let ann = server.visited_by("Ann");
        ann.answer();
        server.settle();
        server.porter.incoming.fails(ErrorKind::Other);
        server.settle();
        server.begins_to_end();
        if server.porter.is_open() {
            let seen = "it is over just after a connection has failed to come about, and `incoming` is not dropped: \
                        the end is not heard in the pause";
            rec.fail("door-left-open", seen);
        }
        server.must_have_ended(0, "never-ready", "all have been served");
    });
}

#[test]
fn the_end_is_heard_also_when_each_accept_fails() {
    grade!(GRACEFUL_SHUTDOWN, |rec| {
        let mut server = Server::of_visitors(rec);
        let ann = server.visited_by("Ann");
        server.porter.incoming.fails_always(ErrorKind::Other);
        server.settle();
        server.passes(LONGEST_PAUSE, "a second passes");
        let asked = server.porter.incoming.failures();
        ann.answer();
        server.settle();
        server.begins_to_end();
        if server.porter.is_open() {
            let seen = "each accept fails, it is over, and `incoming` is not dropped: the end is not heard";
            rec.fail("door-left-open", seen);
        }
        server.must_have_ended(0, "never-ready", "all have been served");
        if asked > MOST_ASKS {
            rec.advise(
                "no-pause",
                format!(
                    "each accept failed, and `incoming` was asked {asked} times within a second"
                ),
            );
        }
    });
}

#[test]
fn the_end_is_heard_when_nobody_comes() {
    grade!(GRACEFUL_SHUTDOWN, |rec| {
        let mut server = Server::of_visitors(rec);
        server.settle();
        server.begins_to_end();
        if server.porter.is_open() {
            let seen = "nobody is inside, nobody comes, it is over, and `serve_connections` does not hear of it: it waits \
                        for the next caller";
            rec.fail("door-left-open", seen);
        }
        server.must_have_ended(0, "never-ready", "nobody is inside");
    });
}

#[test]
fn nobody_is_let_in_when_it_is_over() {
    grade!(GRACEFUL_SHUTDOWN, |rec| {
        let mut server = Server::of_visitors(rec);
        let ann = server.visited_by("Ann");
        rec.note("Bob comes, in the same moment");
        let (bob, visitor) = visitor(rec, "Bob");
        server.porter.incoming.brings(visitor);
        server.begins_to_end();
        if bob.stage() == Stage::Served {
            let seen = "it is over, somebody has come in the same moment, and he is let in";
            rec.fail("lets-in-after-the-end", seen);
        }
        server.must_still_serve(&ann, "one is being served, and the grace is not over");
        if server.porter.is_open() {
            let seen =
                "it is over, one connection is still being served, and `incoming` is not dropped";
            rec.fail("door-left-open", seen);
        }
    });
}

#[test]
fn who_is_being_served_is_served_to_the_end() {
    grade!(GRACEFUL_SHUTDOWN, |rec| {
        let mut server = Server::of_visitors(rec);
        let (ann, bob) = (server.visited_by("Ann"), server.visited_by("Bob"));
        server.begins_to_end();
        let why = "the grace is not over, and somebody is being served";
        server.must_still_serve(&ann, why);
        server.must_still_serve(&bob, why);
        ann.answer();
        server.settle();
        server.must_still_serve(&bob, why);
        server.passes(ALMOST, "almost all of the grace passes");
        server.must_still_serve(&bob, why);
        bob.answer();
        server.settle();
        if bob.stage() != Stage::Done {
            rec.fail(
                "cut-off-early",
                "somebody had his answer in time, and did not get it",
            );
        }
        server.must_have_ended(0, "never-ready", "all have been served");
    });
}

#[test]
fn idle_connections_end_at_once() {
    grade!(GRACEFUL_SHUTDOWN, |rec| {
        let mut server = Server::start(rec, |shutdown, visitor: Visitor| {
            let shutdown = shutdown.clone();
            async move {
                shutdown.or(visitor).await;
            }
        });
        let (ann, bob) = (server.visited_by("Ann"), server.visited_by("Bob"));
        server.begins_to_end();
        let why = "it is over, and both connections only wait for a request";
        if (ann.stage(), bob.stage()) != (Stage::Gone, Stage::Gone) {
            rec.fail(
                "waits-for-idle",
                format!("{why}; they do not hear of the end"),
            );
        }
        server.must_have_ended(0, "waits-for-idle", why);
    });
}

#[test]
fn when_the_grace_is_over_the_rest_is_cut_off() {
    grade!(GRACEFUL_SHUTDOWN, |rec| {
        let mut server = Server::of_visitors(rec);
        let (ann, bob) = (server.visited_by("Ann"), server.visited_by("Bob"));
        let carl = server.visited_by("Carl");
        carl.answer();
        server.begins_to_end();
        server.passes(GRACE, "the grace passes");
        if server.left().is_none() {
            let seen = "the grace is over, two are still being served, and `serve_connections` waits for them";
            rec.fail("outlives-the-grace", seen);
        }
        for (name, host) in [("Ann", ann), ("Bob", bob)] {
            if host.stage() != Stage::Gone {
                let seen = format!("the grace is over, and {name}'s connection goes on");
                rec.fail("outlives-the-grace", seen);
            }
        }
        server.must_have_ended(2, "outlives-the-grace", "two were cut off");
        drop(server);
        rec.note("another server: somebody has entered whom it does not serve, and stays");
        let mut server = Server::of_visitors(rec);
        let _ann = server.visited_by("Ann");
        let _stays = server.shutdown.enter();
        server.begins_to_end();
        server.passes(GRACE, "the grace passes");
        if server.left().is_none() {
            let seen = "the grace is over, somebody else is still inside, and `serve_connections` waits for him";
            rec.fail("outlives-the-grace", seen);
        }
    });
}

#[test]
fn who_is_cut_off_at_any_await_is_not_counted_any_more() {
    grade!(GRACEFUL_SHUTDOWN, |rec| {
        for step in 0..=2 {
            rec.note(format!(
                "a connection with three awaits is cut off at number {}",
                step + 1
            ));
            let mut server = Server::start(rec, |_, visitors: Vec<Visitor>| async {
                for visitor in visitors {
                    visitor.await;
                }
            });
            let names = ["the first answer", "the second answer", "the third answer"];
            let (hosts, visitors): (Vec<_>, Vec<_>) =
                names.map(|name| visitor(rec, name)).into_iter().unzip();
            server.comes(visitors);
            for host in &hosts[..step] {
                host.answer();
                server.settle();
            }
            server.begins_to_end();
            server.passes(GRACE, "the grace passes");
            server.must_have_ended(1, "outlives-the-grace", "one connection was cut off");
        }
    });
}

#[test]
fn who_panics_is_not_counted_any_more() {
    grade!(GRACEFUL_SHUTDOWN, |rec| {
        let mut server = Server::start(rec, |_, visitor: Visitor| async {
            visitor.await;
            panic::resume_unwind(Box::new("part of the test"));
        });
        let (ann, bob) = (server.visited_by("Ann"), server.visited_by("Bob"));
        rec.note("the task that serves Ann panics");
        ann.answer();
        server.settle();
        must_be_inside(rec, &server.shutdown, 1, "one of two tasks has panicked");
        server.must_still_serve(&bob, "another one's task has panicked");
        server.begins_to_end();
        bob.answer();
        server.settle();
        server.must_have_ended(0, "miscounted", "both tasks are over");
    });
}

#[test]
fn http_clients_get_their_answers_or_the_end() {
    grade!(GRACEFUL_SHUTDOWN, |rec| {
        const REQUEST: &str = "GET / HTTP/1.1\r\n\r\n";
        let (answer, answered) = oneshot::channel::<()>();
        let answered = Arc::new(Mutex::new(Some(answered)));
        // The second request has its answer at once, the first has to wait.
        let handler = move |_: Request<Vec<u8>>| {
            let answered = answered
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take();
            async move {
                if let Some(answered) = answered {
                    let _ = answered.await;
                }
                Response::new(b"howdy".to_vec())
            }
        };
        let mut server = Server::start(rec, move |shutdown, stream: Stream| {
            let (handler, shutdown) = (handler.clone(), shutdown.clone());
            async move {
                connection(stream, handler, shutdown)
                    .await
                    .unwrap_or_default()
            }
        });
        let (busy, idle) = (Script::named(rec, "busy"), Script::named(rec, "idle"));
        for client in [&busy, &idle] {
            server.comes(client.stream());
            client.sends(REQUEST);
            server.settle();
        }
        server.begins_to_end();
        if !idle.is_closed() {
            let seen = "it is over, and a connection without a request is not closed";
            rec.fail("waits-for-idle", seen);
        }
        server.must_go_on("a request is being answered");
        rec.note("the answer is ready");
        let _ = answer.send(());
        server.settle();
        let text = String::from_utf8_lossy(&busy.flushed()).into_owned();
        if !text.ends_with("\r\n\r\nhowdy") || !busy.is_closed() {
            let seen = format!("a request was being answered, and its client got {text:?}");
            rec.fail("cut-off-early", seen);
        }
        server.must_have_ended(0, "never-ready", "all requests are answered");
    });
}

#[test]
fn keeps_nothing_of_connections_that_are_over() {
    grade_race!(GRACEFUL_SHUTDOWN, |rec| {
        const SIZE: usize = 8 << 10;
        // If all were kept, half of what a test may allocate; whoever tidies up now and then has room enough.
        const MANY: usize = 4_000;
        const MOST: usize = MANY * SIZE / 2;
        let mut server = Server::start(rec, |_, ()| async {
            let buffer = [0_u8; SIZE];
            executor::yield_now().await;
            std::hint::black_box(&buffer);
        });
        server.comes(());
        let before = memory::in_use();
        for _ in 0..MANY {
            server.comes(());
        }
        let more = memory::in_use().saturating_sub(before);
        if more > MOST {
            let seen = format!(
                "{MANY} connections have come and gone, and {} MiB of them are still in use",
                more >> 20
            );
            rec.fail_reading(SECTION, "left-behind", seen);
        }
        must_be_inside(rec, &server.shutdown, 0, "all have been served");
    });
}

#[test]
fn whoever_is_woken_may_ask_at_once() {
    grade_race!(GRACEFUL_SHUTDOWN, |rec| {
        let _house = TimedHousehold::new(rec);
        let shutdown = Shutdown::new();
        let (race, end) = (Race::certain(), shutdown.clone());
        let asks = race.once(move || {
            let _ = (end.is_begun(), end.inside());
        });
        let a = rec.hostile_waker("A").on_wake(asks).build();
        let mut task = begun(rec, &shutdown);
        waits(rec, task.poll(&a), NOT_YET);
        begin(rec, &shutdown);
        let mut blocked = race.was_blocked();
        race.finish();
        gives(rec, task.poll(&a), &(), BEGUN);
        let (race, end) = (Race::certain(), shutdown.clone());
        let asks = race.once(move || {
            let _ = (end.is_begun(), end.inside());
        });
        let b = rec.hostile_waker("B").on_wake(asks).build();
        let inside = shutdown.enter();
        let mut task = drained(rec, &shutdown);
        waits(rec, task.poll(&b), SOMEBODY);
        rec.note("the last one goes");
        drop(inside);
        blocked |= race.was_blocked();
        race.finish();
        gives(rec, task.poll(&b), &0, NOBODY);
        if blocked {
            rec.advise(
                "wakes-under-lock",
                "a task was woken, and another thread that asked the shutdown then had to wait for it",
            );
        }
    });
}
