// expect: fail ends-early
//! Returns as soon as one task is done.

use crate::{Poll, SimpleFuture, Wakes};

pub fn run_loop<W: Wakes>(mut tasks: Vec<Box<dyn SimpleFuture<Output = ()> + '_>>, wakes: &W) {
    let mut first_round = true;
    loop {
        for (index, task) in tasks.iter_mut().enumerate() {
            let woken = wakes.take_woken(index) || first_round;
            if woken && task.poll(wakes.wake_fn(index)) == Poll::Ready(()) {
                return;
            }
        }
        first_round = false;
        wakes.sleep();
    }
}
