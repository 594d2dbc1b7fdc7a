// expect: pass
//! A queue of indices, as an executor has one; what is woken is queued, and may be in it twice.

use std::collections::VecDeque;

use crate::{Poll, SimpleFuture, Wakes};

pub fn run_loop<W: Wakes>(tasks: Vec<Box<dyn SimpleFuture<Output = ()> + '_>>, wakes: &W) {
    let mut queue: VecDeque<usize> = (0..tasks.len()).collect();
    let mut tasks: Vec<_> = tasks.into_iter().map(Some).collect();
    while tasks.iter().any(Option::is_some) {
        while let Some(index) = queue.pop_front() {
            if let Some(task) = &mut tasks[index]
                && task.poll(wakes.wake_fn(index)) == Poll::Ready(())
            {
                tasks[index] = None;
            }
        }
        let woken = (0..tasks.len()).filter(|&index| wakes.take_woken(index));
        queue.extend(woken);
        if queue.is_empty() && tasks.iter().any(Option::is_some) {
            wakes.sleep();
        }
    }
}
