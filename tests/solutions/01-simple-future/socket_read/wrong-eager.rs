// expect: fail eager
//! Starts in `new`, as a read in another language would (S1-15 class).

use std::io;

use crate::{Poll, ReadableSocket, SimpleFuture, Socket};

pub struct SocketRead<'a, S: ReadableSocket = Socket> {
    socket: &'a S,
    first: Option<io::Result<Vec<u8>>>,
}

impl<'a, S: ReadableSocket> SocketRead<'a, S> {
    pub fn new(socket: &'a S) -> Self {
        let first = socket.has_data_to_read().then(|| socket.read_buf());
        SocketRead { socket, first }
    }
}

impl<S: ReadableSocket> SimpleFuture for SocketRead<'_, S> {
    type Output = io::Result<Vec<u8>>;

    fn poll(&mut self, wake: fn()) -> Poll<Self::Output> {
        if let Some(read) = self.first.take() {
            return Poll::Ready(read);
        }
        self.socket.set_readable_callback(wake);
        if self.socket.has_data_to_read() {
            return Poll::Ready(self.socket.read_buf());
        }
        Poll::Pending
    }
}
