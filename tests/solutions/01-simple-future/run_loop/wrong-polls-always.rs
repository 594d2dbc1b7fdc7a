// expect: fail polled-unwoken
//! The loop that the Asynchronous Programming in Rust book says we would have without wakes: polls
//! everything, all the time.

use crate::{Poll, SimpleFuture, Wakes};

pub fn run_loop<W: Wakes>(mut tasks: Vec<Box<dyn SimpleFuture<Output = ()> + '_>>, wakes: &W) {
    while !tasks.is_empty() {
        tasks.retain_mut(|task| task.poll(wakes.wake_fn(0)) == Poll::Pending);
    }
}
