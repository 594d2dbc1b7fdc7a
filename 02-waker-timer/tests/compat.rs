//! The grader of `compat`: a plain `fn()` finds its way to the task that waits.

mod support;

use std::{
    fmt::Debug,
    io::Write,
    net::{TcpListener, TcpStream},
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicUsize, Ordering::SeqCst},
        mpsc::{self, Receiver, Sender},
    },
    task::{Context, Poll, Wake, Waker},
    thread,
};

use course::{
    Child, ChildFuture, Exercise, Race, RecordedWaker, Recorder, Task, grade, grade_race,
};
use futures::executor::block_on;
use simple_future::{Join, SimpleFuture, Socket, SocketRead};
use support::{lock, pending, ready};
use waker_timer::Compat;

const COMPAT: Exercise =
    course::exercise!("compat", stage = "02-waker-timer", feature = "my-compat");

/// Completes "… although".
const WAITS: &str = "the inner future is Pending";
const DONE: &str = "the inner future is Ready";

/// The tests of this file take turns: a `fn()` may wake whoever waits in the same process.
fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    lock(&TURN)
}

/// A scripted child as a future of stage 01.
struct Simple<T>(ChildFuture<fn(), T>);

impl<T: Debug> SimpleFuture for Simple<T> {
    type Output = T;

    fn poll(&mut self, wake: fn()) -> simple_future::Poll<T> {
        match self.0.poll_child(wake) {
            Some(output) => simple_future::Poll::Ready(output),
            None => simple_future::Poll::Pending,
        }
    }
}

fn bridge<T: Debug>(child: &Child<fn(), T>) -> Compat<Simple<T>> {
    Compat::new(Simple(child.future()))
}

#[test]
fn polls_nothing_in_new_and_gives_the_output_on() {
    grade!(COMPAT, |rec| {
        let _alone = alone();
        let child = Child::new(rec, "child").ready("seven");
        let mut task = Task::new(rec, bridge(&child));
        if child.polls() > 0 {
            rec.fail("eager", "`Compat::new` polled the inner future");
        }
        let output = ready(rec, task.poll(&rec.waker("A")), DONE);
        if output != "seven" {
            rec.fail("wrong-value", format!("the output is {output:?}"));
        }
    });
}

#[test]
fn is_woken_by_the_inner_futures_wake() {
    grade!(COMPAT, lesson, |rec| {
        let _alone = alone();
        let child = Child::new(rec, "child");
        let (mut task, a) = (Task::new(rec, bridge(&child)), rec.waker("A"));
        pending(rec, task.poll(&a), WAITS);
        rec.must_be_quiet();
        child.finish(7);
        rec.must_wake("A", "the inner future has called its wake");
        ready(rec, task.poll(&a), DONE);
    });
}

#[test]
fn wakes_the_latest_waker() {
    grade!(COMPAT, |rec| {
        let _alone = alone();
        let child = Child::new(rec, "child");
        let mut task = Task::new(rec, bridge(&child));
        for waker in [rec.waker("A"), rec.waker("B")] {
            pending(rec, task.poll(&waker), WAITS);
            rec.must_be_quiet();
        }
        child.finish(7);
        rec.must_wake("B", "the inner future has called its wake");
    });
}

#[test]
fn is_woken_from_another_thread() {
    grade!(COMPAT, |rec| {
        let _alone = alone();
        let child = Arc::new(Child::new(rec, "child"));
        let (mut task, a) = (Task::new(rec, bridge(&child)), rec.waker("A"));
        pending(rec, task.poll(&a), WAITS);
        let elsewhere = thread::spawn(move || child.finish(7));
        elsewhere.join().expect("it calls a wake and no more");
        rec.must_wake("A", "the inner future's wake was called on another thread");
        ready(rec, task.poll(&a), DONE);
    });
}

/// Calls its wake within its last poll but one.
struct WakesInPoll {
    /// How many polls are to come.
    polls: usize,
}

impl SimpleFuture for WakesInPoll {
    type Output = ();

    fn poll(&mut self, wake: fn()) -> simple_future::Poll<()> {
        self.polls -= 1;
        match self.polls {
            0 => simple_future::Poll::Ready(()),
            1 => {
                wake();
                simple_future::Poll::Pending
            }
            _ => simple_future::Poll::Pending,
        }
    }
}

