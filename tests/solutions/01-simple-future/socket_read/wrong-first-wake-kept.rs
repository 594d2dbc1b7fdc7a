// expect: fail stale-waker
//! Registers once, and keeps the first wake for ever (S1-05; smol #167, futures-intrusive #18).

use std::io;

use crate::{Poll, ReadableSocket, SimpleFuture, Socket};

pub struct SocketRead<'a, S: ReadableSocket = Socket> {
    socket: &'a S,
    registered: bool,
}

impl<'a, S: ReadableSocket> SocketRead<'a, S> {
    pub fn new(socket: &'a S) -> Self {
        SocketRead {
            socket,
            registered: false,
        }
    }
}

impl<S: ReadableSocket> SimpleFuture for SocketRead<'_, S> {
    type Output = io::Result<Vec<u8>>;

    fn poll(&mut self, wake: fn()) -> Poll<Self::Output> {
        if !self.registered {
            self.socket.set_readable_callback(wake);
            self.registered = true;
        }
        if self.socket.has_data_to_read() {
            return Poll::Ready(self.socket.read_buf());
        }
        Poll::Pending
    }
}
