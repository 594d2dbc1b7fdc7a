//! The grader of `event_loop`: one thread for everything, which sleeps in one place.

// What this grader uses of what the stage's graders share.
#[allow(dead_code, unreachable_pub)]
mod support {
    pub mod wire;
    pub mod world;
}

use std::{
    future::poll_fn,
    io::{Read, Write},
    net::TcpStream,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{
            AtomicBool, AtomicUsize,
            Ordering::{Relaxed, SeqCst},
        },
    },
    task::{Context, Poll, Wake, Waker},
    thread,
    time::Duration,
};

use course::{Exercise, Recorder, grade, grade_race};
use executor::{Executor, JoinHandle, Spawner};
use futures::{AsyncReadExt, AsyncWriteExt};
use reactor::{
    Direction, Event, Interrupter, Reactor, Registered, Runtime, Signals, Sleep,
    TcpListener as Listener, run_until, selector, sleep,
};
use support::{
    wire::Wire,
    world::{Replaced, World},
};
use waker_timer::clock::{self, RealClock};

const EVENT_LOOP: Exercise = course::exercise!(
    "event_loop",
    stage = "04-reactor",
    feature = "my-event-loop"
);

/// The file that is graded, as text.
#[cfg(feature = "my-event-loop")]
const SOURCE: &str = include_str!("../exercises/event_loop.rs");
#[cfg(not(feature = "my-event-loop"))]
const SOURCE: &str = include_str!("../src/event_loop.rs");

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3600);

/// An executor and a reactor, and the world around them.
struct Scene {
    recorder: Recorder,
    world: World,
    executor: Executor,
    spawner: Spawner,
    _entered: reactor::EnteredReactor,
    _replaced: Replaced,
}

impl Scene {
    fn set(recorder: &Recorder) -> Self {
        let (world, _replaced) = World::new(recorder, SOURCE);
        let waker = Waker::from(Arc::clone(world.reactor().interrupter()));
        let (executor, spawner) = Executor::new(waker);
        Scene {
            recorder: recorder.clone(),
            _entered: world.reactor().enter(),
            world,
            executor,
            spawner,
            _replaced,
        }
    }

    /// Runs the loop until `done` says so.
    fn run(&mut self, mut done: impl FnMut() -> bool) {
        let (world, reactor) = (self.world.clone(), self.world.reactor().clone());
        let mut said = false;
        run_until(&mut self.executor, &reactor, || {
            world.looked();
            said = done();
            world.asked();
            said
        });
        if !said {
            self.recorder.fail(
                "ends-early",
                "the loop returned, and `done` has not said `true`",
            );
        }
    }

    /// A task that sleeps, and says so when it goes on.
    fn sleeper(&self, name: &'static str, after: Duration) -> JoinHandle<()> {
        let (recorder, world) = (self.recorder.clone(), self.world.clone());
        let sleep = Sleep::new(after);
        self.spawner.spawn(async move {
            sleep.await;
            world.goes_on();
            recorder.note(format!("{name} goes on"));
        })
    }

    /// A task that reads from a socket, and what the world has of that.
    fn reader(&self, name: &'static str) -> (JoinHandle<()>, Line) {
        let wire = Wire::new(&self.recorder);
        let socket = Registered::with_reactor(wire.clone(), self.world.reactor());
        let socket = socket.expect("a wire can be registered");
        let line = Line {
            recorder: self.recorder.clone(),
            world: self.world.clone(),
            id: self.world.latest_id(),
            wire,
        };
        let (recorder, world) = (self.recorder.clone(), self.world.clone());
        let task = self.spawner.spawn(async move {
            let read = |wire: &Wire| wire.attempt(Direction::Read);
            let read = poll_fn(|cx| {
                world.goes_on();
                socket.poll_io(Direction::Read, cx, read)
            });
            read.await.expect("a wire does not break");
            recorder.note(format!("{name} goes on"));
        });
        (task, line)
    }

