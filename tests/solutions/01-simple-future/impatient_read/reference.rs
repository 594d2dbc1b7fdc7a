//! Reads a socket to its end, and sleeps in between.

use std::{io, mem};

use simple_future::{Poll, ReadableSocket, SimpleFuture, Socket, SocketRead};

/// Ready with everything that the socket receives, at the end of the stream.
pub struct ReadToEnd<'a, S: ReadableSocket = Socket> {
    /// Borrowed, as by the reads of single pieces.
    socket: &'a S,
    /// The pieces so far.
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
        loop {
            match SocketRead::new(self.socket).poll(wake) {
                Poll::Ready(Ok(bytes)) if bytes.is_empty() => {
                    return Poll::Ready(Ok(mem::take(&mut self.received)));
                }
                Poll::Ready(Ok(bytes)) => self.received.extend(bytes),
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                // Only now: this Pending has left our wake with the socket.
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}
