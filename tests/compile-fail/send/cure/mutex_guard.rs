//! The guard has a scope of its own, which ends before the await.

use std::sync::Mutex;

async fn pause() {}

async fn count(visitors: &Mutex<u32>) {
    {
        let mut guard = visitors.lock().unwrap();
        *guard += 1;
    }
    pause().await;
}

fn spawn(_future: impl Future + Send) {}

fn main() {
    spawn(count(&Mutex::new(0)));
}
