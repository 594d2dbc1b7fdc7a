// expect: pass
//! The rules of std's own functions.

// == needs_unpin ==

pub fn program(mut future: impl Future) {
    std::pin::Pin::new(&mut future);
}

// == used_after_pin ==

use std::pin::{Pin, pin};

pub fn program<F: Future>(future: F) -> F {
    let _: Pin<&mut F> = pin!(future);
    future
}

// == pin_returned ==

pub fn program() -> std::pin::Pin<&'static mut dyn Future<Output = ()>> {
    let pinned = std::pin::pin!(async {});
    pinned
}

// == changed_behind_pin ==

use std::{mem::swap, pin::Pin};

pub fn program<F>(one: &mut Pin<&mut F>, other: &mut F) {
    swap(&mut **one, other)
}
