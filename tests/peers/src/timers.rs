//! Many timers at once: made, fired, and cancelled.
//!
//! One task polls them all, with a waker that only counts, so that the figures are those of the
//! timers and not of an executor. tokio's limit on what a task may do in one poll is lifted for it
//! (`task::unconstrained`): with it, every 128th timer would wait for another turn.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};
use std::{future, thread};

use futures::task::AtomicWaker;

use crate::runtimes::Timers;

/// When the first timer of those that fire is due: not before all are made.
const SOON: Duration = Duration::from_millis(60);

/// They are due within this.
const SPREAD: Duration = Duration::from_millis(50);

/// Some round up to whole milliseconds: after this, too, every deadline has passed.
const SURELY: Duration = Duration::from_millis(3);

/// Where timers lie: in boxes that are made before the clock starts.
type Places<R> = Vec<Pin<Box<Option<<R as Timers>::Sleep>>>>;

/// What timers cost that do not fire.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// To make them and poll them once.
    pub create: Duration,
    /// To drop them before their time.
    pub cancel: Duration,
}

/// Makes `count` timers with deadlines in any order, up to an hour away, and cancels them.
pub fn create_and_cancel<R: Timers>(runtime: &mut R, count: u64) -> Times {
    let (times, pending) = runtime.run_unlimited(async move {
        let deadlines = deadlines(count, Duration::from_secs(10), Duration::from_secs(3600));
        let mut places = places::<R>(count);
        let mut cx = Context::from_waker(Waker::noop());
        let start = Instant::now();
        let pending = arm::<R>(&mut places, &deadlines, &mut cx);
        let create = start.elapsed();
        let start = Instant::now();
        for place in &mut places {
            place.set(None);
        }
        let cancel = start.elapsed();
        (Times { create, cancel }, pending)
    });
    assert_eq!(pending, count, "{}: no timer was early", R::NAME);
    times
}

/// Makes `count` timers, lets all their deadlines pass while the runtime gets no turn, and gives the
/// time it then takes until the last of them has woken its task.
pub fn fire<R: Timers>(runtime: &mut R, count: u64) -> Duration {
    let (time, pending, ready) = runtime.run_unlimited(async move {
        let deadlines = deadlines(count, SOON, SPREAD);
        let mut places = places::<R>(count);
        let fired = Arc::new(Fired {
            left: AtomicU64::new(count),
            task: AtomicWaker::new(),
        });
        let waker = Waker::from(Arc::clone(&fired));
        let pending = arm::<R>(&mut places, &deadlines, &mut Context::from_waker(&waker));
        let due = deadlines.iter().max().expect("at least one timer");
        thread::sleep((*due + SURELY).saturating_duration_since(Instant::now()));
        let start = Instant::now();
        future::poll_fn(|cx| fired.poll_all(cx)).await;
        let time = start.elapsed();
        let mut cx = Context::from_waker(Waker::noop());
        let ready = (places.iter_mut())
            .filter_map(|place| place.as_mut().as_pin_mut())
            .filter_map(|sleep| sleep.poll(&mut cx).is_ready().then_some(()))
            .count();
        (time, pending, ready as u64)
    });
    assert_eq!(pending, count, "{}: no timer was early", R::NAME);
    assert_eq!(ready, count, "{}: every timer fired", R::NAME);
    time
}

/// The waker of all timers.
struct Fired {
    /// Timers that have not woken yet.
    left: AtomicU64,
    /// Who waits for the last one.
    task: AtomicWaker,
}

impl Fired {
    fn poll_all(&self, cx: &mut Context<'_>) -> Poll<()> {
        self.task.register(cx.waker());
        match self.left.load(SeqCst) {
            0 => Poll::Ready(()),
            _ => Poll::Pending,
        }
    }
}

impl Wake for Fired {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.left.fetch_sub(1, SeqCst) == 1 {
            self.task.wake();
        }
    }
}

fn places<R: Timers>(count: u64) -> Places<R> {
    (0..count).map(|_| Box::pin(None)).collect()
}

/// Makes every timer and polls it once; returns how many are pending.
fn arm<R: Timers>(places: &mut Places<R>, deadlines: &[Instant], cx: &mut Context<'_>) -> u64 {
    let mut pending = 0;
    for (place, deadline) in places.iter_mut().zip(deadlines) {
        place.set(Some(R::sleep_until(*deadline)));
        let sleep = place.as_mut().as_pin_mut().expect("just put there");
        pending += u64::from(sleep.poll(cx).is_pending());
    }
    pending
}

/// Deadlines in no order, the same in every run: between `after` and `after + spread` from now.
fn deadlines(count: u64, after: Duration, spread: Duration) -> Vec<Instant> {
    let now = Instant::now();
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let next = |_| {
        // xorshift64: in no order is all that is asked of it.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        now + after + spread.mul_f64((state >> 11) as f64 / (1_u64 << 53) as f64)
    };
    (0..count).map(next).collect()
}