    /// Two tasks that are always ready, and do something in each poll. They are told how many polls there were.
    fn busy(&self, each: impl Fn(usize) + Send + Sync + 'static) -> Arc<AtomicUsize> {
        let (polls, each) = (Arc::new(AtomicUsize::new(0)), Arc::new(each));
        for _ in 0..2 {
            let (polls, each, world) = (Arc::clone(&polls), Arc::clone(&each), self.world.clone());
            self.spawner.spawn(poll_fn(move |cx| {
                world.goes_on();
                each(polls.fetch_add(1, Relaxed) + 1);
                cx.waker().wake_by_ref();
                Poll::<()>::Pending
            }));
        }
        polls
    }
}

/// The world's end of a socket.
#[derive(Clone)]
struct Line {
    recorder: Recorder,
    world: World,
    wire: Wire,
    id: usize,
}

impl Line {
    fn something_comes(&self) {
        self.recorder.note("something to read comes");
        self.wire.allow(Direction::Read);
        self.world.report(Event {
            id: self.id,
            signals: Signals::READABLE,
        });
    }
}

#[test]
fn returns_when_done_says_so() {
    grade!(EVENT_LOOP, |rec| {
        let mut scene = Scene::set(rec);
        scene.run(|| true);
        rec.note("the loop has returned");
        let world = scene.world.clone();
        let task = scene.spawner.spawn(async move { world.goes_on() });
        scene.run(|| task.is_finished());
        rec.note("the loop has returned, and its task is done");
    });
}

#[test]
fn runs_all_that_is_ready_before_it_sleeps() {
    grade!(EVENT_LOOP, |rec| {
        let mut scene = Scene::set(rec);
        let left = Arc::new(AtomicUsize::new(0));
        // Each spawns another one: that is ready as well.
        for _ in 0..100 {
            let (spawner, world, left) = (
                scene.spawner.clone(),
                scene.world.clone(),
                Arc::clone(&left),
            );
            left.fetch_add(2, Relaxed);
            scene.spawner.spawn(async move {
                world.goes_on();
                let (world, theirs) = (world.clone(), Arc::clone(&left));
                spawner.spawn(async move {
                    world.goes_on();
                    theirs.fetch_sub(1, Relaxed);
                });
                left.fetch_sub(1, Relaxed);
            });
        }
        let ready = Arc::clone(&left);
        scene.world.forbid_sleep(move || {
            let ready = ready.load(Relaxed);
            let seen = format!("the loop goes to sleep, and tasks are ready: {ready}");
            (ready > 0).then_some(("woken-not-polled", seen))
        });
        let all = Arc::clone(&left);
        scene.run(|| all.load(Relaxed) == 0);
        rec.note("all tasks are done");
    });
}

#[test]
fn sleeps_until_the_next_timer() {
    grade!(EVENT_LOOP, |rec| {
        let mut scene = Scene::set(rec);
        let tasks = [
            scene.sleeper("late", 10 * SECOND),
            scene.sleeper("early", SECOND * 3 / 5),
            scene.sleeper("middle", 3 * SECOND),
        ];
        scene.run(|| tasks.iter().all(JoinHandle::is_finished));
        rec.note("the loop has returned");
    });
}

#[test]
fn sleeps_in_one_place_for_everything() {
    grade!(EVENT_LOOP, lesson, |rec| {
        let mut scene = Scene::set(rec);
        let sleeper = scene.sleeper("sleeper", 2 * SECOND);
        let (reader, line) = scene.reader("reader");
        scene.world.in_a_sleep(move || line.something_comes());
        scene.run(|| sleeper.is_finished() && reader.is_finished());
        rec.note("the loop has returned");
    });
}

#[test]
fn sleeps_without_an_end_if_there_is_no_timer() {
    grade!(EVENT_LOOP, |rec| {
        let mut scene = Scene::set(rec);
        for _ in 0..2 {
            let (reader, line) = scene.reader("reader");
            let theirs = line.clone();
            scene
                .world
                .in_a_sleep_without_end(move || theirs.something_comes());
            scene.run(|| reader.is_finished());
        }
        rec.note("the loop has returned");
    });
}

#[test]
fn a_timer_needs_one_sleep_however_short_it_is() {
    grade!(EVENT_LOOP, |rec| {
        let mut scene = Scene::set(rec);
        for nanos in [900_000, 1, 1_000_001, 3_999_999_999] {
            let selects = scene.world.selects();
            let task = scene.sleeper("sleeper", Duration::from_nanos(nanos));
            scene.run(|| task.is_finished());
            let asked = scene.world.selects() - selects;
            if asked > 4 {
                rec.fail(
                    "busy-loop",
                    format!("one task sleeps for {nanos} ns: the loop has called the selector {asked} times for that"),
                );
            }
        }
    });
}

