// expect: fail wrong-value
//! Turns every error into the end of the stream.

use std::io;

use crate::{Poll, ReadableSocket, SimpleFuture, Socket};

pub struct SocketRead<'a, S: ReadableSocket = Socket> {
    socket: &'a S,
}

impl<'a, S: ReadableSocket> SocketRead<'a, S> {
    pub fn new(socket: &'a S) -> Self {
        SocketRead { socket }
    }
}

impl<S: ReadableSocket> SimpleFuture for SocketRead<'_, S> {
    type Output = io::Result<Vec<u8>>;

    fn poll(&mut self, wake: fn()) -> Poll<Self::Output> {
        self.socket.set_readable_callback(wake);
        if self.socket.has_data_to_read() {
            return Poll::Ready(Ok(self.socket.read_buf().unwrap_or_default()));
        }
        Poll::Pending
    }
}
