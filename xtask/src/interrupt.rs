//! Ctrl-C and SIGTERM: every process that was started is killed, and the command ends with 130.

use std::{
    fmt,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
};

use anyhow::Context as _;

use crate::INTERRUPTED;

/// Set by the signal's handler; whoever waits for a process looks at it many times a second.
static ASKED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

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
#[cfg(unix)]
pub(crate) fn listen() -> anyhow::Result<()> {
    use signal_hook::{consts, flag};
    for signal in [consts::SIGINT, consts::SIGTERM, consts::SIGHUP] {
        // In this order: the first signal finds the flag unset, and only then sets it.
        flag::register_conditional_shutdown(signal, INTERRUPTED.into(), Arc::clone(&ASKED))
            .and_then(|_| flag::register(signal, Arc::clone(&ASKED)))
            .context("cannot listen for signals")?;
    }
    Ok(())
}

/// From now on an interruption ends the command in good order. A second one ends it at once.
#[cfg(windows)]
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
