// expect: fail lost-in-poll
//! Forgets the wake after the poll, and with it one that came during the poll (S3-05; bach #48, ruffle
//! #7954).

use crate::{Poll, SimpleFuture, Wakes};

pub fn run_loop<W: Wakes>(tasks: Vec<Box<dyn SimpleFuture<Output = ()> + '_>>, wakes: &W) {
    let mut tasks: Vec<_> = tasks.into_iter().map(Some).collect();
    let mut first_round = true;
    while tasks.iter().any(Option::is_some) {
        for (index, slot) in tasks.iter_mut().enumerate() {
            let woken = wakes.take_woken(index) || first_round;
            if woken && let Some(task) = slot {
                if task.poll(wakes.wake_fn(index)) == Poll::Ready(()) {
                    *slot = None;
                }
                // It has been polled just now.
                wakes.take_woken(index);
            }
        }
        first_round = false;
        if tasks.iter().any(Option::is_some) {
            wakes.sleep();
        }
    }
}
