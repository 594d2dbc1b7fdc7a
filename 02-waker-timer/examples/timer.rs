//! 2.2: a task that waits for a timer, on an executor of the `futures` crate.
//!
//! ```text
//! cargo run -p waker-timer --example timer
//! ```
//!
//! Expect `howdy!`, then `meanwhile` at once: the thread is free while the task waits. One second
//! later `done!`, and the program ends.

use std::time::Duration;

use futures::executor::block_on;
use futures::future::join;
use waker_timer::TimerFuture;

fn main() {
    let waits = async {
        println!("howdy!");
        TimerFuture::new(Duration::from_secs(1)).await;
        println!("done!");
    };
    let works = async { println!("meanwhile") };
    block_on(join(waits, works));
}
