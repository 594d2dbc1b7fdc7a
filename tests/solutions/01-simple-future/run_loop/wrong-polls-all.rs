// expect: fail polled-unwoken
//! Sleeps until somebody is woken, and then polls everybody.

use crate::{Poll, SimpleFuture, Wakes};

pub fn run_loop<W: Wakes>(mut tasks: Vec<Box<dyn SimpleFuture<Output = ()> + '_>>, wakes: &W) {
    while !tasks.is_empty() {
        let mut index = 0;
        tasks.retain_mut(|task| {
            index += 1;
            wakes.take_woken(index - 1);
            task.poll(wakes.wake_fn(index - 1)) == Poll::Pending
        });
        if !tasks.is_empty() {
            wakes.sleep();
        }
    }
}
