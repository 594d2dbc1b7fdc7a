// expect: pass
//! Looks at the sockets without waiting, does the rest, and then waits if there is nothing to do.

use std::time::Duration;

use executor::Executor;
use waker_timer::clock;

use crate::Reactor;

pub fn run_until(executor: &mut Executor, reactor: &Reactor, mut done: impl FnMut() -> bool) {
    loop {
        reactor.interrupter().awake();
        let looked = reactor.poll_io(Some(Duration::ZERO));
        looked.expect("the selector works");
        reactor.fire_timers();
        executor.turn(100);
        if done() {
            return;
        }
        if !executor.has_ready() && reactor.interrupter().prepare_to_sleep() {
            let slept = reactor.poll_io(time_left(reactor));
            slept.expect("the selector works");
        }
    }
}

fn time_left(reactor: &Reactor) -> Option<Duration> {
    let when = reactor.next_deadline()?;
    Some(when.saturating_duration_since(clock::now()))
}
