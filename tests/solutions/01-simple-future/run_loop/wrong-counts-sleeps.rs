// expect: fail polled-unwoken
//! Takes every end of a sleep for the wake of a task that waits: spurious ones end a sleep too (S3-03
//! class).

use crate::{Poll, SimpleFuture, Wakes};

pub fn run_loop<W: Wakes>(tasks: Vec<Box<dyn SimpleFuture<Output = ()> + '_>>, wakes: &W) {
    let mut tasks: Vec<_> = tasks.into_iter().map(Some).collect();
    let mut due: Vec<usize> = (0..tasks.len()).collect();
    while tasks.iter().any(Option::is_some) {
        for index in due.drain(..) {
            if let Some(task) = &mut tasks[index]
                && task.poll(wakes.wake_fn(index)) == Poll::Ready(())
            {
                tasks[index] = None;
            }
        }
        due.extend((0..tasks.len()).filter(|&index| wakes.take_woken(index)));
        if due.is_empty() && tasks.iter().any(Option::is_some) {
            wakes.sleep();
            due.extend((0..tasks.len()).filter(|&index| wakes.take_woken(index)));
            if due.is_empty() {
                due.extend(tasks.iter().position(Option::is_some));
            }
        }
    }
}
