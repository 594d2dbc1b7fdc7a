// expect: pass
//! Polls one woken task, and then sleeps: a sleep returns at once while another is woken.

use crate::{Poll, SimpleFuture, Wakes};

pub fn run_loop<W: Wakes>(tasks: Vec<Box<dyn SimpleFuture<Output = ()> + '_>>, wakes: &W) {
    let count = tasks.len();
    let mut alive: Vec<_> = tasks.into_iter().enumerate().collect();
    alive.retain_mut(|(index, task)| task.poll(wakes.wake_fn(*index)) == Poll::Pending);
    while !alive.is_empty() {
        wakes.sleep();
        let Some(woken) = (0..count).find(|&index| wakes.take_woken(index)) else {
            continue;
        };
        alive.retain_mut(|(index, task)| {
            *index != woken || task.poll(wakes.wake_fn(woken)) == Poll::Pending
        });
    }
}
