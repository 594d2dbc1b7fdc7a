// expect: fail wrong-value
//! Takes the first piece for everything.

use std::{io, mem};

use simple_future::{Poll, ReadableSocket, SimpleFuture, Socket};

pub struct ReadToEnd<'a, S: ReadableSocket = Socket> {
    socket: &'a S,
    received: Vec<u8>,
}

impl<'a, S: ReadableSocket> ReadToEnd<'a, S> {
    pub fn new(socket: &'a S) -> Self {
        let received = Vec::new();
        ReadToEnd { socket, received }
    }
}

impl<S: ReadableSocket> SimpleFuture for ReadToEnd<'_, S> {
    type Output = io::Result<Vec<u8>>;

    fn poll(&mut self, wake: fn()) -> Poll<Self::Output> {
        self.socket.set_readable_callback(wake);
        if self.socket.has_data_to_read() {
            match self.socket.read_buf() {
                Ok(bytes) if bytes.is_empty() => {
                    return Poll::Ready(Ok(mem::take(&mut self.received)));
                }
                Ok(bytes) => self.received.extend(bytes),
                Err(error) => return Poll::Ready(Err(error)),
            }
            return Poll::Ready(Ok(mem::take(&mut self.received)));
        }
        Poll::Pending
    }
}
