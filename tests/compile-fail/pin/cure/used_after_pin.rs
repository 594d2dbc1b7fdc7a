//! The pinned future takes over the name, and there is no old one.

use std::pin::pin;
use std::task::{Context, Waker};

async fn hello() {}

fn main() {
    let future = hello();
    let mut future = pin!(future);
    let _ = future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()));
}
