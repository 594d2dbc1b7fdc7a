// expect: fail polled-after-ready
//! Polls a finished task when a late wake comes (S3-08; tokio website #740: the tutorial's mini-tokio).

use crate::{Poll, SimpleFuture, Wakes};

pub fn run_loop<W: Wakes>(mut tasks: Vec<Box<dyn SimpleFuture<Output = ()> + '_>>, wakes: &W) {
    let mut alive = tasks.len();
    let mut first_round = true;
    while alive > 0 {
        for (index, task) in tasks.iter_mut().enumerate() {
            let woken = wakes.take_woken(index) || first_round;
            if woken && task.poll(wakes.wake_fn(index)) == Poll::Ready(()) {
                alive -= 1;
            }
        }
        first_round = false;
        if alive > 0 {
            wakes.sleep();
        }
    }
}
