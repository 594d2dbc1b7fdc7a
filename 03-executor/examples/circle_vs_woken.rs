//! 3.2: polling everything in a circle, against polling what was woken.
//!
//! ```text
//! cargo run --release -p executor --example circle_vs_woken
//! ```
//!
//! Ten tasks wait for a timer each: 20, 40, … 200 milliseconds. Expect of both the same result after
//! the same time. In the circle that takes polls by the hundred thousand or more, and as much
//! processor time as time passed; woken, it takes 20 polls (two for each task, and perhaps one or
//! the other for a timer that had passed before its first) and next to no processor time.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;
use executor::mini_tokio::MiniTokio;
use executor::new_executor_and_spawner;
use futures::future::poll_fn;
use waker_timer::TimerFuture;

fn main() {
    println!(
        "{:<22}{:>10}{:>10}{:>10}",
        "executor", "polls", "ms", "CPU ms"
    );
    measure("polls in a circle", |tasks| {
        let mut mini_tokio = MiniTokio::new();
        tasks.for_each(|task| mini_tokio.spawn(task));
        mini_tokio.run();
    });
    measure("polls what was woken", |tasks| {
        let (mut executor, spawner) = new_executor_and_spawner();
        tasks.for_each(|task| drop(spawner.spawn(task)));
        drop(spawner);
        executor.run();
    });
}

/// Runs ten tasks that wait, and prints what it took.
fn measure<F>(name: &str, run: F)
where
    F: FnOnce(&mut dyn Iterator<Item = std::pin::Pin<Box<dyn Future<Output = ()> + Send>>>),
{
    let polls = Arc::new(AtomicU64::new(0));
    let (start, cpu) = (Instant::now(), ProcessTime::now());
    run(&mut (1..=10).map(|number| {
        let timer = TimerFuture::new(Duration::from_millis(20 * number));
        Box::pin(counted(timer, Arc::clone(&polls))) as _
    }));
    let cpu = cpu.elapsed().as_secs_f64() * 1000.0;
    let polls = polls.load(Relaxed);
    let millis = start.elapsed().as_millis();
    println!("{name:<22}{polls:>10}{millis:>10}{cpu:>10.1}");
}

/// Counts the polls of a future.
async fn counted(future: impl Future<Output = ()>, polls: Arc<AtomicU64>) {
    let mut future = pin!(future);
    poll_fn(|cx| {
        polls.fetch_add(1, Relaxed);
        future.as_mut().poll(cx)
    })
    .await;
}
