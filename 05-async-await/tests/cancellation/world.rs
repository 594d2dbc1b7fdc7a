//! Time that passes when the test says so.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use reactor::Reactor;
use waker_timer::{ManualClock, clock};

use crate::everywhere::{Event, event};

pub(crate) const HOUR: Duration = Duration::from_secs(3600);

/// A clock that stands still, and a reactor on this thread.
pub(crate) struct World {
    clock: Arc<ManualClock>,
    reactor: Rc<Reactor>,
}

impl World {
    /// Plays scenes in a world of its own.
    pub(crate) fn with(scenes: impl FnOnce(&World)) {
        let clock = Arc::new(ManualClock::new());
        let _clock = clock::replace(clock.clone());
        let reactor = Reactor::new().expect("the system has a selector left");
        let _entered = reactor.enter();
        let reactor = Rc::new(reactor);
        scenes(&World { clock, reactor });
    }

    pub(crate) fn an_hour_passes(&self) -> Event {
        let (clock, reactor) = (Arc::clone(&self.clock), Rc::clone(&self.reactor));
        event(move || {
            clock.advance(HOUR);
            reactor.fire_timers();
        })
    }

    pub(crate) fn no_timer_is_left(&self) -> impl FnOnce() + use<> {
        let reactor = Rc::clone(&self.reactor);
        move || assert_eq!(reactor.timers(), 0)
    }
}
