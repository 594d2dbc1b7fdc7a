//! 3.1: many tasks wait at the same time: together they take as long as the longest, not the sum.
//!
//! ```text
//! cargo run -p executor --example n_timers
//! ```
//!
//! 100 tasks wait 10, 20, … 1,000 milliseconds, on one thread. The sum is 50.5 seconds. Expect a
//! little more than one second, and next to no processor time.

use std::time::{Duration, Instant};

use cpu_time::ProcessTime;
use executor::new_executor_and_spawner;
use waker_timer::TimerFuture;

fn main() {
    let waits: Vec<_> = (1..=100).map(|n| Duration::from_millis(10 * n)).collect();
    let (mut executor, spawner) = new_executor_and_spawner();
    let (start, cpu) = (Instant::now(), ProcessTime::now());
    for &wait in &waits {
        drop(spawner.spawn(async move { TimerFuture::new(wait).await }));
    }
    drop(spawner);
    executor.run();

    let sum: Duration = waits.iter().sum();
    println!("tasks    {:>8}", waits.len());
    println!("the sum  {sum:>8.1?}");
    println!("longest  {:>8.1?}", waits[waits.len() - 1]);
    println!("it took  {:>8.1?}", start.elapsed());
    println!("CPU time {:>8.1?}", cpu.elapsed());
}
