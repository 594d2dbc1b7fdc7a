//! 2.3: the delayed hello of Tokio's "Async in depth", with its delay in three steps side by side.
//!
//! ```text
//! cargo run --release -p waker-timer --example delayed_hello
//! ```
//!
//! Each delay takes 200 milliseconds, and shares its task with a neighbour that is polled 50 times
//! meanwhile: a future does not choose how often it is polled. Expect
//!
//! - step 1, waking itself: polls by the hundred thousand or more, and as much processor time as
//!   time passed;
//! - step 2, a thread per poll: about 50 polls and a thread for each of them;
//! - step 3, one thread that finds the latest waker: as many polls and *one* thread;
//! - the same on top of `Notify`.
//!
//! The real clock is wrapped by one that counts: each ring that is asked for is a thread.

use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::thread;
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;
use futures::executor::block_on;
use futures::future::{join, poll_fn};
use waker_timer::clock::{self, Clock, RealClock};
use waker_timer::{Delay, SelfWakingDelay, ThreadPerPollDelay, delay_on_notify};

const WAIT: Duration = Duration::from_millis(200);

fn main() {
    let threads = Arc::new(CountingClock::new());
    let _replaced = clock::replace(threads.clone());
    println!(
        "{:<24}{:>10}{:>9}{:>10}",
        "delay", "polls", "threads", "CPU ms"
    );
    measure("1 waking itself", &threads, SelfWakingDelay::new(WAIT));
    measure(
        "2 a thread per poll",
        &threads,
        ThreadPerPollDelay::new(WAIT),
    );
    measure("3 the latest waker", &threads, Delay::new(WAIT));
    measure("on Notify", &threads, delay_on_notify(WAIT));
}

/// Runs the delayed hello on `delay`, and prints what it took.
fn measure(name: &str, clock: &CountingClock, delay: impl Future<Output = ()> + Send) {
    let mut polls = 0;
    let cpu = ProcessTime::now();
    let mut delay = pin!(delay);
    let counted = poll_fn(|cx| {
        polls += 1;
        delay.as_mut().poll(cx)
    });
    let task = join(delayed_hello(counted), Neighbour(50));
    // A thread of its own, because `block_on` has one waker for each thread: a late wake of one
    // delay would poll the next one.
    let (hello, ()) = thread::scope(|scope| scope.spawn(|| block_on(task)).join())
        .expect("a delay does not panic");

    let threads = clock.join();
    let cpu = cpu.elapsed().as_secs_f64() * 1000.0;
    println!("{name:<24}{polls:>10}{threads:>9}{cpu:>10.1}   {hello}");
}

async fn delayed_hello(delay: impl Future<Output = ()>) -> &'static str {
    delay.await;
    "hello"
}

/// Busy with something else in the same task: asks for one more poll this many times.
struct Neighbour(u32);

impl Future for Neighbour {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Some(left) = self.0.checked_sub(1) else {
            return Poll::Ready(());
        };
        self.0 = left;
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

/// The real clock, with a count of the threads that it starts.
struct CountingClock {
    /// How often somebody asked for a ring.
    started: AtomicUsize,
    /// Told by each thread that it has rung.
    rang: Sender<()>,
    /// The other end; behind a mutex because a clock is shared by threads.
    rings: Mutex<Receiver<()>>,
}

impl CountingClock {
    fn new() -> Self {
        let (rang, rings) = channel();
        Self {
            started: AtomicUsize::new(0),
            rang,
            rings: Mutex::new(rings),
        }
    }

    /// Waits until all that was started has rung, and gives its number.
    fn join(&self) -> usize {
        let started = self.started.swap(0, Relaxed);
        let rings = self.rings.lock().expect("nobody panics with it");
        rings.iter().take(started).count()
    }
}

impl Clock for CountingClock {
    fn now(&self) -> Instant {
        RealClock.now()
    }

    fn ring_after(&self, after: Duration, callback: Box<dyn FnOnce() + Send>) {
        self.started.fetch_add(1, Relaxed);
        let rang = self.rang.clone();
        let callback = Box::new(move || {
            callback();
            rang.send(()).expect("the clock lives as long as `main`");
        });
        RealClock.ring_after(after, callback);
    }
}
