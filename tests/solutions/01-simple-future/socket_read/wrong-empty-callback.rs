// expect: fail lost-wakeup
//! Sets a callback that does nothing, because only data that is there seemed to matter (S1-01 class).

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
        self.socket.set_readable_callback(|| {});
        if self.socket.has_data_to_read() {
            return Poll::Ready(self.socket.read_buf());
        }
        Poll::Pending
    }
}
