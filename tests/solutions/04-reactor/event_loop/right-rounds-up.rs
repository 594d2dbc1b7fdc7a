// expect: pass
//! Sleeps for whole milliseconds, and rounds up.

use std::time::Duration;

use executor::Executor;
use waker_timer::clock;

use crate::Reactor;

pub fn run_until(executor: &mut Executor, reactor: &Reactor, mut done: impl FnMut() -> bool) {
    loop {
        reactor.interrupter().awake();
        executor.turn(64);
        reactor.fire_timers();
        if done() {
            return;
        }
        let sleeps = !executor.has_ready() && reactor.interrupter().prepare_to_sleep();
        let timeout = if sleeps {
            time_left(reactor)
        } else {
            Some(Duration::ZERO)
        };
        let looked = reactor.poll_io(timeout);
        looked.expect("the selector works");
    }
}

fn time_left(reactor: &Reactor) -> Option<Duration> {
    let when = reactor.next_deadline()?;
    let left = when.saturating_duration_since(clock::now());
    let millis = left.as_nanos().div_ceil(1_000_000);
    Some(Duration::from_millis(millis.try_into().unwrap_or(u64::MAX)))
}
