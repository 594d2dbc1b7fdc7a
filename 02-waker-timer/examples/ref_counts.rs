//! 2.1: what each of a waker's four functions does to the reference count of its task.
//!
//! ```text
//! cargo run -p waker-timer --example ref_counts
//! ```
//!
//! Expect the same column of numbers twice: for the vtable made by hand in `raw_waker.rs`, and for
//! the one that std makes for a type with `std::task::Wake`.
//!
//! ```text
//!                  by hand    std
//! the task alone         1      1
//! + a waker              2      2
//! + its clone            3      3
//! wake_by_ref            3      3
//! wake the clone         2      2
//! drop the waker         1      1
//! ```

use std::sync::Arc;
use std::task::{Wake, Waker};

use waker_timer::{ArcWake, waker};

const STEPS: [&str; 6] = [
    "the task alone",
    "+ a waker",
    "+ its clone",
    "wake_by_ref",
    "wake the clone",
    "drop the waker",
];

struct ByHand;

impl ArcWake for ByHand {
    fn wake_by_ref(_: &Arc<Self>) {}
}

struct FromStd;

impl Wake for FromStd {
    fn wake(self: Arc<Self>) {}
    fn wake_by_ref(self: &Arc<Self>) {}
}

fn main() {
    let by_hand = count(Arc::new(ByHand), waker);
    let from_std = count(Arc::new(FromStd), Waker::from);
    println!("{:<16}{:>8}{:>7}", "", "by hand", "std");
    for ((step, by_hand), from_std) in STEPS.into_iter().zip(by_hand).zip(from_std) {
        println!("{step:<16}{by_hand:>8}{from_std:>7}");
    }
    assert_eq!(by_hand, from_std);
}

/// The references to `task` after each of the steps.
fn count<T>(task: Arc<T>, into_waker: impl FnOnce(Arc<T>) -> Waker) -> [usize; 6] {
    let references = || Arc::strong_count(&task);
    let alone = references();
    let waker = into_waker(Arc::clone(&task));
    let with_waker = references();
    let clone = waker.clone();
    let with_clone = references();
    waker.wake_by_ref();
    let after_wake_by_ref = references();
    clone.wake();
    let after_wake = references();
    drop(waker);
    let after_drop = references();
    [
        alone,
        with_waker,
        with_clone,
        after_wake_by_ref,
        after_wake,
        after_drop,
    ]
}
