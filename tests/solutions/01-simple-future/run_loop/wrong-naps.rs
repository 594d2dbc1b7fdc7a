// expect: fail busy-loop
//! Sleeps for a while instead of until it is woken: late for every wake, and up for nothing in between
//! (S3-01 class).

use crate::{Poll, SimpleFuture, Wakes};

pub fn run_loop<W: Wakes>(tasks: Vec<Box<dyn SimpleFuture<Output = ()> + '_>>, wakes: &W) {
    let mut tasks: Vec<_> = tasks.into_iter().map(Some).collect();
    let mut first_round = true;
    while tasks.iter().any(Option::is_some) {
        for (index, slot) in tasks.iter_mut().enumerate() {
            let woken = wakes.take_woken(index) || first_round;
            if woken
                && let Some(task) = slot
                && task.poll(wakes.wake_fn(index)) == Poll::Ready(())
            {
                *slot = None;
            }
        }
        first_round = false;
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
}
