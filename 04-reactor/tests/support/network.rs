//! A network that the grader is: sockets of mio's shape, events that come when the grader says so, and
//! a clock that stands until then.

#![allow(dead_code, unreachable_pub)]

use std::{sync::Arc, time::Duration};

use course::Recorder;
use reactor::{EnteredReactor, Event, ManualSelector, Reactor, Signals, selector};
use waker_timer::{ManualClock, clock};

use super::{
    line::{Line, TcpStream},
    peer::Peer,
};

/// The world of one test. Graders with a network of their own run one after the other: the second waits
/// in `new`.
pub struct Network {
    events: Events,
    time: Arc<ManualClock>,
    // Dropped in this order: the clock was there first.
    _entered: EnteredReactor,
    _selector: selector::Replaced,
    _clock: clock::Replaced,
}

/// Where events are made, from any thread.
#[derive(Clone)]
pub struct Events {
    pub recorder: Recorder,
    pub manual: ManualSelector,
    pub reactor: Reactor,
}

impl Network {
    /// A reactor with nothing in it, which is the current one.
    pub fn new(recorder: &Recorder) -> Self {
        let time = Arc::new(ManualClock::new());
        let clock = clock::replace(time.clone());
        let manual = ManualSelector::with_clock(time.clone());
        let selector = selector::replace(Arc::new(manual.clone()));
        let reactor = Reactor::new().expect("the manual selector opens");
        Network {
            _entered: reactor.enter(),
            events: Events {
                recorder: recorder.clone(),
                manual,
                reactor,
            },
            time,
            _selector: selector,
            _clock: clock,
        }
    }

    /// A connection: this end, to be registered, and the other.
    pub fn line(&self) -> (TcpStream, Peer) {
        let line = Line::new(&self.events);
        (TcpStream::over(&line), Peer::over(&line))
    }

    /// Where events are made.
    pub fn events(&self) -> &Events {
        &self.events
    }

    /// Notes that `time passes`, and fires what is due.
    pub fn pass(&self, by: Duration) {
        self.events.recorder.note("time passes");
        self.time.advance(by);
        self.events.reactor.fire_timers();
    }
}

impl Events {
    /// Reports something that has happened, and has the reactor wake who waits for it.
    pub fn deliver(&self, id: usize, signals: Signals) {
        self.inject(id, signals);
        self.look();
    }

    /// Has the next look find something that has happened.
    pub fn inject(&self, id: usize, signals: Signals) {
        self.manual.inject(Event { id, signals });
    }

    /// Has the reactor look for events.
    pub fn look(&self) {
        let looked = self.reactor.poll_io(Some(Duration::ZERO));
        looked.expect("the manual selector does not fail");
    }
}