/// After so many polls of others, everybody has to have had his turn.
const TURN: usize = 1_000;

const UNASKED: &str = "two tasks wake each other for ever; `done` would say `true`, and 1,000 polls later nobody has asked \
                       it: the loop waits for the queue to be empty";

/// What has to happen while others are busy: at which of their polls it could, and whether it has.
#[derive(Clone, Default)]
struct Promise(Arc<(AtomicUsize, AtomicBool)>);

impl Promise {
    /// From this poll on it could happen.
    fn is_due(&self, poll: usize) {
        self.0.0.store(poll, SeqCst);
    }

    fn is_kept(&self) {
        self.0.1.store(true, SeqCst);
    }

    fn is_broken(&self, poll: usize) -> bool {
        let due = self.0.0.load(SeqCst);
        due > 0 && poll > due + TURN && !self.0.1.load(SeqCst)
    }
}

/// Runs tasks that are always ready. At their poll number 300, `start` makes something happen, and the loop has to
/// see to it that the promise is kept.
fn beside_busy_tasks(
    rec: &Recorder,
    scene: &mut Scene,
    promise: &Promise,
    who: &'static str,
    start: impl Fn() + Send + Sync + 'static,
) {
    let (theirs, recorder, stop) = (
        promise.clone(),
        rec.clone(),
        Arc::new(AtomicBool::new(false)),
    );
    let stopped = Arc::clone(&stop);
    scene.busy(move |poll| {
        if poll == 300 {
            recorder.note(format!("while others are busy, {who} could have a turn"));
            theirs.is_due(poll);
            start();
        }
        // In a task a panic is the task's own affair: with it, the task ends, and the test some time later.
        if theirs.is_broken(poll) {
            stopped.store(true, SeqCst);
            let seen = format!(
                "two tasks wake each other for ever; {} polls of theirs ago {who} could have had a turn: the loop has not \
                 looked since",
                poll - 300
            );
            recorder.fail("looks-when-idle", seen);
        }
        if poll > 300 + 3 * TURN {
            recorder.fail("looks-when-idle", UNASKED);
        }
    });
    let kept = promise.clone();
    scene.run(|| stop.load(SeqCst) || kept.0.1.load(SeqCst));
    rec.note(format!("{who} has had a turn"));
}

#[test]
fn busy_tasks_do_not_keep_the_sockets_waiting() {
    grade!(EVENT_LOOP, |rec| {
        let mut scene = Scene::set(rec);
        let promise = Promise::default();
        let (reader, line) = scene.reader("reader");
        let kept = promise.clone();
        scene.spawner.spawn(async move {
            let _ = reader.await;
            kept.is_kept();
        });
        beside_busy_tasks(rec, &mut scene, &promise, "a socket", move || {
            line.something_comes()
        });
    });
}

#[test]
fn busy_tasks_do_not_keep_the_timers_waiting() {
    grade!(EVENT_LOOP, |rec| {
        let mut scene = Scene::set(rec);
        let promise = Promise::default();
        let sleeper = scene.sleeper("sleeper", SECOND);
        let kept = promise.clone();
        scene.spawner.spawn(async move {
            let _ = sleeper.await;
            kept.is_kept();
        });
        let world = scene.world.clone();
        beside_busy_tasks(rec, &mut scene, &promise, "a timer", move || {
            world.pass(2 * SECOND)
        });
    });
}

#[test]
fn busy_tasks_do_not_keep_done_waiting() {
    grade!(EVENT_LOOP, |rec| {
        let mut scene = Scene::set(rec);
        let promise = Promise::default();
        // Nobody but `done` sees it.
        let due = promise.clone();
        let over = Arc::new(AtomicBool::new(false));
        let (theirs, recorder) = (Arc::clone(&over), rec.clone());
        scene.busy(move |poll| {
            if poll == 300 {
                due.is_due(poll);
                theirs.store(true, SeqCst);
            }
            if due.is_broken(poll) {
                // The loop runs nothing else. Nothing but the end of these tasks brings it back.
                recorder.fail("looks-when-idle", UNASKED);
            }
        });
        scene.run(|| over.load(SeqCst));
        rec.note("the loop has returned");
    });
}

