// expect: fail busy-loop
//! Asks for wakes without end instead of sleeping (S3-01 class).

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
    }
}