#[test]
fn hears_a_wake_that_comes_during_the_poll() {
    grade_race!(COMPAT, |rec| {
        let _alone = alone();
        // The wake comes in the poll of the last of them.
        for wakers in [&["A"][..], &["B", "C"]] {
            let (race, polled) = (Race::certain(), Arc::new(Mutex::new(None)));
            race.run({
                let (rec, polled) = (rec.clone(), Arc::clone(&polled));
                move || {
                    let polls = wakers.len() + 1;
                    let mut task = Task::new(&rec, Compat::new(WakesInPoll { polls }));
                    for name in wakers {
                        *lock(&polled) = Some((*name, task.poll(&rec.waker(name))));
                    }
                }
            });
            if race.was_blocked() {
                rec.fail(
                    "polls-under-lock",
                    "the inner future called its wake within its poll, and the call did not come back: the \
                     poll and the wake want the same lock",
                );
            }
            race.finish();
            if let Some((name, Poll::Pending)) = *lock(&polled)
                && rec.wakes(name) == 0
            {
                rec.fail(
                    "check-then-register",
                    format!(
                        "the inner future called its wake within its poll, before the task's waker {name} \
                         was registered; the poll answered Pending, and nobody woke {name}"
                    ),
                );
            }
        }
    });
}

#[test]
fn hears_a_wake_that_comes_while_the_waker_is_cloned() {
    grade_race!(COMPAT, |rec| {
        let _alone = alone();
        for before in [None, Some("A")] {
            let (race, child) = (Race::new(), Arc::new(Child::new(rec, "child")));
            let mut task = Task::new(rec, bridge(&child));
            if let Some(name) = before {
                pending(rec, task.poll(&rec.waker(name)), WAITS);
            }
            let wakes = rec.wakes("B");
            let finish = race.once(move || child.finish(7));
            let latest = rec.hostile_waker("B").on_clone(finish).build();
            let polled = task.poll(&latest);
            race.finish();
            if race.was_forced() && polled.is_pending() && rec.wakes("B") == wakes {
                rec.fail(
                    "check-then-register",
                    "the inner future called its wake in the middle of the poll with waker B; the poll \
                     answered Pending, and nobody woke B",
                );
            }
        }
    });
}

/// Two futures of which one finishes first; then the other. Who was woken for nothing is polled again.
fn in_turn(rec: &Recorder, right_first: bool) {
    let names = [("left", "A"), ("right", "B")];
    let mut sides = names.map(|(name, waker)| {
        let child = Child::new(rec, name);
        let mut task = Task::named(rec, name, bridge(&child));
        let waker = rec.waker(waker);
        pending(rec, task.poll(&waker), WAITS);
        (child, task, waker)
    });
    if right_first {
        sides.reverse();
    }
    let [(first, first_task, a), (second, second_task, b)] = &mut sides;
    let (before_a, before_b) = (rec.wakes(a.name()), rec.wakes(b.name()));
    first.finish(1);
    must_hear(rec, a, before_a, first.name());
    let woken_in_vain = rec.wakes(b.name()) > before_b;
    ready(rec, first_task.poll(a), DONE);
    if woken_in_vain {
        pending(rec, second_task.poll(b), WAITS);
    }
    let before = rec.wakes(b.name());
    second.finish(2);
    must_hear(rec, b, before, second.name());
    ready(rec, second_task.poll(b), DONE);
}

/// The rule that each future's wake reaches its own task.
fn must_hear(rec: &Recorder, waker: &RecordedWaker, wakes_before: usize, future: &str) {
    let name = waker.name();
    if rec.wakes(name) == wakes_before {
        rec.fail(
            "overwritten-wake",
            format!("several futures wait; `{future}` has called its wake, and its task's waker {name} was not woken"),
        );
    }
}

#[test]
fn keeps_two_futures_apart() {
    grade_race!(COMPAT, |rec| {
        let _alone = alone();
        in_turn(rec, false);
        rec.note("now the other way round");
        in_turn(rec, true);
    });
}

/// What a crowd waits for: finished by the grader, and not recorded.
#[derive(Clone, Default)]
struct Gate(Arc<Mutex<GateState>>);

#[derive(Default)]
struct GateState {
    open: bool,
    wake: Option<fn()>,
}

impl SimpleFuture for Gate {
    type Output = ();

    fn poll(&mut self, wake: fn()) -> simple_future::Poll<()> {
        let mut state = lock(&self.0);
        state.wake = Some(wake);
        if state.open {
            simple_future::Poll::Ready(())
        } else {
            simple_future::Poll::Pending
        }
    }
}

impl Gate {
    fn open(&self) {
        let wake = {
            let mut state = lock(&self.0);
            state.open = true;
            state.wake.take()
        };
        if let Some(wake) = wake {
            wake();
        }
    }
}

/// Counts its wakes.
#[derive(Default)]
struct Count(AtomicUsize);

impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

/// One of many tasks.
struct Member {
    gate: Gate,
    /// `None` when it is finished.
    future: Option<Compat<Gate>>,
    wakes: Arc<Count>,
    /// How many wakes there were when it was last polled.
    seen: usize,
}

impl Member {
    fn new() -> Self {
        let gate = Gate::default();
        Member {
            gate: gate.clone(),
            future: Some(Compat::new(gate)),
            wakes: Arc::default(),
            seen: 0,
        }
    }

    fn is_woken(&self) -> bool {
        self.wakes.0.load(SeqCst) > self.seen
    }

    fn poll(&mut self) {
        let Some(future) = &mut self.future else {
            return;
        };
        self.seen = self.wakes.0.load(SeqCst);
        let waker = Waker::from(Arc::clone(&self.wakes));
        let polled = Pin::new(future).poll(&mut Context::from_waker(&waker));
        if polled.is_ready() {
            self.future = None;
        }
    }
}

const CROWD: usize = 1000;

#[test]
fn serves_a_thousand_at_once() {
    grade!(COMPAT, |rec| {
        let _alone = alone();
        let mut crowd: Vec<Member> = (0..CROWD).map(|_| Member::new()).collect();
        crowd.iter_mut().for_each(Member::poll);
        for (index, which) in [(0, "first"), (CROWD - 1, "last"), (CROWD / 2, "middle")] {
            rec.note(format!("the {which} of {CROWD} can finish"));
            crowd[index].gate.open();
            if !crowd[index].is_woken() {
                rec.fail(
                    "overwritten-wake",
                    format!(
                        "{CROWD} futures wait; the {which} of them has called its wake, and its task was not \
                         woken"
                    ),
                );
            }
            // As an executor does: who was woken is polled, with or without a reason.
            let woken = crowd.iter_mut().filter(|member| member.is_woken());
            woken.for_each(Member::poll);
            let finished = crowd.iter().filter(|member| member.future.is_none());
            if crowd[index].future.is_some() || finished.count() > 3 {
                rec.fail(
                    "never-ready",
                    "a task was woken and polled, and is not ready",
                );
            }
        }
    });
}

#[test]
fn may_be_moved_between_two_polls() {
    grade!(COMPAT, |rec| {
        let _alone = alone();
        let (left, right) = (Child::new(rec, "left"), Child::new(rec, "right"));
        let mut futures = [Some(bridge(&left)), Some(bridge(&right))];
        let (a, b) = (rec.waker("A"), rec.waker("B"));
        for (future, (name, waker)) in futures.iter_mut().zip([("left", &a), ("right", &b)]) {
            let future = future.as_mut().expect("neither is dropped yet");
            pending(rec, poll_in_place(rec, name, future, waker), WAITS);
        }
        rec.note("left and right change places, and left is dropped");
        futures.swap(0, 1);
        futures[1] = None;
        right.finish(2);
        if rec.wakes("B") == 0 {
            rec.fail(
                "address-as-identity",
                "two futures have changed places, and one was dropped; the other has called its wake, and \
                 its task's waker B was not woken",
            );
        }
        drop(futures);
        let because = "both futures were moved and dropped";
        must_let_go(rec, "address-as-identity", &[&a, &b], because);
        left.finish(1);
    });
}

fn poll_in_place(
    rec: &Recorder,
    name: &str,
    future: &mut Compat<Simple<u32>>,
    waker: &RecordedWaker,
) -> Poll<u32> {
    let mut context = Context::from_waker(waker.as_waker());
    rec.poll_named(
        name,
        waker.name(),
        || Pin::new(future).poll(&mut context),
        |polled| match polled {
            Poll::Ready(output) => Some(output.to_string()),
            Poll::Pending => None,
        },
    )
}

#[test]
fn a_dropped_compat_keeps_no_task_alive() {
    grade!(COMPAT, |rec| {
        let _alone = alone();
        let (cancelled, finished) = (
            Child::<fn(), u32>::new(rec, "cancelled"),
            Child::new(rec, "finished"),
        );
        let (a, b, c) = (rec.waker("A"), rec.waker("B"), rec.waker("C"));
        let mut task = Task::named(rec, "cancelled", bridge(&cancelled));
        for waker in [&a, &b] {
            pending(rec, task.poll(waker), WAITS);
        }
        drop(task);
        must_let_go(rec, "keeps-task-alive", &[&a, &b], "the future was dropped");

        let mut task = Task::named(rec, "finished", bridge(&finished));
        pending(rec, task.poll(&c), WAITS);
        finished.finish(7);
        rec.must_wake("C", "the inner future has called its wake");
        ready(rec, task.poll(&c), DONE);
        drop(task);
        must_let_go(
            rec,
            "keeps-task-alive",
            &[&c],
            "the future was ready and dropped",
        );

        rec.note("a wake comes late");
        // To the future that was dropped. There is nobody to wake, and nothing else may happen.
        cancelled.finish(7);
    });
}