/// Runs a main future that wakes itself in each poll, and no task that does. At its poll number 300, `start` makes
/// something happen that the loop has to see.
fn beside_a_busy_main_future(
    rec: &Recorder,
    scene: &mut Scene,
    promise: &Promise,
    who: &str,
    start: impl FnOnce(),
) {
    let (world, interrupter) = (
        scene.world.clone(),
        Arc::clone(scene.world.reactor().interrupter()),
    );
    let (mut polls, mut start) = (0, Some(start));
    scene.run(|| {
        polls += 1;
        world.goes_on();
        if polls == 300
            && let Some(start) = start.take()
        {
            rec.note(format!(
                "while the main future is busy, {who} could have a turn"
            ));
            promise.is_due(polls);
            start();
        }
        if promise.is_broken(polls) {
            let seen = format!(
                "the main future wakes itself in each poll, and no task is ready; {} polls of it ago {who} could have had \
                 a turn: the loop has not looked since",
                polls - 300
            );
            rec.fail("looks-when-idle", seen);
        }
        Interrupter::wake(&interrupter);
        promise.0.1.load(SeqCst)
    });
    rec.note(format!("{who} has had a turn"));
}

#[test]
fn a_busy_main_future_keeps_nobody_waiting() {
    grade!(EVENT_LOOP, |rec| {
        for who in ["a socket", "a timer", "a task"] {
            let mut scene = Scene::set(rec);
            let promise = Promise::default();
            let (kept, spawner) = (promise.clone(), scene.spawner.clone());
            let (world, (reader, line)) = (scene.world.clone(), scene.reader("reader"));
            let sleeper = scene.sleeper("sleeper", SECOND);
            let (by_socket, by_timer) = (kept.clone(), kept.clone());
            scene.spawner.spawn(async move {
                let _ = reader.await;
                by_socket.is_kept();
            });
            scene.spawner.spawn(async move {
                let _ = sleeper.await;
                by_timer.is_kept();
            });
            let start = move || match who {
                "a socket" => line.something_comes(),
                "a timer" => world.pass(2 * SECOND),
                _ => drop(spawner.spawn(async move { kept.is_kept() })),
            };
            beside_a_busy_main_future(rec, &mut scene, &promise, who, start);
        }
    });
}

#[test]
fn a_look_at_the_sockets_serves_many_polls() {
    grade!(EVENT_LOOP, |rec| {
        let mut scene = Scene::set(rec);
        let polls = scene.busy(|_| {});
        // A task more for each poll that counts, so that there is always a crowd.
        for _ in 0..1_000 {
            let world = scene.world.clone();
            let mut left = 5;
            scene.spawner.spawn(poll_fn(move |cx| {
                world.goes_on();
                if left == 0 {
                    return Poll::Ready(());
                }
                left -= 1;
                cx.waker().wake_by_ref();
                Poll::Pending
            }));
        }
        let done = Arc::clone(&polls);
        scene.run(|| done.load(Relaxed) >= 20);
        let (polls, selects) = (6_000, scene.world.selects());
        if selects > polls / 10 {
            rec.fail(
                "call-per-poll",
                format!("a thousand tasks were ready; for about {polls} polls of theirs the selector was called {selects} times"),
            );
        }
        rec.note("the loop has returned");
    });
}

/// What another thread does.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Deed {
    /// Spawns a task that ends the loop.
    Spawns,
    /// Makes `done` say `true`.
    Ends,
    /// Sets a timer that is due before all others.
    SetsATimer,
}

/// When it does.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Moment {
    /// At the look at the clock of this number.
    Clock(usize),
    /// Just after `done` has said `false`, the time of this number.
    Done(usize),
    /// In the poll of a task.
    Poll,
    /// When the loop sleeps.
    Sleep,
}

/// What the world and `done` have in common.
#[derive(Default)]
struct Goal {
    reached: AtomicBool,
    /// A sleep that was set from another thread: it has to be kept somewhere.
    kept: Mutex<Option<Pin<Box<Sleep>>>>,
}

