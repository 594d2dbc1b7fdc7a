//! Tasks of this course's executor on one thread.

use std::future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::task::Poll;
use std::time::Duration;

use cpu_time::ProcessTime;
use futures::task::AtomicWaker;

use crate::runtimes::{Ours, Runtime};
use crate::spawn::spawn_many;
use crate::yield_once::yield_once;

/// Spawns `count` tasks that end at once, and awaits them.
pub fn create(count: usize) -> Duration {
    spawn_many(&mut Ours::new(), count as u64)
}

/// Two tasks take turns: each waits until it is its turn, and wakes the other.
pub fn switch(rounds: u32) -> Duration {
    let last = 2 * u64::from(rounds);
    let (time, turns) = Ours::new().run(async move {
        let turns = Arc::new(Turns::default());
        let start = ProcessTime::now();
        let player = |mine| Ours::spawn(Arc::clone(&turns).take(mine, last));
        let both = [player(0), player(1)];
        for player in both {
            player.await;
        }
        (start.elapsed(), turns.taken.load(SeqCst))
    });
    assert_eq!(turns, last, "both took all their turns");
    time / (2 * rounds)
}

/// Whose turn it is, and who waits for it.
#[derive(Default)]
struct Turns {
    taken: AtomicU64,
    players: [AtomicWaker; 2],
}

impl Turns {
    /// Every second turn is this player's.
    async fn take(self: Arc<Self>, mine: u64, last: u64) {
        let (me, other) = (
            &self.players[mine as usize],
            &self.players[1 - mine as usize],
        );
        for turn in (mine..last).step_by(2) {
            future::poll_fn(|cx| {
                me.register(cx.waker());
                match self.taken.load(SeqCst) == turn {
                    true => Poll::Ready(()),
                    false => Poll::Pending,
                }
            })
            .await;
            self.taken.store(turn + 1, SeqCst);
            other.wake();
        }
    }
}

/// Spawns tasks that wait for ever, and waits until they do.
pub async fn idle(count: u64) {
    /// Spawned before they are polled, so that a queue's capacity does not count as theirs.
    const AT_ONCE: u64 = 1000;

    let mut left = count;
    while left > 0 {
        let waiting = Arc::new(AtomicU64::new(0));
        let now = left.min(AT_ONCE);
        for _ in 0..now {
            let waiting = Arc::clone(&waiting);
            Ours::detach(Ours::spawn(async move {
                waiting.fetch_add(1, SeqCst);
                drop(waiting);
                future::pending::<()>().await;
            }));
        }
        while waiting.load(SeqCst) < now {
            yield_once().await;
        }
        left -= now;
    }
}
