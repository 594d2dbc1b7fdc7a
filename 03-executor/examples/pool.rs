//! 3.5: a pool of threads: the work is shared, and a task may go on where another thread is free.
//!
//! ```text
//! cargo run -p executor --example pool
//! ```
//!
//! 1. Three tasks on three threads wait for each other at a barrier, which blocks: that they all
//!    come through shows that three polls run at the same time.
//! 2. A task sleeps while its thread is kept busy by another one. Woken, it goes on elsewhere.
//! 3. 1,000 tasks, and how many of them each thread has run. The numbers differ from run to run.

use std::collections::BTreeMap;
use std::sync::{Arc, Barrier};
use std::thread;

use executor::{ThreadPool, block_on, yield_now};
use waker_timer::Notify;

fn main() {
    let pool = ThreadPool::new(3);

    let barrier = Arc::new(Barrier::new(3));
    let meeting: Vec<_> = (0..3)
        .map(|_| {
            let barrier = Arc::clone(&barrier);
            pool.spawn(async move { barrier.wait().is_leader() })
        })
        .collect();
    let leaders = meeting.into_iter().map(|task| block_on(task).unwrap());
    println!("three met, one led: {}", leaders.filter(|led| *led).count());

    let wake = Arc::new(Notify::new());
    let (said_where, hears_where) = std::sync::mpsc::channel();
    let woken = Arc::clone(&wake);
    let sleeper = pool.spawn(async move {
        said_where.send(thread::current().id()).unwrap();
        woken.notified().await;
        thread::current().id()
    });
    let before = hears_where.recv().unwrap();
    // Each thread gets a task that does not leave it before the barrier has seen them all, and main.
    // The one on the sleeper's thread stays there even then.
    let (all_here, go) = (Arc::new(Barrier::new(4)), Arc::new(Barrier::new(2)));
    for _ in 0..3 {
        let (all_here, go) = (Arc::clone(&all_here), Arc::clone(&go));
        drop(pool.spawn(async move {
            all_here.wait();
            if thread::current().id() == before {
                go.wait();
            }
        }));
    }
    all_here.wait();
    wake.notify_one();
    let after = block_on(sleeper).unwrap();
    go.wait();
    println!("went on on another thread: {}", before != after);

    let tasks: Vec<_> = (0..1000)
        .map(|_| {
            pool.spawn(async {
                yield_now().await;
                thread::current().name().map(str::to_owned)
            })
        })
        .collect();
    let mut run_by = BTreeMap::new();
    for task in tasks {
        let name = block_on(task).unwrap().expect("workers have names");
        *run_by.entry(name).or_insert(0) += 1;
    }
    println!("1,000 tasks: {run_by:?}");
}
