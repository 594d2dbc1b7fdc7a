//! What can come in over a connection.

#![allow(dead_code, unreachable_pub)]

use std::io::ErrorKind;

use reactor::Signals;

/// What comes in from the other side, in the order in which reads find it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrival {
    Bytes(Vec<u8>),
    /// One read fails because a signal handler ran.
    Interruption,
    /// The other side will send no more.
    End,
    /// The connection is broken: one read says why, and then it is at its end.
    Failure(ErrorKind),
}

impl Arrival {
    /// What the system says of it.
    pub fn signals(&self) -> Signals {
        match self {
            Arrival::Bytes(_) | Arrival::Interruption => Signals::READABLE,
            Arrival::End => Signals::READABLE | Signals::READ_CLOSED,
            Arrival::Failure(_) => {
                Signals::READABLE | Signals::WRITABLE | Signals::READ_CLOSED | Signals::WRITE_CLOSED
            }
        }
    }
}
