// expect: fail ends-early
//! Returns when no task is woken just now (S3-12; a LocalSet that stopped early: tokio #1905).

use crate::{Poll, SimpleFuture, Wakes};

pub fn run_loop<W: Wakes>(tasks: Vec<Box<dyn SimpleFuture<Output = ()> + '_>>, wakes: &W) {
    let mut tasks: Vec<_> = tasks.into_iter().map(Some).collect();
    let mut first_round = true;
    loop {
        let mut polled = false;
        for (index, slot) in tasks.iter_mut().enumerate() {
            let woken = wakes.take_woken(index) || first_round;
            if woken && let Some(task) = slot {
                polled = true;
                if task.poll(wakes.wake_fn(index)) == Poll::Ready(()) {
                    *slot = None;
                }
            }
        }
        first_round = false;
        if !polled {
            return;
        }
    }
}
