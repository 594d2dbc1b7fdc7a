//! An allocator that counts, when it is told to.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, AtomicIsize, Ordering::Relaxed};

/// Whether anything is counted. Off while times are measured: then only this flag is read.
static ON: AtomicBool = AtomicBool::new(false);

/// Bytes that were asked for and not given back.
static LIVE: AtomicIsize = AtomicIsize::new(0);

/// The system's allocator, with a counter before it. A benchmark makes it its `#[global_allocator]`.
#[derive(Debug)]
pub struct Counting;

/// Begins to count. For a process of its own: what was allocated before is not known.
pub fn start() {
    ON.store(true, Relaxed);
}

/// Bytes that were asked for since [`start`] and not given back.
#[must_use]
pub fn live() -> isize {
    LIVE.load(Relaxed)
}

fn count(bytes: usize, sign: isize) {
    if ON.load(Relaxed) {
        LIVE.fetch_add(sign * bytes.cast_signed(), Relaxed);
    }
}

// SAFETY: everything is handed on to `System` as it came; counting allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 1);
        // SAFETY: the caller promises what `System` asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(layout.size(), -1);
        // SAFETY: the caller promises what `System` asks for, and `pointer` came from `System`.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 1);
        // SAFETY: the caller promises what `System` asks for.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size, 1);
        count(layout.size(), -1);
        // SAFETY: the caller promises what `System` asks for, and `pointer` came from `System`.
        unsafe { System.realloc(pointer, layout, size) }
    }
}
