//! What people read: colours only where a terminal shows them, and lines that fit it.

use std::io::{ErrorKind, Write as _};

pub(crate) mod diff;
pub(crate) mod graded;
pub(crate) mod next;
pub(crate) mod printed;
pub(crate) mod reason;
pub(crate) mod style;
pub(crate) mod wrap;

use crate::progress;

/// Prints on standard output. A reader that has gone away (`| head`) is no error.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    progress::done();
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Prints what keeps the command from doing its work, on one line.
pub(crate) fn error(error: &anyhow::Error) {
    progress::done();
    let text = format!("{error:#}");
    let line: Vec<&str> = text.split_whitespace().collect();
    let label = style::bad("error:");
    let _ = writeln!(anstream::stderr(), "{label} {}", line.join(" "));
}