/// The rule that nobody keeps a clone of a task's waker for a future that is gone.
fn must_let_go(rec: &Recorder, code: &str, wakers: &[&RecordedWaker], because: &str) {
    for waker in wakers {
        let clones = waker.clones_alive();
        if clones > 0 {
            rec.fail(
                code,
                format!(
                    "waker {} is still kept ({clones} times) although {because}",
                    waker.name()
                ),
            );
        }
    }
}

#[test]
fn a_woken_task_may_poll_at_once() {
    grade_race!(COMPAT, |rec| {
        let _alone = alone();
        let (race, child) = (Race::new(), Child::new(rec, "child"));
        let task = Arc::new(Mutex::new(Task::new(rec, bridge(&child))));
        let rival = {
            let (rec, task) = (rec.clone(), Arc::clone(&task));
            move || {
                ready(&rec, lock(&task).poll(&rec.waker("B")), DONE);
            }
        };
        let hook = race.once(rival);
        let a = rec.hostile_waker("A").on_wake(hook).build();
        pending(rec, lock(&task).poll(&a), WAITS);
        child.finish("seven");
        rec.must_wake("A", "the inner future has called its wake");
        race.finish();
        if race.was_blocked() {
            rec.advise(
                "wakes-under-lock",
                "a poll from within the wake had to wait until the wake was over",
            );
        }
    });
}

/// A waker for one poll, and the place where its wake arrives.
fn bell() -> (Waker, Receiver<()>) {
    struct Bell(Sender<()>);

    impl Wake for Bell {
        fn wake(self: Arc<Self>) {
            // Nobody listens any more: the wake was for an earlier poll.
            let _ = self.0.send(());
        }
    }

    let (ring, rung) = mpsc::channel();
    (Waker::from(Arc::new(Bell(ring))), rung)
}

/// One poll, with a waker of its own, that has to be Pending.
fn wait_in<F>(rec: &Recorder, future: &mut F) -> Receiver<()>
where
    F: Future<Output: Debug> + Unpin,
{
    let (waker, rung) = bell();
    let polled = Pin::new(future).poll(&mut Context::from_waker(&waker));
    pending(rec, polled, "nothing was sent");
    rung
}

#[test]
fn reads_from_real_sockets() {
    grade!(COMPAT, |rec| {
        let _alone = alone();
        let [(first, mut one), (second, mut two), (third, mut three)] =
            [(); 3].map(|()| connected());
        let mut single = Compat::new(SocketRead::new(&first));
        let mut both = Compat::new(Join::new(SocketRead::new(&second), SocketRead::new(&third)));
        wait_in(rec, &mut single);
        let mut rung = wait_in(rec, &mut both);

        // Each is sent when nothing else can wake. If it does not, `recv` waits for ever, and the time
        // limit says so.
        let woken = "a socket has called its callback, and its task's waker was dropped unwoken";
        let hear = |rung: Receiver<()>| {
            if rung.recv().is_err() {
                rec.fail("lost-wakeup", woken);
            }
        };
        two.write_all(b"two").expect("a word fits");
        hear(rung);
        rung = wait_in(rec, &mut both);
        three.write_all(b"three").expect("a word fits");
        hear(rung);
        let (read_two, read_three) = block_on(both);
        rung = wait_in(rec, &mut single);
        one.write_all(b"one").expect("a word fits");
        hear(rung);
        for (read, text) in [
            (block_on(single), "one"),
            (read_two, "two"),
            (read_three, "three"),
        ] {
            let bytes = read.expect("the peer is there");
            if bytes != text.as_bytes() {
                let read = String::from_utf8_lossy(&bytes).into_owned();
                rec.fail(
                    "wrong-value",
                    format!("{text:?} was sent, and {read:?} was read"),
                );
            }
        }
        rec.note("all three were read");
    });
}

/// A socket and its peer.
fn connected() -> (Socket, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback address is free");
    let address = listener.local_addr().expect("it is bound");
    let peer = TcpStream::connect(address).expect("the listener listens");
    let (ours, _) = listener.accept().expect("the peer has connected");
    (
        Socket::new(ours).expect("a stream can be made non-blocking"),
        peer,
    )
}
