//! 3.8: one executor a thread: a task stays where it was spawned, and so do those it spawns.
//!
//! ```text
//! cargo run -p executor --example per_thread
//! ```
//!
//! Expect both threads to have three tasks of six, each of which saw one thread only. In the shared
//! pool beside it, a task may change threads, and how many do differs from run to run.

use std::collections::{BTreeMap, BTreeSet};
use std::thread;

use executor::{PerThread, ThreadPool, block_on, yield_now};

/// The names of the threads on which a task and a task of that task have run.
async fn threads_seen() -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    for _ in 0..10_000 {
        seen.insert(here());
        yield_now().await;
    }
    let child = executor::spawn(async { here() });
    seen.insert(child.await.expect("naming a thread does not panic"));
    seen
}

fn here() -> String {
    let name = thread::current().name().map(str::to_owned);
    name.expect("the threads of an executor have names")
}

fn main() {
    let threads = PerThread::new(2);
    let tasks: Vec<_> = (0..6).map(|_| threads.spawn(threads_seen())).collect();
    let mut counts = BTreeMap::new();
    for task in tasks {
        *counts.entry(block_on(task).unwrap()).or_insert(0) += 1;
    }
    for (seen, tasks) in counts {
        println!("{tasks} tasks have seen {seen:?}");
    }

    let pool = ThreadPool::new(2);
    let tasks: Vec<_> = (0..6).map(|_| pool.spawn(threads_seen())).collect();
    let seen = tasks.into_iter().map(|task| block_on(task).unwrap().len());
    let moved = seen.filter(|threads| *threads > 1).count();
    println!("in a shared pool, {moved} of 6 have seen both threads");
}
