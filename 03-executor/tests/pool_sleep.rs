//! The sleep of a pool's workers, in every order of its steps: no job is left lying while they sleep.
//!
//! `src/idle.rs` is built once more, on the types of loom, around a queue as simple as can be. A job
//! that nobody comes for shows as a deadlock. (Loom knows no time: who watches is tested in
//! `pool.rs`.)

#[path = "../src/idle.rs"]
#[allow(dead_code, reason = "a part of the library, in a program")]
mod idle;
#[path = "../src/lock.rs"]
mod lock;

mod sync {
    pub(crate) use loom::sync::{Condvar, Mutex, MutexGuard};
    pub(crate) use std::sync::PoisonError;

    pub(crate) mod atomic {
        pub(crate) use loom::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    }
}

use idle::{Idle, Look};
use lock::lock;
use loom::sync::Arc;
use loom::thread;
use sync::Mutex;

/// A pool whose jobs are counted and nothing else.
struct Pool {
    idle: Idle,
    state: Mutex<State>,
}

struct State {
    queued: usize,
    /// How many are to be done before the pool ends.
    left: usize,
}

impl Pool {
    fn push(&self) {
        lock(&self.state).queued += 1;
        self.idle.notify();
    }

    fn take(&self) -> bool {
        let mut state = lock(&self.state);
        let some = state.queued > 0;
        state.queued -= usize::from(some);
        some
    }

    fn work(&self, worker: usize) {
        loop {
            self.idle.search();
            while !self.take() {
                if lock(&self.state).left == 0 {
                    return;
                }
                self.idle.sleep(worker, || self.look());
            }
            if self.idle.found() && self.look() == Look::Work {
                self.idle.notify();
            }
            let last = {
                let mut state = lock(&self.state);
                state.left -= 1;
                state.left == 0
            };
            if last {
                self.idle.notify_all();
            }
        }
    }

    fn look(&self) -> Look {
        let state = lock(&self.state);
        match state.queued > 0 || state.left == 0 {
            true => Look::Work,
            false => Look::Nothing,
        }
    }
}

/// Tries the orders in which so many threads push a job each and so many workers do them, as far as
/// `switches` steps interrupt another thread.
fn explore(pushers: usize, workers: usize, switches: usize) {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(switches);
    model.check(move || {
        let pool = Arc::new(Pool {
            idle: Idle::new(workers),
            state: Mutex::new(State {
                queued: 0,
                left: pushers,
            }),
        });
        let mut threads = Vec::new();
        for worker in 0..workers {
            let pool = Arc::clone(&pool);
            threads.push(thread::spawn(move || pool.work(worker)));
        }
        for _ in 1..pushers {
            let pool = Arc::clone(&pool);
            threads.push(thread::spawn(move || pool.push()));
        }
        pool.push();
        for thread in threads {
            thread.join().expect("no panic");
        }
    });
}

#[test]
fn a_job_finds_the_one_worker() {
    explore(1, 1, 4);
}

#[test]
fn two_jobs_find_the_one_worker() {
    explore(2, 1, 3);
}

#[test]
fn a_job_finds_one_of_two_workers_and_the_end_finds_both() {
    explore(1, 2, 2);
}
