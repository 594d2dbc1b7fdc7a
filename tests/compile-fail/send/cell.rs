//! A `Cell` may go to another thread, and a reference to one may not: two threads would have it.

use std::cell::Cell;

async fn pause() {}

async fn count(visitors: &Cell<u32>) {
    pause().await;
    visitors.set(visitors.get() + 1);
}

fn spawn(_future: impl Future + Send) {}

fn main() {
    spawn(count(&Cell::new(0)));
}
