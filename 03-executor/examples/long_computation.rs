//! 3.6: a long computation delays everybody else on its thread; two cures.
//!
//! ```text
//! cargo run --release -p executor --example long_computation
//! ```
//!
//! One task wants to wake up every 10 milliseconds. Beside it, on the same thread, another one
//! computes for about 300. Expect the worst delay of a tick to be
//!
//! - without a cure: nearly the whole 300 ms, because nobody can interrupt a poll;
//! - with `yield_now` after each small part: about a part, here well below a millisecond or two;
//! - with `spawn_blocking`: about that of an idle machine, if it has a second processor.

use std::hint::black_box;
use std::time::{Duration, Instant};

use executor::{CurrentThread, spawn, spawn_blocking, yield_now};
use waker_timer::TimerFuture;

const TICK: Duration = Duration::from_millis(10);
const COMPUTATION: Duration = Duration::from_millis(300);

fn main() {
    println!("{:<16}{:>14}{:>12}", "computation", "worst delay", "in all");
    measure("none", async {});
    measure("at one go", async { compute(COMPUTATION) });
    measure("with yield_now", async {
        let end = Instant::now() + COMPUTATION;
        while Instant::now() < end {
            compute(Duration::from_micros(200));
            yield_now().await;
        }
    });
    measure("spawn_blocking", async {
        let done = spawn_blocking(|| compute(COMPUTATION)).await;
        done.expect("the computation does not panic");
    });
}

/// Runs `computation` beside a task that ticks, and prints by how much the ticks came too late.
fn measure(name: &str, computation: impl Future<Output = ()> + Send + 'static) {
    let start = Instant::now();
    let worst = CurrentThread::new().block_on(async {
        let ticker = spawn(worst_delay(40));
        let computing = spawn(computation);
        computing.await.expect("the computation does not panic");
        ticker.await.expect("ticking does not panic")
    });
    let all = start.elapsed();
    println!("{name:<16}{worst:>14.1?}{all:>12.1?}");
}

/// Ticks so many times, and gives the longest time by which a tick came too late.
async fn worst_delay(ticks: u32) -> Duration {
    let mut worst = Duration::ZERO;
    for _ in 0..ticks {
        let start = Instant::now();
        TimerFuture::new(TICK).await;
        worst = worst.max(start.elapsed() - TICK);
    }
    worst
}

/// Keeps the processor busy for so long.
fn compute(time: Duration) {
    let end = Instant::now() + time;
    let mut sum = 0_u64;
    while Instant::now() < end {
        sum = (0..1_000).fold(sum, |sum, number| black_box(sum.wrapping_add(number)));
    }
    black_box(sum);
}
