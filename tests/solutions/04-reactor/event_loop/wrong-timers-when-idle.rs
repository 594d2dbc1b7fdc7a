// expect: fail looks-when-idle
//! Fires timers only when no task is ready.

use std::time::Duration;

use executor::Executor;
use waker_timer::clock;

use crate::Reactor;

pub fn run_until(executor: &mut Executor, reactor: &Reactor, mut done: impl FnMut() -> bool) {
    loop {
        reactor.interrupter().awake();
        executor.turn(64);
        if !executor.has_ready() {
            reactor.fire_timers();
        }
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
    Some(when.saturating_duration_since(clock::now()))
}
