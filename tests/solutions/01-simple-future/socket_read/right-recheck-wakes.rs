// expect: pass
//! Finds at the second look that data has come meanwhile, and asks for another poll instead of reading:
//! a wake with a reason.

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
        if self.socket.has_data_to_read() {
            return Poll::Ready(self.socket.read_buf());
        }
        self.socket.set_readable_callback(wake);
        if self.socket.has_data_to_read() {
            wake();
        }
        Poll::Pending
    }
}
