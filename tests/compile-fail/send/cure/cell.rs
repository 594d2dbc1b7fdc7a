//! An atomic counts for all threads.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

async fn pause() {}

async fn count(visitors: &AtomicU32) {
    pause().await;
    visitors.fetch_add(1, Relaxed);
}

fn spawn(_future: impl Future + Send) {}

fn main() {
    spawn(count(&AtomicU32::new(0)));
}
