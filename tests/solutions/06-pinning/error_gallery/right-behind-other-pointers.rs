// expect: pass
//! In a loop, in a tuple, and behind a pointer of any kind.

// == needs_unpin ==
// The future of an `async` block may hold a reference into itself, so it is not `Unpin`.

fn needs_unpin<T: Unpin>(_: T) {}

pub fn program() {
    needs_unpin(async {})
}

// == used_after_pin ==

pub fn program(text: String) {
    loop {
        let _pinned = std::pin::pin!(text);
    }
}

// == pin_returned ==

pub fn program(text: String) -> (std::pin::Pin<&'static mut String>, u8) {
    let pinned = std::pin::pin!(text);
    (pinned, 1)
}

// == changed_behind_pin ==

use std::{ops::DerefMut, pin::Pin};

pub fn program<P: DerefMut<Target: Sized>>(mut pinned: Pin<P>, other: &mut P::Target) {
    std::mem::swap(&mut *pinned, other)
}
