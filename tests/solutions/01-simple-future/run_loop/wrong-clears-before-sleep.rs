// expect: fail lost-in-poll
//! Begins each sleep with a clean slate, and so wipes off what came since the look (S3-05, S3-13
//! class).

use crate::{Poll, SimpleFuture, Wakes};

pub fn run_loop<W: Wakes>(tasks: Vec<Box<dyn SimpleFuture<Output = ()> + '_>>, wakes: &W) {
    let mut tasks: Vec<_> = tasks.into_iter().map(Some).collect();
    let mut first_round = true;
    while tasks.iter().any(Option::is_some) {
        for (index, slot) in tasks.iter_mut().enumerate() {
            let woken = wakes.take_woken(index) || first_round;
            if woken
                && let Some(task) = slot
                && task.poll(wakes.wake_fn(index)) == Poll::Ready(())
            {
                *slot = None;
            }
        }
        first_round = false;
        if tasks.iter().any(Option::is_some) {
            for index in 0..tasks.len() {
                wakes.take_woken(index);
            }
            wakes.sleep();
        }
    }
}
