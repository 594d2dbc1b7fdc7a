//! One line on standard error that says what is going on, so that nobody waits before a silent screen.

use std::{
    io::{IsTerminal as _, Write as _, stderr},
    sync::Mutex,
};

/// Whether the line on the terminal has text. One terminal, so one line for the whole process.
static SHOWN: Mutex<bool> = Mutex::new(false);

/// Says what goes on now: in place on a terminal, as a line of its own elsewhere.
pub(crate) fn step(text: &str) {
    if stderr().is_terminal() {
        detail(text);
    } else {
        let _ = writeln!(stderr(), "{text}");
    }
}

/// Says how far a step is. Only a terminal shows that: elsewhere it would be noise.
pub(crate) fn detail(text: &str) {
    if !stderr().is_terminal() {
        return;
    }
    let line: String = text.chars().take(78).collect();
    let _ = write!(stderr(), "\r\x1b[2K{line}");
    let _ = stderr().flush();
    *shown() = true;
}

/// Takes the line away, before something else is printed.
pub(crate) fn done() {
    if std::mem::take(&mut *shown()) {
        let _ = write!(stderr(), "\r\x1b[2K");
        let _ = stderr().flush();
    }
}

fn shown() -> std::sync::MutexGuard<'static, bool> {
    SHOWN
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner())
}
