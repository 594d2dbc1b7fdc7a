//! What a count server and its clients say to each other.
//!
//! A client sends a line, whatever it says (in UTF-8). The server answers with a number, as a line, and closes the
//! connection. The first client gets 1, the next 2, and so on: no number goes to two, and none to nobody.
//! So the number is taken when the line is there: who connects and leaves without a word uses up none.
//!
//! The server is here in five designs, which differ in who waits for a client:
//! [everybody](crate::countserver_sequential), [a thread](crate::countserver_threaded), [a
//! task](crate::countserver), [a callback](crate::countserver_callbacks), and a task again, but one that asks
//! [an actor](crate::countserver_actor) for the number.

use std::io;

/// The longest line that a client may send, in bytes without its end. Who sends more is sent away.
pub const LONGEST_REQUEST: usize = 80;

/// Whether this is the line of a client who gets a number.
pub(crate) fn is_request(line: &[u8]) -> bool {
    let Some(text) = line.strip_suffix(b"\n") else {
        return false;
    };
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    text.len() <= LONGEST_REQUEST && str::from_utf8(text).is_ok()
}

/// The number in an answer.
///
/// ```
/// assert_eq!(async_await::counting::number("42\n").unwrap(), 42);
/// assert!(async_await::counting::number("").is_err());
/// ```
///
/// # Errors
///
/// `InvalidData` if there is none: the server was gone before it had answered, for one.
pub fn number(answer: &str) -> io::Result<u64> {
    let line = answer.strip_suffix('\n').unwrap_or_default();
    line.parse().map_err(|_| {
        let message = format!("{answer:?} is no line with a number");
        io::Error::new(io::ErrorKind::InvalidData, message)
    })
}
