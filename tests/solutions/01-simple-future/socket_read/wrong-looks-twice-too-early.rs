// expect: fail check-then-register
//! Looks twice, and both times before the callback is set (S1-04).

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
        for _ in 0..2 {
            if self.socket.has_data_to_read() {
                return Poll::Ready(self.socket.read_buf());
            }
        }
        self.socket.set_readable_callback(wake);
        Poll::Pending
    }
}
