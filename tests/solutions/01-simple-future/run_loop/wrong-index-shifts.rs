// expect: fail polled-unwoken
//! Numbers only the tasks that are left: each moves up when one before it is finished, and answers to
//! the wake of another.

use crate::{Poll, SimpleFuture, Wakes};

pub fn run_loop<W: Wakes>(tasks: Vec<Box<dyn SimpleFuture<Output = ()> + '_>>, wakes: &W) {
    let mut tasks: Vec<_> = tasks.into_iter().map(Some).collect();
    let mut first_round = true;
    while tasks.iter().any(Option::is_some) {
        let left = tasks.iter_mut().filter(|slot| slot.is_some());
        for (index, slot) in left.enumerate() {
            let woken = wakes.take_woken(index) || first_round;
            if woken
                && let Some(task) = slot
                && task.poll(wakes.wake_fn(index)) == Poll::Ready(())
            {
                *slot = None;
            }
        }
        first_round = false;
        if tasks.iter().any(Option::is_some) {
            wakes.sleep();
        }
    }
}
