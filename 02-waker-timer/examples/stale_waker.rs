//! 2.4: a future moves from one task to another, and the wake goes to the wrong one.
//!
//! ```text
//! cargo run -p waker-timer --example stale_waker
//! ```
//!
//! A delay is polled by task A, handed over, and polled by task B. Then its time comes. Expect
//!
//! ```text
//! keeps the first waker    A woken: 1   B woken: 0   B waits for ever
//! keeps the latest waker   A woken: 0   B woken: 1   B is polled, and ready
//! ```

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use waker_timer::{ArcWake, Delay, ManualClock, clock, waker};

const WAIT: Duration = Duration::from_secs(60);

fn main() {
    let time = Arc::new(ManualClock::new());
    let _replaced = clock::replace(time.clone());
    show("keeps the first waker", &time, StaleDelay::new(WAIT));
    show("keeps the latest waker", &time, Delay::new(WAIT));
}

fn show(name: &str, time: &ManualClock, mut delay: impl Future<Output = ()> + Unpin) {
    let (a, b) = (Arc::new(Task::default()), Arc::new(Task::default()));
    assert_eq!(poll_by(&a, &mut delay), Poll::Pending);
    assert_eq!(poll_by(&b, &mut delay), Poll::Pending);
    time.advance(WAIT);

    let (a, woken_b) = (a.0.load(SeqCst), b.0.load(SeqCst));
    let end = match woken_b {
        0 => "B waits for ever",
        _ if poll_by(&b, &mut delay).is_ready() => "B is polled, and ready",
        _ => "B was woken too early",
    };
    println!("{name:<25}A woken: {a}   B woken: {woken_b}   {end}");
}

fn poll_by(task: &Arc<Task>, delay: &mut (impl Future<Output = ()> + Unpin)) -> Poll<()> {
    let waker = waker(Arc::clone(task));
    Pin::new(delay).poll(&mut Context::from_waker(&waker))
}

/// The mistake: the waker is cloned when the waiting begins, and never again.
struct StaleDelay {
    /// When the delay is over.
    when: Instant,
    /// Whether somebody waits for that time already.
    waiting: bool,
}

impl StaleDelay {
    fn new(duration: Duration) -> Self {
        Self {
            when: clock::now() + duration,
            waiting: false,
        }
    }
}

impl Future for StaleDelay {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let left = self.when.saturating_duration_since(clock::now());
        if left.is_zero() {
            return Poll::Ready(());
        }
        if !self.waiting {
            self.waiting = true;
            let waker = cx.waker().clone();
            clock::ring_after(left, move || waker.wake());
        }
        Poll::Pending
    }
}

/// Counts its wakes.
#[derive(Default)]
struct Task(AtomicUsize);

impl ArcWake for Task {
    fn wake_by_ref(arc_self: &Arc<Self>) {
        arc_self.0.fetch_add(1, SeqCst);
    }
}