/// Reaches the goal, and tells the loop.
struct Reach {
    goal: Arc<Goal>,
    reactor: Reactor,
}

impl Wake for Reach {
    fn wake(self: Arc<Self>) {
        self.goal.reached.store(true, SeqCst);
        Interrupter::wake(self.reactor.interrupter());
    }
}

/// The deed, for another thread. What it brings about forbids the loop to sleep until it is seen.
fn deed(scene: &Scene, deed: Deed, goal: &Arc<Goal>) -> impl FnOnce() + Send + use<> {
    let (recorder, world, spawner) = (
        scene.recorder.clone(),
        scene.world.clone(),
        scene.spawner.clone(),
    );
    let goal = Arc::clone(goal);
    move || {
        let reactor = world.reactor().clone();
        let waits = Arc::new(AtomicBool::new(true));
        let still = Arc::clone(&waits);
        match deed {
            Deed::Spawns => {
                recorder.note("another thread spawns a task");
                spawner.spawn(async move {
                    waits.store(false, SeqCst);
                    goal.reached.store(true, SeqCst);
                });
                world.forbid_sleep(move || {
                    let asleep =
                        "another thread has spawned a task, and the loop sleeps: it has not run it";
                    still
                        .load(SeqCst)
                        .then(|| ("lost-before-sleep", asleep.into()))
                });
            }
            Deed::Ends => {
                recorder.note("another thread makes `done` say `true`, and wakes the interrupter");
                let reached = Arc::clone(&goal);
                Waker::from(Arc::new(Reach { goal, reactor })).wake();
                world.forbid_sleep(move || {
                    let asleep = "`done` would say `true`, the interrupter was woken after that, and the loop sleeps";
                    let lost = ("lost-before-sleep", String::from(asleep));
                    reached.reached.load(SeqCst).then_some(lost)
                });
            }
            Deed::SetsATimer => {
                recorder.note("another thread sets an earlier timer");
                world.oversleeping_is("lost-before-sleep");
                let waker = Waker::from(Arc::new(Reach {
                    goal: Arc::clone(&goal),
                    reactor: reactor.clone(),
                }));
                let _entered = reactor.enter();
                let mut sleep = Box::pin(Sleep::new(SECOND));
                let polled = sleep.as_mut().poll(&mut Context::from_waker(&waker));
                assert!(polled.is_pending(), "a second has not passed");
                *goal.kept.lock().expect("nobody panics here") = Some(sleep);
            }
        }
    }
}

/// Does it at this moment of a loop that otherwise waits for an hour. Tells whether the loop came by there.
fn another_thread(rec: &Recorder, what: Deed, moment: Moment) -> bool {
    rec.note("a new loop");
    let mut scene = Scene::set(rec);
    let (race, goal) = (scene.world.race.clone(), Arc::new(Goal::default()));
    let act = deed(&scene, what, &goal);
    let hour = scene.sleeper("sleeper", HOUR);
    let mut act = Some(act);
    match moment {
        Moment::Clock(skip) => {
            if let Some(act) = act.take() {
                scene.world.at_the_clock(skip, act);
            }
        }
        Moment::Sleep => {
            let (race, act) = (race.clone(), act.take());
            scene
                .world
                .in_a_sleep(move || act.into_iter().for_each(|act| race.run(act)));
        }
        Moment::Poll => {
            let (race, act) = (race.clone(), act.take());
            scene
                .spawner
                .spawn(async move { act.into_iter().for_each(|act| race.run(act)) });
        }
        Moment::Done(_) => {}
    }
    let (reached, mut asked, rival) = (Arc::clone(&goal), 0, race.clone());
    scene.run(|| {
        if reached.reached.load(SeqCst) {
            return true;
        }
        asked += 1;
        if moment == Moment::Done(asked)
            && let Some(act) = act.take()
        {
            rival.run(act);
        }
        // Whoever has not come by there need not wait for the hour either.
        !rival.was_forced() && hour.is_finished()
    });
    race.finish();
    drop(goal.kept.lock().expect("nobody panics here").take());
    race.was_forced()
}

