// expect: fail early-ready
//! Takes a second poll for the sign that data has come (S1-06; mycelium #449, azure-sdk-for-rust #1171).

use std::io;

use crate::{Poll, ReadableSocket, SimpleFuture, Socket};

pub struct SocketRead<'a, S: ReadableSocket = Socket> {
    socket: &'a S,
    asked: bool,
}

impl<'a, S: ReadableSocket> SocketRead<'a, S> {
    pub fn new(socket: &'a S) -> Self {
        SocketRead {
            socket,
            asked: false,
        }
    }
}

impl<S: ReadableSocket> SimpleFuture for SocketRead<'_, S> {
    type Output = io::Result<Vec<u8>>;

    fn poll(&mut self, wake: fn()) -> Poll<Self::Output> {
        if self.asked || self.socket.has_data_to_read() {
            return Poll::Ready(self.socket.read_buf());
        }
        self.asked = true;
        self.socket.set_readable_callback(wake);
        Poll::Pending
    }
}
