//! From a thunk to a future, in five steps: ways to say "the rest of this computation, later".
//!
//!     cargo run -p simple-future --example thunk_to_future
//!
//! A future is an old idea: a closure that goes on with a computation when it is called. Delay and
//! force, promises, generators and continuations are its relatives. Each step here adds 40 and 2, and
//! mends something that the step before it could not do.

use std::cell::{Cell, LazyCell};
use std::collections::VecDeque;
use std::sync::mpsc::{self, TryRecvError};
use std::thread;

use simple_future::{AndThen, Join, Poll, SimpleFuture, Slots, run_loop};

/// Delay and force: the closure is the computation, and runs when the value is wanted.
/// It runs to its end in one go, on the thread of whoever asks.
fn thunk() {
    let sum = LazyCell::new(|| {
        println!("thunk: computing now");
        40 + 2
    });
    println!("thunk: nothing has run");
    println!("thunk: {}, and again {}", *sum, *sum);
}

/// A promise: somebody else computes, and the value can be asked for. But to ask is either to look
/// and go away, or to block a thread.
fn promise() {
    let (fulfil, promise) = mpsc::channel();
    let (start, started) = mpsc::channel();
    let worker = thread::spawn(move || {
        started.recv().expect("main starts it");
        fulfil.send(40 + 2).expect("main waits for it");
    });
    assert_eq!(promise.try_recv(), Err(TryRecvError::Empty));
    println!("promise: not yet, and nobody will say when");
    start.send(()).expect("the worker waits for it");
    println!(
        "promise: {}, after blocking",
        promise.recv().expect("the worker fulfils it")
    );
    worker.join().expect("the worker does not panic");
}

/// What one step of a generator gave.
enum Step {
    /// It stopped halfway, and keeps what it has.
    Yielded,
    /// It is finished.
    Finished(i32),
}

/// A generator: the computation is cut into steps, and one thread can go back and forth between
/// several. But nobody says when the next step is worth a call.
fn generator() {
    let mut first = None;
    let mut step = move || match first {
        None => {
            first = Some(40);
            Step::Yielded
        }
        Some(first) => Step::Finished(first + 2),
    };
    let mut steps = 1;
    let sum = loop {
        match step() {
            Step::Yielded => steps += 1,
            Step::Finished(sum) => break sum,
        }
    };
    println!("generator: {sum}, in {steps} steps");
}

/// A continuation: "what to do next" is handed over as a closure, and called when it is time. But each
/// further step is one level deeper and one box more, and whoever calls is in charge.
fn continuation() {
    let mut events = Events::default();
    events.fetch(40, |first, events| {
        events.fetch(2, move |second, _| {
            println!("continuation: {}, two closures deep", first + second);
        });
    });
    while let Some((number, then)) = events.0.pop_front() {
        then(number, &mut events);
    }
}

/// The numbers that are to come, each with what was left for it.
#[derive(Default)]
struct Events(VecDeque<(i32, Continuation)>);

type Continuation = Box<dyn FnOnce(i32, &mut Events)>;

impl Events {
    fn fetch(&mut self, number: i32, then: impl FnOnce(i32, &mut Events) + 'static) {
        self.0.push_back((number, Box::new(then)));
    }
}

/// A future: steps like the generator's (`poll`), and a callback that says when the next step is worth
/// it (`wake`). The callback carries no value and has no say: whoever polls stays in charge.
fn future() {
    let (first, second) = (Parcel::default(), Parcel::default());
    // Flat, boxed once for the whole task, and nothing has run yet.
    let sum = AndThen::new(
        Join::new(Arrival(&first), Arrival(&second)),
        |(first, second)| {
            println!("future: {}", first + second);
            Done
        },
    );
    let slots = Slots::claim(2).expect("nobody else has any");
    run_loop(
        vec![Box::new(sum), Box::new(Courier(&first, &second))],
        &slots,
    );
}

/// Where one number is left for one reader.
#[derive(Default)]
struct Parcel {
    number: Cell<Option<i32>>,
    /// The reader's latest wake.
    reader: Cell<Option<fn()>>,
}

/// Ready when the number is there.
struct Arrival<'a>(&'a Parcel);

impl SimpleFuture for Arrival<'_> {
    type Output = i32;

    fn poll(&mut self, wake: fn()) -> Poll<i32> {
        match self.0.number.take() {
            Some(number) => Poll::Ready(number),
            None => {
                println!("future: not yet");
                self.0.reader.set(Some(wake));
                Poll::Pending
            }
        }
    }
}

/// The other task: it brings both numbers.
struct Courier<'a>(&'a Parcel, &'a Parcel);

impl SimpleFuture for Courier<'_> {
    type Output = ();

    fn poll(&mut self, _wake: fn()) -> Poll<()> {
        for (parcel, number) in [(self.0, 40), (self.1, 2)] {
            parcel.number.set(Some(number));
            if let Some(wake) = parcel.reader.take() {
                wake();
            }
        }
        Poll::Ready(())
    }
}

/// Ready at once: the end of a chain that has nothing to give.
struct Done;

impl SimpleFuture for Done {
    type Output = ();

    fn poll(&mut self, _wake: fn()) -> Poll<()> {
        Poll::Ready(())
    }
}

fn main() {
    thunk();
    promise();
    generator();
    continuation();
    future();
}
