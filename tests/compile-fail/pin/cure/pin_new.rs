//! `pin!` takes the future over, and keeps it where it is.

use std::pin::pin;
use std::task::{Context, Waker};

fn main() {
    let future = pin!(async {});
    let _ = future.poll(&mut Context::from_waker(Waker::noop()));
}
