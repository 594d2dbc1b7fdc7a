//! `Pin::new` is for what may be moved again: the future of an `async` block may not.

use std::pin::Pin;
use std::task::{Context, Waker};

fn main() {
    let mut future = async {};
    let future = Pin::new(&mut future); //~ E0277
    let _ = future.poll(&mut Context::from_waker(Waker::noop()));
}
