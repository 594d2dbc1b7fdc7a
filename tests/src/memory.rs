//! A global allocator that counts, and that ends a process which takes more than its share.
//!
//! Every program that links this package (so: every grader) has it. Allocations are counted for each
//! thread, so that tests which run side by side do not count each other's. Memory and threads are
//! limited only where the environment says so ([`MEMORY_LIMIT`], [`THREAD_LIMIT`]).

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
};

use crate::{
    journal,
    report::{MEMORY_LIMIT, THREAD_LIMIT},
};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

struct Counting;

/// Bytes in use, and the most that may be.
static BYTES: AtomicUsize = AtomicUsize::new(0);
static MOST_BYTES: AtomicUsize = AtomicUsize::new(usize::MAX);

/// Threads that have touched memory and not ended, and the most that there may be. A thread touches
/// memory as soon as it starts, because its closure came in a box.
static THREADS: AtomicUsize = AtomicUsize::new(0);
static MOST_THREADS: AtomicUsize = AtomicUsize::new(usize::MAX);

thread_local! {
    /// Allocations of this thread that count.
    static COUNT: Cell<usize> = const { Cell::new(0) };
    /// How many `uncounted` sections this thread is in.
    static PAUSED: Cell<usize> = const { Cell::new(0) };
    /// Present from a thread's first allocation to its end.
    static PRESENCE: Presence = Presence::enter();
}

/// Counts a thread for as long as it lives.
struct Presence;

impl Presence {
    fn enter() -> Self {
        if THREADS.fetch_add(1, Relaxed) >= MOST_THREADS.load(Relaxed) {
            give_up(
                "too-many-threads",
                MOST_THREADS.load(Relaxed),
                "threads at once",
            );
        }
        Presence
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        THREADS.fetch_sub(1, Relaxed);
    }
}

/// Reads the limits from the environment.
pub(crate) fn guard() {
    let limit = |name| std::env::var(name).ok().and_then(|text| text.parse().ok());
    if let Some(bytes) = limit(MEMORY_LIMIT) {
        MOST_BYTES.store(bytes, Relaxed);
    }
    if let Some(threads) = limit(THREAD_LIMIT) {
        MOST_THREADS.store(threads, Relaxed);
    }
}

/// Runs `work`, and gives the number of allocations that this thread made in it.
///
/// What recorders, children and recorded wakers allocate for their own use is left out.
pub fn allocations<T>(work: impl FnOnce() -> T) -> (usize, T) {
    let before = COUNT.get();
    let output = work();
    (COUNT.get() - before, output)
}

/// Runs `work` without counting what it allocates.
pub fn uncounted<T>(work: impl FnOnce() -> T) -> T {
    /// Ends the section also when `work` panics.
    struct Section;
    impl Drop for Section {
        fn drop(&mut self) {
            PAUSED.set(PAUSED.get() - 1);
        }
    }
    PAUSED.set(PAUSED.get() + 1);
    let _section = Section;
    work()
}

/// Bytes that the process has allocated and not given back: what is left behind by work that is over
/// shows as a difference. Other threads count too, so small differences mean nothing.
pub fn in_use() -> usize {
    BYTES.load(Relaxed)
}

/// Reports the limit that was reached, without allocating, and ends the process.
fn give_up(limit: &str, most: usize, what: &str) -> ! {
    // One line of JSON in a buffer on the stack: `Line::Limit` without the allocator's help.
    let mut buffer = [0_u8; 256];
    let mut rest = &mut buffer[..];
    let room = rest.len();
    let _ = std::io::Write::write_fmt(
        &mut rest,
        format_args!(
            "{{\"line\":\"limit\",\"limit\":\"{limit}\",\"seen\":\"more than {most} {what}\"}}\n"
        ),
    );
    let used = room - rest.len();
    journal::write_raw(&buffer[..used]);
    std::process::abort()
}

/// Notes an allocation of `size` bytes, before it is made.
fn take(size: usize) {
    // Fails only while the thread ends: then there is nothing to count any more.
    let _ = PRESENCE.try_with(|_| ());
    let _ = PAUSED.try_with(|paused| {
        if paused.get() == 0 {
            COUNT.set(COUNT.get() + 1);
        }
    });
    let most = MOST_BYTES.load(Relaxed);
    if BYTES.fetch_add(size, Relaxed).saturating_add(size) > most {
        give_up("out-of-memory", most >> 20, "MiB of memory");
    }
}

/// Notes that `size` bytes were given back.
fn give_back(size: usize) {
    let _ = PRESENCE.try_with(|_| ());
    BYTES.fetch_sub(size, Relaxed);
}

// SAFETY: all the work is done by `System`; what is added allocates nothing and does not unwind.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        take(layout.size());
        // SAFETY: the caller answers for `layout`, as `System` asks.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        take(layout.size());
        // SAFETY: as in `alloc`.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        give_back(layout.size());
        // SAFETY: the caller answers for `memory` having come from here, which means from `System`.
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        take(size);
        give_back(layout.size());
        // SAFETY: as in `dealloc`; the caller answers for `size` too.
        unsafe { System.realloc(memory, layout, size) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_is_one_allocation_of_its_thread() {
        let (count, boxed) = allocations(|| Box::new(7));
        assert_eq!((count, *boxed), (1, 7));
    }

    #[test]
    fn another_threads_allocations_do_not_count_here() {
        let (ready, wait) = std::sync::mpsc::channel::<()>();
        let other = std::thread::spawn(move || {
            let _ = wait.recv();
            allocations(|| vec![0_u8; 1000]).0
        });
        let (here, theirs) = allocations(|| {
            drop(ready);
            uncounted(|| other.join().expect("it only allocates"))
        });
        assert_eq!((here, theirs), (0, 1));
    }

    #[test]
    fn what_is_given_back_is_not_in_use() {
        const MUCH: usize = 1 << 20;
        let before = in_use();
        let bytes = vec![0_u8; MUCH];
        assert!(in_use() >= before + MUCH / 2);
        drop(bytes);
        assert!(in_use() < before + MUCH / 2);
    }

    #[test]
    fn uncounted_sections_may_be_nested() {
        let (count, _) = allocations(|| uncounted(|| (uncounted(|| Box::new(1)), Box::new(2))));
        assert_eq!(count, 0);
    }
}
