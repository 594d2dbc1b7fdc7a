//! What is measured of a task's memory is there. Alone in its program: the allocator counts for all.

use std::sync::mpsc;
use std::thread;

use peers::counting::{self, Counting};
use peers::memory;
use peers::runtimes::{Book, LocalPool, Ours, OursIo, Runtime, Smol, Tokio, TokioIo};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Tasks of each runtime.
const COUNT: u64 = 2000;

/// Each task owns an `Arc` while it is spawned, and a state beside it.
const LEAST: f64 = 2.0 * size_of::<usize>() as f64;

#[test]
fn idle_tasks_take_at_least_the_memory_of_their_future() {
    counting::start();
    check::<Tokio>();
    check::<TokioIo>();
    check::<Ours>();
    check::<OursIo>();
    check::<Smol>();
    check::<LocalPool>();
    // Last, and on a thread of its own: it does not return as long as tasks wait.
    let (sender, each) = mpsc::channel();
    thread::spawn(move || {
        Book.run(async move {
            let each = memory::tasks::<Book>(COUNT).await;
            sender.send(each).expect("the test waits");
        });
    });
    let each = each.recv().expect("all tasks wait");
    assert!(each.bytes > LEAST, "{}: {} bytes", Book::NAME, each.bytes);
}

fn check<R: Runtime>() {
    let each = R::new().run(memory::tasks::<R>(COUNT));
    assert!(each.bytes > LEAST, "{}: {} bytes", R::NAME, each.bytes);
}
