//! A count server that serves one client after the other.
//!
//! The shortest of all, and it has no task, no thread and no lock. While it waits for a client's line, nobody
//! else is served: one who connects and says nothing stops it for everybody.

use std::io::{self, BufRead, BufReader, Read, Write};

use crate::counting::{LONGEST_REQUEST, is_request};

/// Gives each client a number, until nobody else will come.
pub fn serve<S: Read + Write>(incoming: impl IntoIterator<Item = io::Result<S>>) {
    let mut count = 0;
    for stream in incoming {
        let Ok(stream) = stream else { continue };
        // What goes wrong with one client is over with him.
        let _ = answer(stream, || {
            count += 1;
            count
        });
    }
}

/// Serves one client.
pub(crate) fn answer(mut stream: impl Read + Write, next: impl FnOnce() -> u64) -> io::Result<()> {
    let mut line = Vec::new();
    // With its end, a line is two bytes longer at most.
    let most = LONGEST_REQUEST as u64 + 2;
    BufReader::new(Read::by_ref(&mut stream).take(most)).read_until(b'\n', &mut line)?;
    if is_request(&line) {
        stream.write_all(format!("{}\n", next()).as_bytes())?;
    }
    stream.flush()
}
