//! From a thunk to a future, in five steps: ways to say "the rest of this computation, later".
//!
//!     cargo run -p simple-future --example thunk_to_future
//!
//! Lecture notes introduce futures as an old idea: a closure that goes on with a computation when it is
//! called; and they name its relatives. Each step here adds two numbers, 40 and 2, of which the
//! second comes late, and each one mends something that the step before it cannot do.

use std::cell::LazyCell;
use std::sync::mpsc::{self, TryRecvError};
use std::thread;

use simple_future::{AndThen, Poll, SimpleFuture, Slots, run_loop};

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
    println!("promise: not yet");
    start.send(()).expect("the worker waits for it");
    println!("promise: {}, after blocking", promise.recv().expect("the worker fulfils it"));
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

/// A continuation: "what to do next" is handed over as a closure and called at the right moment. But
/// control is turned inside out: every further step nests deeper, and each closure is allocated.
fn continuation() {
    type Continuation = Box<dyn FnOnce(i32)>;
    fn fetch(number: i32, later: &mut Vec<(i32, Continuation)>, then: Continuation) {
        later.push((number, then));
    }

    let mut later = Vec::new();
    let (inner, asked) = mpsc::channel::<(i32, Continuation)>();
    fetch(
        40,
        &mut later,
        Box::new(move |first| {
            let then = Box::new(move |second| println!("continuation: {}", first + second));
            inner.send((2, then)).expect("the events outlive the closures");
        }),
    );
    // The events: each calls what was left for it.
    while let Some((number, then)) = later.pop().or_else(|| asked.try_recv().ok()) {
        then(number);
    }
}

/// A future: steps like the generator's (`poll`), and a callback that says when the next one is worth
/// it (`wake`). The callback carries no value and no control: whoever polls stays in charge.
struct Late {
    number: i32,
    asked: bool,
}

impl SimpleFuture for Late {
    type Output = i32;

    fn poll(&mut self, wake: fn()) -> Poll<i32> {
        if self.asked {
            return Poll::Ready(self.number);
        }
        self.asked = true;
        wake();
        Poll::Pending
    }
}

fn main() {}
