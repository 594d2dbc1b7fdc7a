// expect: fail blocking-poll
//! Waits inside poll until data is there (S1-03; async-book #64: several beginners do).

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
        while !self.socket.has_data_to_read() {
            std::thread::yield_now();
        }
        Poll::Ready(self.socket.read_buf())
    }
}
