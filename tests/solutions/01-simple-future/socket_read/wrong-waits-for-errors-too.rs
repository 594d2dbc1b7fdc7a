// expect: fail never-ready
//! Takes every error for "nothing yet", and so a broken connection for a quiet one.

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
        match self.socket.read_buf() {
            Ok(bytes) => Poll::Ready(Ok(bytes)),
            Err(_) => Poll::Pending,
        }
    }
}
