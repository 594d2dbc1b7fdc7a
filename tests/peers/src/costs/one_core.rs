//! Keeping everything on one core, so that a switch is a switch and not a message between cores.

use std::thread;

/// Runs `f` on a thread that, with all threads and processes it starts, stays on one core.
pub fn run<T: Send>(f: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| {
        let pinned = scope.spawn(|| {
            pin();
            f()
        });
        pinned.join().expect("a measurement does not panic")
    })
}

/// Whether [`run`] can do what it says on this system.
pub const POSSIBLE: bool = cfg!(any(target_os = "linux", target_os = "android"));

#[cfg(any(target_os = "linux", target_os = "android"))]
fn pin() {
    use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

    let allowed = sched_getaffinity(None).expect("a thread may ask about itself");
    let core = (0..CpuSet::MAX_CPU).find(|&core| allowed.is_set(core));
    let mut one = CpuSet::new();
    one.set(core.expect("this thread runs somewhere"));
    sched_setaffinity(None, &one).expect("a core that was allowed is allowed");
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn pin() {}
