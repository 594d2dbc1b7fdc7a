//! Ctrl-C and SIGTERM: every process that was started is killed, and the command ends with 130.

use std::{
    fmt,
    sync::atomic::{AtomicBool, Ordering::SeqCst},
};

use anyhow::Context as _;

use crate::INTERRUPTED;

/// Set once, by the signal's thread; whoever waits for a process looks at it many times a second.
static ASKED: AtomicBool = AtomicBool::new(false);

/// The error that ends a command which was interrupted.
#[derive(Debug)]
pub(crate) struct Interrupted;

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("interrupted")
    }
}

impl std::error::Error for Interrupted {}

/// From now on an interruption ends the command in good order. A second one ends it at once.
pub(crate) fn listen() -> anyhow::Result<()> {
    ctrlc::set_handler(|| {
        if ASKED.swap(true, SeqCst) {
            std::process::exit(INTERRUPTED.into());
        }
    })
    .context("cannot listen for Ctrl-C")
}

/// Fails when an interruption has been asked for.
pub(crate) fn check() -> anyhow::Result<()> {
    if ASKED.load(SeqCst) {
        return Err(Interrupted.into());
    }
    Ok(())
}
