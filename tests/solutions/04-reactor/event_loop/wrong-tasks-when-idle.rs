// expect: fail looks-when-idle
//! Polls the main future for as long as it is woken, and goes on with the others after that.

use std::time::Duration;

use executor::Executor;
use waker_timer::clock;

use crate::Reactor;

pub fn run_until(executor: &mut Executor, reactor: &Reactor, mut done: impl FnMut() -> bool) {
    loop {
        reactor.interrupter().awake();
        executor.turn(64);
        reactor.fire_timers();
        let sleeps = loop {
            if done() {
                return;
            }
            if executor.has_ready() {
                break false;
            }
            if reactor.interrupter().prepare_to_sleep() {
                break true;
            }
        };
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
