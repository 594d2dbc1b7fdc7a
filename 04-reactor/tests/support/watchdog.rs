//! A limit for tests that would otherwise hang for ever when they fail.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::Duration;
use std::{process, thread};

/// Ends the program if it is not dropped in time.
pub(crate) struct Watchdog {
    /// Closed when this is dropped.
    _leash: Sender<()>,
}

impl Watchdog {
    /// Far more time than any test needs, on any machine.
    pub(crate) fn start() -> Self {
        let (leash, dropped) = mpsc::channel();
        let name = thread::current().name().unwrap_or("a test").to_owned();
        thread::spawn(move || {
            if dropped.recv_timeout(Duration::from_secs(120)) == Err(RecvTimeoutError::Timeout) {
                eprintln!("{name} hangs");
                process::exit(101);
            }
        });
        Self { _leash: leash }
    }
}
