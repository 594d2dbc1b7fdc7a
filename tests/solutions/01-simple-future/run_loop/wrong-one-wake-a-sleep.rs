// expect: fail woken-not-polled
//! Takes the wakes of all tasks, and polls only the first that was woken.

use crate::{Poll, SimpleFuture, Wakes};

pub fn run_loop<W: Wakes>(tasks: Vec<Box<dyn SimpleFuture<Output = ()> + '_>>, wakes: &W) {
    let mut tasks: Vec<_> = tasks.into_iter().map(Some).collect();
    for (index, slot) in tasks.iter_mut().enumerate() {
        wakes.take_woken(index);
        if let Some(task) = slot
            && task.poll(wakes.wake_fn(index)) == Poll::Ready(())
        {
            *slot = None;
        }
    }
    while tasks.iter().any(Option::is_some) {
        wakes.sleep();
        let woken: Vec<usize> = (0..tasks.len())
            .filter(|&index| wakes.take_woken(index))
            .collect();
        let Some(&index) = woken.first() else {
            continue;
        };
        if let Some(task) = &mut tasks[index]
            && task.poll(wakes.wake_fn(index)) == Poll::Ready(())
        {
            tasks[index] = None;
        }
    }
}
