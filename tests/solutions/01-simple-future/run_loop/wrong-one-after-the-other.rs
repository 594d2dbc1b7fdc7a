// expect: fail not-concurrent
//! Runs each task to its end before it begins the next: a block_on in a row (S1-08 class).

use crate::{Poll, SimpleFuture, Wakes};

pub fn run_loop<W: Wakes>(tasks: Vec<Box<dyn SimpleFuture<Output = ()> + '_>>, wakes: &W) {
    for (index, mut task) in tasks.into_iter().enumerate() {
        while task.poll(wakes.wake_fn(index)) == Poll::Pending {
            while !wakes.take_woken(index) {
                wakes.sleep();
            }
        }
    }
}