#[test]
fn sees_what_other_threads_do_at_any_moment() {
    grade_race!(EVENT_LOOP, |rec| {
        for what in [Deed::Spawns, Deed::Ends, Deed::SetsATimer] {
            another_thread(rec, what, Moment::Sleep);
            another_thread(rec, what, Moment::Poll);
            for number in 1..=2 {
                another_thread(rec, what, Moment::Done(number));
            }
            for skip in 0..12 {
                if !another_thread(rec, what, Moment::Clock(skip)) {
                    break;
                }
            }
        }
    });
}

#[test]
fn sees_what_other_threads_do_in_the_middle_of_a_crowd() {
    grade_race!(EVENT_LOOP, |rec| {
        // A turn may end because its budget is used up, by just the last task that was ready.
        for tasks in [1, 2, 8, 16, 31, 32, 61, 63, 64, 100, 127, 128, 256] {
            rec.note("a new loop");
            let mut scene = Scene::set(rec);
            let (race, goal) = (scene.world.race.clone(), Arc::new(Goal::default()));
            let mut act = Some(deed(&scene, Deed::Spawns, &goal));
            for _ in 0..tasks {
                scene.spawner.spawn(async {});
            }
            let (reached, rival) = (Arc::clone(&goal), race.clone());
            scene.run(|| {
                if let Some(act) = act.take() {
                    rival.run(act);
                }
                reached.reached.load(SeqCst)
            });
            race.finish();
        }
    });
}

#[test]
fn its_own_wakes_interrupt_nothing() {
    grade_race!(EVENT_LOOP, |rec| {
        let mut scene = Scene::set(rec);
        let (reader, line) = scene.reader("reader");
        scene.world.in_a_sleep(move || line.something_comes());
        let spawner = scene.spawner.clone();
        let chain = scene.spawner.spawn(async move {
            let _ = reader.await;
            for _ in 0..20 {
                sleep(SECOND).await;
                let _ = spawner.spawn(async {}).await;
            }
        });
        scene.run(|| chain.is_finished());
        let interrupts = scene.world.interrupts();
        // Its first task may have been spawned before it was awake.
        if interrupts > 5 {
            rec.advise(
                "needless-interrupt",
                format!("nobody but the loop itself has woken tasks, and its sleep was interrupted {interrupts} times"),
            );
        }
    });
}

#[test]
fn panics_if_the_selector_fails() {
    grade!(EVENT_LOOP, |rec| {
        let mut scene = Scene::set(rec);
        let _hour = scene.sleeper("sleeper", HOUR);
        rec.note("the selector fails");
        scene.world.fail_from_now_on();
        let reactor = scene.world.reactor().clone();
        let ended = catch_unwind(AssertUnwindSafe(|| {
            run_until(&mut scene.executor, &reactor, || false);
        }));
        if ended.is_ok() {
            rec.fail(
                "swallowed-error",
                "the selector failed, and the loop returned as if it were done",
            );
        }
    });
}

#[test]
fn the_runtime_runs_on_it() {
    grade!(EVENT_LOOP, |rec| {
        let _real = clock::replace(Arc::new(RealClock));
        let _system = selector::replace(Arc::new(selector::MioSelector));
        let mut runtime = Runtime::new().expect("the system has a selector");
        let words = runtime.block_on(async {
            let listener = Listener::bind("127.0.0.1:0".parse().expect("an address"));
            let listener = listener.expect("a loopback address is free");
            let address = listener.local_addr().expect("it is bound");
            let client = thread::spawn(move || talk(address));
            let (mut stream, _) = listener.accept().await.expect("a client comes");
            let echo = executor::spawn(async move {
                let mut word = [0; 5];
                stream.read_exact(&mut word).await.expect("a word comes");
                sleep(Duration::from_millis(2)).await;
                stream.write_all(&word).await.expect("the client listens");
            });
            echo.await.expect("the task does not fail");
            client
        });
        let words = words.join().expect("the client does not fail");
        rec.note(format!("the client hears {words:?}"));
    });
}

/// A client on a thread of its own.
fn talk(address: std::net::SocketAddr) -> String {
    let mut stream = TcpStream::connect(address).expect("the server listens");
    stream.write_all(b"howdy").expect("a word fits");
    let mut word = String::new();
    stream.read_to_string(&mut word).expect("it is text");
    word
}
