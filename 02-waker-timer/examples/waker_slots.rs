//! 2.8: the lock-free `AtomicWaker` beside the mutex of `LockedWaker`.
//!
//! ```text
//! cargo run --release -p waker-timer --example waker_slots
//! ```
//!
//! Expect nanoseconds for one `register` with the `wake` that follows, first on one thread, then
//! while a second thread wakes all the time. On one thread the two hardly differ: a mutex that
//! nobody else wants is as cheap as the state of the protocol. Beside the second thread it depends
//! on the machine, and the mutex may well win. What the protocol gains is not in the figures:
//! whoever wakes never waits for whoever registers.

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::task::Waker;
use std::thread;
use std::time::Instant;

use waker_timer::{AtomicWaker, LockedWaker};

const ROUNDS: u32 = 2_000_000;

fn main() {
    let (atomic, locked) = (AtomicWaker::new(), LockedWaker::new());
    println!("{:<14}{:>12}{:>14}", "", "alone, ns", "contended, ns");
    measure("AtomicWaker", |w| atomic.register(w), || atomic.wake());
    measure("LockedWaker", |w| locked.register(w), || locked.wake());
}

fn measure(name: &str, register: impl Fn(&Waker), wake: impl Fn() + Sync) {
    let alone = nanos_a_round(&register, &wake);
    let stop = AtomicBool::new(false);
    let contended = thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Relaxed) {
                wake();
            }
        });
        let contended = nanos_a_round(&register, &wake);
        stop.store(true, Relaxed);
        contended
    });
    println!("{name:<14}{alone:>12.1}{contended:>14.1}");
}

fn nanos_a_round(register: impl Fn(&Waker), wake: impl Fn()) -> f64 {
    let waker = black_box(Waker::noop());
    let start = Instant::now();
    for _ in 0..ROUNDS {
        register(waker);
        wake();
    }
    start.elapsed().as_secs_f64() * 1e9 / f64::from(ROUNDS)
}
