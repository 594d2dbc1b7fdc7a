// expect: pass
//! Goes through the tasks from the last to the first, and keeps finished ones until the end.

use crate::{Poll, SimpleFuture, Wakes};

pub fn run_loop<W: Wakes>(mut tasks: Vec<Box<dyn SimpleFuture<Output = ()> + '_>>, wakes: &W) {
    let count = tasks.len();
    let mut done = vec![false; count];
    let mut started = vec![false; count];
    while done.contains(&false) {
        for index in (0..count).rev() {
            let woken = wakes.take_woken(index);
            let due = woken || !started[index];
            if due && !done[index] {
                started[index] = true;
                done[index] = tasks[index].poll(wakes.wake_fn(index)) == Poll::Ready(());
            }
        }
        if done.contains(&false) {
            wakes.sleep();
        }
    }
}
