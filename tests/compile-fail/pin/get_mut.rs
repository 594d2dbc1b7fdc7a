//! A plain `&mut` would let anybody move what is pinned: a type that asked to stay gives none.

use std::marker::PhantomPinned;
use std::pin::pin;

struct Node {
    visits: u32,
    _stays: PhantomPinned,
}

fn main() {
    let node = pin!(Node {
        visits: 0,
        _stays: PhantomPinned
    });
    node.get_mut().visits += 1; //~ E0277
}
