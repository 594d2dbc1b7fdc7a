// expect: fail wrong-value
//! Looks for READABLE, whatever was asked for.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use mio::event::Source;
use waker_timer::clock;

use crate::Event;
use crate::selector::{self, Interrupt, Opened, Registry, Selector};

pub struct IoBlocker {
    selector: Box<dyn Selector>,
    registry: Arc<dyn Registry>,
    interrupt: Arc<dyn Interrupt>,
}

impl IoBlocker {
    pub fn new() -> io::Result<Self> {
        let Opened { selector, registry, interrupt } = selector::open()?;
        Ok(IoBlocker { selector, registry, interrupt })
    }

    pub fn add_io_event_interest(&self, source: &mut dyn Source, event: Event) -> io::Result<()> {
        self.registry.register(source, event.id, crate::Signals::READABLE)
    }

    pub fn remove(&self, source: &mut dyn Source) -> io::Result<()> {
        self.registry.deregister(source)
    }

    pub fn block(&mut self, timeout: Option<Duration>, events: &mut Vec<Event>) -> io::Result<()> {
        let started = clock::now();
        loop {
            let left = timeout.map(|timeout| timeout.saturating_sub(clock::now() - started));
            match self.selector.select(events, left) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                result => return result,
            }
        }
    }

    pub fn registry(&self) -> Arc<dyn Registry> {
        Arc::clone(&self.registry)
    }

    pub fn interrupt(&self) -> Arc<dyn Interrupt> {
        Arc::clone(&self.interrupt)
    }
}

impl fmt::Debug for IoBlocker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IoBlocker").finish_non_exhaustive()
    }
}
