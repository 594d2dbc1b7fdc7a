//! What is shared is shared by an `Arc`.

use std::sync::Arc;

async fn pause() {}

async fn greet(name: Arc<str>) -> usize {
    pause().await;
    name.len()
}

fn spawn(_future: impl Future + Send) {}

fn main() {
    spawn(greet("Ada".into()));
}
