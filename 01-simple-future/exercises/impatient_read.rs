//! # The impatient read
//!
//! `ReadToEnd` reads from a socket until the peer closes, and gives all the bytes. It works. While it
//! works, it takes a whole processor: instead of waiting for data it has itself polled again at once, over
//! and over. Repair it.
//!
//! What is checked:
//!
//! 1. The output is everything that the peer sent up to the end of the stream, in order. An error ends
//!    the read with that error.
//! 2. A poll that finds nothing to read wakes nobody, and returns: it neither loops nor sleeps until
//!    something comes.
//! 3. Each piece that comes wakes the task, and so does the end of the stream, also when it comes
//!    together with the last piece.
//! 4. If the future was polled several times, the wake of the *latest* poll is the one that counts.
//! 5. What comes between a look at the socket and the setting of the callback is not lost.
//!
//! Settled: after a piece the future may go on in the same poll, or wake itself once to go on in the next:
//! then something *has* happened. The socket does not call for what was there before the callback was
//! set. `SocketRead` may be used, or not.
//!
//! Read first: README.md, "Pending is a promise". Do `socket_read` before this. About 15 minutes.
//!
//! Check: `cargo xtask check-stage 1 --exercise impatient_read`. Stuck: `cargo xtask hint impatient_read`.

use std::{io, mem};

use simple_future::{Poll, ReadableSocket, SimpleFuture, Socket};

/// Ready with everything that the socket receives, at the end of the stream.
pub struct ReadToEnd<'a, S: ReadableSocket = Socket> {
    socket: &'a S,
    received: Vec<u8>,
}

impl<'a, S: ReadableSocket> ReadToEnd<'a, S> {
    /// A read of all that comes from `socket`. Nothing is read before the first poll.
    pub fn new(socket: &'a S) -> Self {
        let received = Vec::new();
        ReadToEnd { socket, received }
    }
}

impl<S: ReadableSocket> SimpleFuture for ReadToEnd<'_, S> {
    type Output = io::Result<Vec<u8>>;

    fn poll(&mut self, wake: fn()) -> Poll<Self::Output> {
        if self.socket.has_data_to_read() {
            match self.socket.read_buf() {
                Ok(bytes) if bytes.is_empty() => {
                    return Poll::Ready(Ok(mem::take(&mut self.received)));
                }
                Ok(bytes) => self.received.extend(bytes),
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
        // There is more to come: have us polled again, so that we notice it.
        wake();
        Poll::Pending
    }
}
