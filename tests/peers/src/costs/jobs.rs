//! Jobs: closures for a pool of threads, as `executor::BlockingPool` takes them.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;
use executor::{BlockingPool, SpawnBlocking, block_on};

use crate::runtimes::WORKERS;

/// Longer than any measurement: the threads are made once.
const KEEP: Duration = Duration::from_secs(600);

/// A pool as large as the other ones.
#[must_use]
pub fn pool() -> BlockingPool {
    BlockingPool::new(WORKERS, KEEP)
}

/// Gives `count` jobs to a pool that has its threads, and awaits them.
pub fn create(pool: &BlockingPool, count: usize) -> Duration {
    let submit = |number| pool.spawn(move || black_box(number));
    block_on(submit(0)).expect("nothing to panic about");
    let start = Instant::now();
    let jobs: Vec<_> = (0..count).map(submit).collect();
    let sum: usize = block_on(async {
        let mut sum = 0;
        for job in jobs {
            sum += job.await.expect("nothing to panic about");
        }
        sum
    });
    let time = start.elapsed();
    assert_eq!(sum, count * (count - 1) / 2, "every job ran");
    time
}

/// From one job to the next on the same thread: a job cannot wait, so each gives the pool the job
/// that goes on.
pub fn switch(rounds: u32) -> Duration {
    let pool = Arc::new(BlockingPool::new(1, KEEP));
    let (sender, receiver) = channel();
    let start = ProcessTime::now();
    step(&pool, 2 * rounds, sender);
    receiver.recv().expect("the last job sends");
    start.elapsed() / (2 * rounds)
}

fn step(pool: &Arc<BlockingPool>, left: u32, done: Sender<()>) {
    let next = Arc::clone(pool);
    drop(pool.spawn(move || match left {
        0 | 1 => done.send(()).expect("the receiver waits"),
        _ => step(&next, left - 1, done),
    }));
}

/// Jobs that stand in the queue of a pool whose only thread is busy until this is dropped.
pub struct Queued {
    /// Dropped, it lets the thread go on.
    _busy: Sender<()>,
    pool: BlockingPool,
    jobs: Vec<SpawnBlocking<()>>,
}

impl Queued {
    /// None yet.
    #[must_use]
    pub fn new(most: usize) -> Self {
        let pool = BlockingPool::new(1, KEEP);
        let (busy, wait) = channel::<()>();
        drop(pool.spawn(move || wait.iter().for_each(drop)));
        Self {
            _busy: busy,
            pool,
            jobs: Vec::with_capacity(most),
        }
    }

    /// So many in all.
    pub fn grow(&mut self, count: usize) {
        while self.jobs.len() < count {
            self.jobs.push(self.pool.spawn(|| ()));
        }
    }
}

impl std::fmt::Debug for Queued {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Queued")
            .field("jobs", &self.jobs.len())
            .finish_non_exhaustive()
    }
}
