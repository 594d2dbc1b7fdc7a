// expect: fail busy-loop
//! Asks only for the tasks that are left: the late wake of a finished one is never taken, and no sleep
//! lasts.

use crate::{Poll, SimpleFuture, Wakes};

pub fn run_loop<W: Wakes>(tasks: Vec<Box<dyn SimpleFuture<Output = ()> + '_>>, wakes: &W) {
    let mut tasks: Vec<_> = tasks.into_iter().map(Some).collect();
    let mut first_round = true;
    while tasks.iter().any(Option::is_some) {
        for (index, slot) in tasks.iter_mut().enumerate() {
            let Some(task) = slot else { continue };
            let woken = wakes.take_woken(index) || first_round;
            if woken && task.poll(wakes.wake_fn(index)) == Poll::Ready(()) {
                *slot = None;
            }
        }
        first_round = false;
        if tasks.iter().any(Option::is_some) {
            wakes.sleep();
        }
    }
}
