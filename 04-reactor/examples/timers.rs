//! 4.5: 100,000 timers on one thread, and what each of them costs.
//!
//! ```text
//! cargo run --release -p reactor --example timers
//! ```
//!
//! Expect 100,000 tasks that sleep up to a second each, all of them done soon after that second, on
//! one thread; then 100,000 that are given up, and none left. Then, for the wheel and for the sorted
//! map, nanoseconds for one timer that is made, given up, and fired.

use std::task::Waker;
use std::time::{Duration, Instant};

use reactor::{Runtime, SortedTimers, Timers, sleep, timeout};

const COUNT: usize = 100_000;

/// Nanoseconds for making, giving up and firing one timer.
macro_rules! costs {
    ($timers:expr) => {{
        let mut timers = $timers;
        let start = Instant::now();
        let whens: Vec<Instant> = offsets().map(|offset| start + offset).collect();
        let mut make = || {
            let made = whens
                .iter()
                .map(|when| timers.insert(*when, Waker::noop().clone()));
            made.collect::<Vec<_>>()
        };
        let (made, keys) = timed(&mut make);
        let _again = make();
        let (removed, ()) = timed(|| keys.into_iter().for_each(|key| drop(timers.remove(key))));
        let mut due = Vec::with_capacity(COUNT);
        let (fired, ()) = timed(|| timers.fire(start + Duration::from_secs(1), &mut due));
        assert_eq!((due.len(), timers.len()), (COUNT, 0));
        [made, removed, fired]
    }};
}

fn main() -> std::io::Result<()> {
    let mut runtime = Runtime::new()?;
    let start = Instant::now();
    let latest = runtime.block_on(async {
        let tasks: Vec<_> = offsets()
            .map(|offset| executor::spawn(late_by(offset)))
            .collect();
        let mut latest = Duration::ZERO;
        for task in tasks {
            latest = latest.max(task.await.expect("a sleeper does not panic"));
        }
        latest
    });
    println!(
        "{COUNT} tasks slept up to a second each: {:?}, the latest woke {latest:?} late",
        start.elapsed()
    );
    if let Some(threads) = threads() {
        println!("Threads: {threads}");
    }

    runtime.block_on(async {
        for _ in 0..COUNT {
            // It waits for its hour once, and then there is something better to do.
            let limited = timeout(Duration::from_secs(3600), executor::yield_now()).await;
            limited.expect("an hour has not passed");
        }
    });
    println!(
        "{COUNT} time limits were not needed: {} timers are left",
        runtime.reactor().timers()
    );

    println!(
        "{:<12}{:>10}{:>10}{:>10}  ns for one timer",
        "", "make", "give up", "fire"
    );
    let (mut wheel, mut sorted) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        wheel.push(costs!(Timers::new(Instant::now())));
        sorted.push(costs!(SortedTimers::new()));
    }
    print("wheel", wheel);
    print("sorted map", sorted);
    Ok(())
}

/// Sleeps, and says how long after its time it woke.
async fn late_by(offset: Duration) -> Duration {
    let when = Instant::now() + offset;
    sleep(offset).await;
    Instant::now() - when
}

/// Up to a second each, in no order.
fn offsets() -> impl Iterator<Item = Duration> {
    (0..COUNT as u64).map(|number| Duration::from_nanos(number * 7_919_777_777 % 1_000_000_000))
}

/// The number of threads of this process, where the system has a file that says so.
fn threads() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("Threads:"))?;
    Some(line.trim().to_owned())
}

/// How long it takes, in nanoseconds for one of [`COUNT`].
fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let result = work();
    (start.elapsed().as_secs_f64() * 1e9 / COUNT as f64, result)
}

/// Prints the median of each column.
fn print(name: &str, rounds: Vec<[f64; 3]>) {
    print!("{name:<12}");
    for column in 0..3 {
        let mut values: Vec<f64> = rounds.iter().map(|round| round[column]).collect();
        values.sort_unstable_by(f64::total_cmp);
        print!("{:>10.0}", values[values.len() / 2]);
    }
    println!();
}
