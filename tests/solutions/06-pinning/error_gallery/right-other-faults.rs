// expect: pass
//! The same four rules, broken elsewhere.

// == needs_unpin ==

use std::marker::PhantomPinned;

pub fn program(stays: std::pin::Pin<&mut PhantomPinned>) -> &mut PhantomPinned {
    stays.get_mut()
}

// == used_after_pin ==

use std::pin::pin;

pub async fn program(future: impl Future) {
    pin!(future).await;
    future.await;
}

// == pin_returned ==

use std::pin::{Pin, pin};

pub fn program<'a>() -> Pin<&'a mut (impl Future + 'a)> {
    return pin!(async {});
}

// == changed_behind_pin ==

use std::marker::PhantomPinned;

pub fn program() {
    let mut stays = std::pin::pin!((0, PhantomPinned));
    std::mem::replace(&mut stays.0, 1);
}
