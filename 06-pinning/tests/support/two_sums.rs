//! The two sums, by hand and by the compiler, driven by the same script, with a record of all they do.

use std::{
    cell::{Cell, RefCell},
    fmt,
    pin::Pin,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    task::{Context, Poll, Wake, Waker},
};

use course::Recorder;
use pinning::{Effect, sum_by_compiler, sum_by_hand};

use super::address::AtHome;

/// How often each future is pending.
#[derive(Clone)]
pub struct Script {
    rounds: usize,
    numbers: Vec<usize>,
    log: Rc<Log>,
}

/// What has been done, by whichever of the two.
#[derive(Default)]
struct Log {
    steps: RefCell<Vec<String>>,
    /// How many futures there were at each step.
    alive_at: RefCell<Vec<(String, usize)>>,
    alive: Cell<usize>,
    /// Whom the future that is pending would wake.
    waker: RefCell<Option<Waker>>,
}

impl Log {
    fn step(&self, step: String) {
        self.alive_at
            .borrow_mut()
            .push((step.clone(), self.alive.get()));
        self.steps.borrow_mut().push(step);
    }
}

/// What came of one run.
pub struct Run {
    /// Effects, and polls of the futures, in order.
    pub steps: Vec<String>,
    /// How many futures were alive at each step.
    pub alive: Vec<(String, usize)>,
    /// The output, if it has ended.
    pub sum: Option<u64>,
    /// Whether it said Pending with nobody to wake it.
    pub is_stuck: bool,
}

impl Script {
    /// `rounds` is pending so often, and then gives as many rounds as there are `numbers`; each number is pending so often.
    pub fn new(rounds: usize, numbers: &[usize]) -> Self {
        Script {
            rounds,
            numbers: numbers.to_vec(),
            log: Rc::default(),
        }
    }

    /// How many of its futures are alive.
    pub fn alive(&self) -> usize {
        self.log.alive.get()
    }

    /// Whether nothing has been done so far.
    pub fn is_untouched(&self) -> bool {
        self.log.steps.borrow().is_empty()
    }

    /// The sum by hand, not polled.
    pub fn start_by_hand(self, rec: &Recorder) -> impl Future<Output = u64> + use<> {
        let (rounds, rec, log) = (self.first(rec), rec.clone(), Rc::clone(&self.log));
        sum_by_hand(rounds, move |round| self.ask(&rec, round), note(log))
    }

    fn first(&self, rec: &Recorder) -> AtHome<Scripted<u32>> {
        let count = u32::try_from(self.numbers.len()).expect("scripts are short");
        self.scripted(rec, "rounds".into(), self.rounds, count)
    }

    fn ask(&self, rec: &Recorder, round: u32) -> AtHome<Scripted<u64>> {
        self.log.step(format!("ask({round})"));
        // A round too many shows in the steps.
        let pending = self.numbers.get(round as usize).copied().unwrap_or(0);
        self.scripted(
            rec,
            format!("number {round}"),
            pending,
            10 + u64::from(round),
        )
    }

    fn scripted<T: Copy + Unpin>(
        &self,
        rec: &Recorder,
        name: String,
        pending: usize,
        output: T,
    ) -> AtHome<Scripted<T>> {
        self.log.alive.set(self.log.alive.get() + 1);
        let scripted = Scripted {
            rec: rec.clone(),
            name,
            left: Some(pending),
            output,
            log: Rc::clone(&self.log),
        };
        AtHome::new(rec, "a future that is awaited", scripted)
    }
}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "with the number of rounds after {} × Pending, and ",
            self.rounds
        )?;
        match self.numbers.as_slice() {
            [] => f.write_str("no round"),
            numbers => write!(f, "the numbers after {numbers:?} × Pending"),
        }
    }
}

/// Every script with up to three rounds, in which each future is pending up to twice.
pub fn scripts() -> Vec<Script> {
    let mut all = Vec::new();
    for rounds in 0..3 {
        for length in 0..4_u32 {
            for number in 0..3_usize.pow(length) {
                let digit = |place| number / 3_usize.pow(place) % 3;
                let numbers: Vec<_> = (0..length).map(digit).collect();
                all.push(Script::new(rounds, &numbers));
            }
        }
    }
    all
}

/// Runs the sum by hand.
pub fn by_hand(rec: &Recorder, script: &Script) -> Run {
    let script = Script::new(script.rounds, &script.numbers);
    let log = Rc::clone(&script.log);
    drive(script.start_by_hand(rec), &log)
}

/// Runs the compiler's.
pub fn by_compiler(rec: &Recorder, script: &Script) -> Run {
    let script = Script::new(script.rounds, &script.numbers);
    let (rounds, rec, log) = (script.first(rec), rec.clone(), Rc::clone(&script.log));
    let sum = sum_by_compiler(
        rounds,
        |round| script.ask(&rec, round),
        note(Rc::clone(&log)),
    );
    drive(sum, &log)
}

fn note(log: Rc<Log>) -> impl FnMut(Effect) + use<> {
    move |effect| log.step(format!("{effect:?}"))
}

/// Polls as long as somebody has woken, or can be made to wake.
fn drive(future: impl Future<Output = u64>, log: &Log) -> Run {
    let mut future = Box::pin(future);
    let woken = Arc::new(Flag::default());
    let waker = Waker::from(Arc::clone(&woken));
    let (mut sum, mut is_stuck) = (None, false);
    // A bound, for a future that wakes itself for ever.
    for _ in 0..1_000 {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            sum = Some(output);
            break;
        }
        let waiting = log.waker.borrow_mut().take();
        if let Some(waiting) = waiting {
            waiting.wake();
        }
        if !woken.0.swap(false, SeqCst) {
            is_stuck = true;
            break;
        }
    }
    drop(future);
    Run {
        steps: log.steps.take(),
        alive: log.alive_at.take(),
        sum,
        is_stuck,
    }
}

#[derive(Default)]
struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, SeqCst);
    }
}

/// Pending so many times, then ready.
pub struct Scripted<T> {
    rec: Recorder,
    name: String,
    /// `None`: it was ready.
    left: Option<usize>,
    output: T,
    log: Rc<Log>,
}

impl<T: Copy + Unpin> Future for Scripted<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        let Some(left) = self.left else {
            self.rec.fail(
                "polled-after-ready",
                format!(
                    "`{}` was polled again after it had answered Ready",
                    self.name
                ),
            );
        };
        self.left = left.checked_sub(1);
        match self.left {
            Some(_) => {
                self.log.step(format!("poll {} → Pending", self.name));
                *self.log.waker.borrow_mut() = Some(cx.waker().clone());
                Poll::Pending
            }
            None => {
                self.log.step(format!("poll {} → Ready", self.name));
                Poll::Ready(self.output)
            }
        }
    }
}

impl<T> Drop for Scripted<T> {
    fn drop(&mut self) {
        self.log.alive.set(self.log.alive.get() - 1);
    }
}
