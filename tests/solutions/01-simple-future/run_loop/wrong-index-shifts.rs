// expect: fail mixed-up-wakes
//! Removes finished tasks from the list, and gives the next one the wake of its new place.

use crate::{Poll, SimpleFuture, Wakes};

pub fn run_loop<W: Wakes>(mut tasks: Vec<Box<dyn SimpleFuture<Output = ()> + '_>>, wakes: &W) {
    for round in 0.. {
        let mut index = 0;
        let count = tasks.len();
        let woken: Vec<bool> = (0..count).map(|index| wakes.take_woken(index)).collect();
        while index < tasks.len() {
            let woken = round == 0 || woken[index + count - tasks.len()];
            if woken && tasks[index].poll(wakes.wake_fn(index)) == Poll::Ready(()) {
                tasks.remove(index);
            } else {
                index += 1;
            }
        }
        if tasks.is_empty() {
            return;
        }
        wakes.sleep();
    }
}
