//! What changes behind a pin without moving can be changed through a shared reference.

use std::cell::Cell;
use std::marker::PhantomPinned;
use std::pin::pin;

struct Node {
    visits: Cell<u32>,
    _stays: PhantomPinned,
}

fn main() {
    let node = pin!(Node {
        visits: Cell::new(0),
        _stays: PhantomPinned,
    });
    node.visits.set(node.visits.get() + 1);
}
