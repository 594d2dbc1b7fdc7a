//! 3.1: `howdy!`, a pause, `done!`: the first program of *Asynchronous Programming in Rust*, on the
//! book's executor and on this crate's.
//!
//! ```text
//! cargo run -p executor --example howdy
//! ```
//!
//! Expect the two lines with two seconds between them, twice. The spawner is dropped before `run`:
//! as long as there is one, a task may come, and `run` waits for it.

use std::time::Duration;

use executor::{book_executor, new_executor_and_spawner};
use waker_timer::TimerFuture;

async fn howdy() {
    println!("howdy!");
    TimerFuture::new(Duration::from_secs(2)).await;
    println!("done!");
}

fn main() {
    println!("The book's executor:");
    let (executor, spawner) = book_executor::new_executor_and_spawner();
    spawner.spawn(howdy());
    drop(spawner);
    executor.run();

    println!("The executor of this crate:");
    let (mut executor, spawner) = new_executor_and_spawner();
    // Dropped, the handle lets the task go on; `run` waits for it all the same.
    drop(spawner.spawn(howdy()));
    drop(spawner);
    executor.run();
}
