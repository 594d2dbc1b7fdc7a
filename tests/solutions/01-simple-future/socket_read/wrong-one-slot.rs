// expect: fail overwritten-wake
//! A static for the wake, because a fn() can carry none; all sockets share it (S1-16; futures-rs #2292).

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
        static WAITING: std::sync::Mutex<Option<fn()>> = std::sync::Mutex::new(None);
        fn ring() {
            let wake = WAITING.lock().unwrap().take();
            if let Some(wake) = wake {
                wake();
            }
        }
        *WAITING.lock().unwrap() = Some(wake);
        self.socket.set_readable_callback(ring);
        if self.socket.has_data_to_read() {
            return Poll::Ready(self.socket.read_buf());
        }
        Poll::Pending
    }
}
