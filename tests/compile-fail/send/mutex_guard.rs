//! A guard of std's mutex is alive at an await, for all that `drop` has unlocked it: its scope goes on.

use std::sync::Mutex;

async fn pause() {}

async fn count(visitors: &Mutex<u32>) {
    let mut guard = visitors.lock().unwrap();
    *guard += 1;
    drop(guard);
    pause().await;
}

fn spawn(_future: impl Future + Send) {}

fn main() {
    spawn(count(&Mutex::new(0)));
}
