//! What stage 06 saves: the timeout of stage 04 has its future in a box, the timeout here has not.
//!
//! `cargo run --release -p pinning --example without_boxes`
//!
//! Allocations are counted. The times are medians of rounds that take turns, and each is that of one timeout: made, polled to its
//! end, dropped.

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::task::{Context, Waker};
use std::time::{Duration, Instant};

use pinning::{pin_projected, projection};
use reactor::Runtime;

const HOUR: Duration = Duration::from_secs(3600);
const ROUNDS: usize = 101;
const TIMES: u32 = 10_000;

/// The system's allocator, with a count.
struct Counting;

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

// SAFETY: everything is passed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Relaxed);
        // SAFETY: the caller promises what the system's allocator asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller promises what the system's allocator asks for.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What is given a time: 128 bytes that live across an await.
async fn work() -> u8 {
    let bytes = black_box([1_u8; 128]);
    std::future::ready(()).await;
    bytes[black_box(7)]
}

fn main() -> std::io::Result<()> {
    Runtime::new()?.block_on(async {
        println!("                     bytes   allocations   ns");
        let boxed = || reactor::timeout(HOUR, work());
        let by_hand = || projection::timeout(HOUR, work());
        let projected = || pin_projected::timeout(HOUR, work());
        let mut times = [const { Vec::new() }; 3];
        for _ in 0..ROUNDS {
            times[0].push(time(boxed));
            times[1].push(time(by_hand));
            times[2].push(time(projected));
        }
        let [first, second, third] = times.map(median);
        print("boxed, stage 04", boxed, first);
        print("projected by hand", by_hand, second);
        print("with pin-project", projected, third);
    });
    Ok(())
}

/// One line of the table.
fn print<F: Future>(name: &str, make: impl Fn() -> F, time: f64) {
    let before = ALLOCATIONS.load(Relaxed);
    run(make());
    let allocations = ALLOCATIONS.load(Relaxed) - before;
    println!("{name:18} {:7} {allocations:13} {time:4.0}", size_of::<F>());
}

/// The time that one takes, in nanoseconds, on average over a round.
fn time<F: Future>(make: impl Fn() -> F) -> f64 {
    let start = Instant::now();
    for _ in 0..TIMES {
        run(make());
    }
    start.elapsed().as_nanos() as f64 / f64::from(TIMES)
}

fn run<F: Future>(future: F) {
    let mut cx = Context::from_waker(Waker::noop());
    let output = pin!(future).poll(&mut cx);
    assert!(black_box(output).is_ready());
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
