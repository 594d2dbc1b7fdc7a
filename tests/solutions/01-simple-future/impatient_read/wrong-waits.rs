// expect: fail blocking-poll
//! No wake any more, but a poll that does not return before the end (S1-03; async-book #64).

use std::{io, mem};

use simple_future::{Poll, ReadableSocket, SimpleFuture, Socket};

pub struct ReadToEnd<'a, S: ReadableSocket = Socket> {
    socket: &'a S,
    received: Vec<u8>,
}

impl<'a, S: ReadableSocket> ReadToEnd<'a, S> {
    pub fn new(socket: &'a S) -> Self {
        let received = Vec::new();
        ReadToEnd { socket, received }
    }
}

impl<S: ReadableSocket> SimpleFuture for ReadToEnd<'_, S> {
    type Output = io::Result<Vec<u8>>;

    fn poll(&mut self, wake: fn()) -> Poll<Self::Output> {
        self.socket.set_readable_callback(wake);
        loop {
            if self.socket.has_data_to_read() {
                match self.socket.read_buf() {
                    Ok(bytes) if bytes.is_empty() => {
                        return Poll::Ready(Ok(mem::take(&mut self.received)));
                    }
                    Ok(bytes) => self.received.extend(bytes),
                    Err(error) => return Poll::Ready(Err(error)),
                }
            }
            std::thread::yield_now();
        }
    }
}
