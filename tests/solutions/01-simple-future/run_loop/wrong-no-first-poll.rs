// expect: fail never-polled
//! Waits for a wake before the first poll (S5-01 class: a future runs when it is polled, and not
//! before).

use crate::{Poll, SimpleFuture, Wakes};

pub fn run_loop<W: Wakes>(tasks: Vec<Box<dyn SimpleFuture<Output = ()> + '_>>, wakes: &W) {
    let mut tasks: Vec<_> = tasks.into_iter().map(Some).collect();
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
