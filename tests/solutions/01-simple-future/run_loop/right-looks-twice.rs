// expect: pass
//! Looks once more before it sleeps, and collects who was woken before it polls anybody.

use crate::{Poll, SimpleFuture, Wakes};

pub fn run_loop<W: Wakes>(tasks: Vec<Box<dyn SimpleFuture<Output = ()> + '_>>, wakes: &W) {
    let count = tasks.len();
    let mut tasks: Vec<_> = tasks.into_iter().map(Some).collect();
    let mut due: Vec<usize> = (0..count).collect();
    loop {
        for index in due.drain(..) {
            let Some(task) = &mut tasks[index] else {
                continue;
            };
            if let Poll::Ready(()) = task.poll(wakes.wake_fn(index)) {
                tasks[index] = None;
            }
        }
        if tasks.iter().all(Option::is_none) {
            return;
        }
        for _ in 0..2 {
            due.extend((0..count).filter(|&index| wakes.take_woken(index)));
        }
        if due.is_empty() {
            wakes.sleep();
        }
    }
}
