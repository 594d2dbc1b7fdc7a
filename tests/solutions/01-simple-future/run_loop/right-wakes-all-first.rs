// expect: pass
//! Calls every task's wake before it begins, so that the first round is a round like any other.

use crate::{Poll, SimpleFuture, Wakes};

pub fn run_loop<W: Wakes>(tasks: Vec<Box<dyn SimpleFuture<Output = ()> + '_>>, wakes: &W) {
    let mut tasks: Vec<_> = tasks.into_iter().map(Some).collect();
    for index in 0..tasks.len() {
        wakes.wake_fn(index)();
    }
    while tasks.iter().any(Option::is_some) {
        wakes.sleep();
        for (index, slot) in tasks.iter_mut().enumerate() {
            if wakes.take_woken(index)
                && let Some(task) = slot
                && task.poll(wakes.wake_fn(index)) == Poll::Ready(())
            {
                *slot = None;
            }
        }
    }
}
