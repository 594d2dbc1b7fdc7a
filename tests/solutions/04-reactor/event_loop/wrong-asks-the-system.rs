// expect: fail bypassed-seam
//! Asks the system for the time, and not the course's clock.

use std::time::{Duration, Instant};

use executor::Executor;

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
    Some(when.saturating_duration_since(Instant::now()))
}
