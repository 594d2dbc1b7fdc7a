// expect: fail woken-not-polled
//! Moves the last task into the place of a finished one, and listens for the wakes of its new place
//! alone.

use crate::{Poll, SimpleFuture, Wakes};

pub fn run_loop<W: Wakes>(mut tasks: Vec<Box<dyn SimpleFuture<Output = ()> + '_>>, wakes: &W) {
    let mut first_round = true;
    while !tasks.is_empty() {
        let mut index = 0;
        while index < tasks.len() {
            let woken = wakes.take_woken(index) || first_round;
            if woken && tasks[index].poll(wakes.wake_fn(index)) == Poll::Ready(()) {
                tasks.swap_remove(index);
            } else {
                index += 1;
            }
        }
        first_round = false;
        if !tasks.is_empty() {
            wakes.sleep();
        }
    }
}
