//! Threads of the operating system.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, Builder, JoinHandle};
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;

use super::growth::Stopped;

/// Starts `count` threads that end at once, and joins them.
pub fn create(count: usize) -> Duration {
    let start = Instant::now();
    let threads: Vec<_> = (0..count).map(|_| thread::spawn(|| ())).collect();
    for thread in threads {
        thread.join().expect("nothing to panic about");
    }
    start.elapsed()
}

/// Two threads take turns: each parks until it is its turn, and unparks the other.
pub fn switch(rounds: u32) -> Duration {
    let turns = Arc::new(AtomicU64::new(0));
    let last = 2 * u64::from(rounds);
    let here = thread::current();
    let start = ProcessTime::now();
    let other = thread::spawn({
        let turns = Arc::clone(&turns);
        move || take_turns(&turns, 1, last, || here.unpark())
    });
    take_turns(&turns, 0, last, || other.thread().unpark());
    other.join().expect("nothing to panic about");
    let time = start.elapsed();
    assert_eq!(turns.load(SeqCst), last, "both took all their turns");
    time / (2 * rounds)
}

/// Every second turn is this thread's.
fn take_turns(turns: &AtomicU64, mine: u64, last: u64, unpark: impl Fn()) {
    for turn in (mine..last).step_by(2) {
        while turns.load(SeqCst) != turn {
            thread::park();
        }
        turns.store(turn + 1, SeqCst);
        unpark();
    }
}

/// Threads that wait, until this is dropped.
#[derive(Debug, Default)]
pub struct Idle {
    /// Dropped, they end.
    senders: Vec<Sender<()>>,
    /// Joined.
    threads: Vec<JoinHandle<()>>,
}

impl Idle {
    /// As many threads as wanted or possible; each has begun to wait.
    pub fn grow(&mut self, count: usize) -> Result<(), Stopped> {
        while self.threads.len() < count {
            let (sender, receiver): (_, Receiver<()>) = channel();
            let (here, arrived) = channel::<()>();
            let wait = move || {
                drop(here);
                receiver.iter().for_each(drop);
            };
            let thread = Builder::new()
                .spawn(wait)
                .map_err(|error| Stopped::by(&error))?;
            arrived.iter().for_each(drop);
            self.senders.push(sender);
            self.threads.push(thread);
        }
        Ok(())
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.threads.len()
    }
}

impl Drop for Idle {
    fn drop(&mut self) {
        self.senders.clear();
        for thread in self.threads.drain(..) {
            thread.join().expect("nothing to panic about");
        }
    }
}
