// expect: fail blocking-poll
//! Sleeps inside poll between two looks: less processor, and as blocking as before (S1-03).

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
        loop {
            match self.socket.read_buf() {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.socket.set_readable_callback(wake);
                    std::thread::sleep(std::time::Duration::from_millis(1));
                }
                read => return Poll::Ready(read),
            }
        }
    }
}
