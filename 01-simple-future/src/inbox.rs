//! What a socket has received and nobody has read yet, looked at without waiting.

use std::io::{self, ErrorKind, Read};
use std::net::TcpStream;

/// Bytes asked for at first. Doubled while that is not enough.
const ROOM: usize = 4096;

/// What a look found. The order is that of arrival: more bytes are more, and the end comes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Look {
    /// A read would have to wait.
    Nothing,
    /// So many bytes, at least one. The end of the stream may lie behind them, out of sight.
    Bytes(usize),
    /// The end of the stream, or an error.
    End,
}

/// The receiving side of a non-blocking stream.
pub(crate) struct Inbox {
    stream: TcpStream,
    /// Where a look puts the bytes. Kept, so that a look every millisecond does not allocate.
    scratch: Vec<u8>,
    /// An error that a look met. The system reports it once, and the reader has yet to hear of it.
    failed: Option<io::Error>,
}

impl Inbox {
    pub(crate) fn new(stream: TcpStream) -> io::Result<Inbox> {
        stream.set_nonblocking(true)?;
        Ok(Inbox {
            stream,
            scratch: vec![0; ROOM],
            failed: None,
        })
    }

    /// Whether a read would give something: bytes, the end or an error.
    pub(crate) fn has_something(&mut self) -> bool {
        self.peek(1) > Look::Nothing
    }

    /// Finds out how much there is, to the last byte.
    pub(crate) fn look(&mut self) -> Look {
        let mut room = ROOM;
        loop {
            match self.peek(room) {
                Look::Bytes(found) if found == room => room *= 2,
                found => return found,
            }
        }
    }

    /// Takes what there is now. Bytes that arrive meanwhile stay: a fast peer must not keep us here.
    pub(crate) fn read(&mut self) -> io::Result<Vec<u8>> {
        let waiting = match self.look() {
            Look::Nothing => return Err(ErrorKind::WouldBlock.into()),
            Look::End => return self.failed.take().map_or(Ok(Vec::new()), Err),
            Look::Bytes(waiting) => waiting,
        };
        let mut bytes = vec![0; waiting];
        let mut filled = 0;
        while filled < waiting {
            match self.stream.read(&mut bytes[filled..]) {
                Ok(0) => break,
                Ok(more) => filled += more,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if filled == 0 => return Err(error),
                Err(error) => {
                    // The bytes first; an error that is no mere wait is told at the next read.
                    self.failed = Some(error).filter(|error| error.kind() != ErrorKind::WouldBlock);
                    break;
                }
            }
        }
        bytes.truncate(filled);
        Ok(bytes)
    }

    /// Looks at up to `room` bytes and leaves them where they are.
    fn peek(&mut self, room: usize) -> Look {
        if self.failed.is_some() {
            return Look::End;
        }
        if self.scratch.len() < room {
            self.scratch.resize(room, 0);
        }
        loop {
            match self.stream.peek(&mut self.scratch[..room]) {
                Ok(0) => return Look::End,
                Ok(found) => return Look::Bytes(found),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Look::Nothing,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    self.failed = Some(error);
                    return Look::End;
                }
            }
        }
    }
}
