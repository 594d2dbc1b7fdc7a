// expect: fail looks-when-idle
//! Goes round again when it is told not to sleep, past the sockets: a main future that wakes itself keeps them waiting.

use std::time::Duration;

use executor::Executor;
use waker_timer::clock;

use crate::Reactor;

pub fn run_until(executor: &mut Executor, reactor: &Reactor, mut done: impl FnMut() -> bool) {
    loop {
        reactor.interrupter().awake();
        executor.turn(128);
        reactor.fire_timers();
        if done() {
            return;
        }
        if !executor.has_ready() && !reactor.interrupter().prepare_to_sleep() {
            continue;
        }
        let timeout = if executor.has_ready() {
            Some(Duration::ZERO)
        } else {
            time_left(reactor)
        };
        let looked = reactor.poll_io(timeout);
        looked.expect("the selector works");
    }
}

fn time_left(reactor: &Reactor) -> Option<Duration> {
    let when = reactor.next_deadline()?;
    Some(when.saturating_duration_since(clock::now()))
}
