// expect: fail mixed-up-wakes
//! Collects who was woken, and polls each with the wake of its place in that list.

use crate::{Poll, SimpleFuture, Wakes};

pub fn run_loop<W: Wakes>(tasks: Vec<Box<dyn SimpleFuture<Output = ()> + '_>>, wakes: &W) {
    let mut tasks: Vec<_> = tasks.into_iter().map(Some).collect();
    let mut woken: Vec<usize> = (0..tasks.len()).collect();
    while tasks.iter().any(Option::is_some) {
        for (position, index) in woken.drain(..).enumerate() {
            if let Some(task) = &mut tasks[index]
                && task.poll(wakes.wake_fn(position)) == Poll::Ready(())
            {
                tasks[index] = None;
            }
        }
        woken.extend((0..tasks.len()).filter(|&index| wakes.take_woken(index)));
        if woken.is_empty() && tasks.iter().any(Option::is_some) {
            wakes.sleep();
        }
    }
}
