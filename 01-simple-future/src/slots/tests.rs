//! What a sleeping loop relies on. The tests share one process and its eight slots, so all together
//! never claim more than seven, however many of them run at once.

use std::thread;

use super::{SLOTS, Slots};
use crate::Wakes;

#[test]
fn a_wake_before_the_sleep_is_not_lost() {
    let slots = Slots::claim(1).unwrap();
    slots.wake_fn(0)();
    slots.sleep();
    assert!(slots.take_woken(0));
    assert!(!slots.take_woken(0));
}

#[test]
fn a_wake_from_another_thread_ends_the_sleep() {
    let slots = Slots::claim(1).unwrap();
    for _ in 0..1000 {
        let waking = thread::spawn(slots.wake_fn(0));
        while !slots.take_woken(0) {
            slots.sleep();
        }
        waking.join().unwrap();
    }
}

#[test]
fn a_wake_of_one_loop_is_not_seen_by_another() {
    let here = Slots::claim(1).unwrap();
    let there = Slots::claim(1).unwrap();
    here.wake_fn(0)();
    assert!(!there.take_woken(0));
    assert!(here.take_woken(0));
}

#[test]
fn a_reused_slot_starts_unwoken() {
    // Several times, so that slots of earlier rounds come back.
    for _ in 0..=SLOTS {
        let slots = Slots::claim(2).unwrap();
        assert!(!slots.take_woken(0) && !slots.take_woken(1));
        slots.wake_fn(0)();
        slots.wake_fn(1)();
    }
}

#[test]
fn the_ninth_wake_is_refused_with_the_reason() {
    let refused = Slots::claim(SLOTS + 1).unwrap_err();
    assert_eq!(refused.asked, SLOTS + 1);
    assert!(refused.to_string().contains("cannot say which task"));
}
