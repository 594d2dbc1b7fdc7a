//! Switching between tasks that are always ready.

use std::time::{Duration, Instant};

use crate::runtimes::Runtime;
use crate::yield_once::yield_once;

/// `tasks` tasks yield `yields` times each, among each other.
pub fn yield_many<R: Runtime>(runtime: &mut R, tasks: u64, yields: u64) -> Duration {
    let (time, polls) = runtime.run(async move {
        let start = Instant::now();
        let spawn_one = |_| {
            R::spawn(async move {
                let mut count = 0;
                for _ in 0..yields {
                    yield_once().await;
                    count += 1;
                }
                count
            })
        };
        let handles: Vec<_> = (0..tasks).map(spawn_one).collect();
        let mut sum = 0;
        for handle in handles {
            sum += handle.await;
        }
        (start.elapsed(), sum)
    });
    assert_eq!(polls, tasks * yields, "{}: every task yielded", R::NAME);
    time
}
