// expect: fail wrong-value
//! Collects in a local variable of `poll`, which is gone at the next poll (the class of S5-07: a read that
//! loses what it had).

use std::io;

use simple_future::{Poll, ReadableSocket, SimpleFuture, Socket, SocketRead};

pub struct ReadToEnd<'a, S: ReadableSocket = Socket> {
    socket: &'a S,
}

impl<'a, S: ReadableSocket> ReadToEnd<'a, S> {
    pub fn new(socket: &'a S) -> Self {
        ReadToEnd { socket }
    }
}

impl<S: ReadableSocket> SimpleFuture for ReadToEnd<'_, S> {
    type Output = io::Result<Vec<u8>>;

    fn poll(&mut self, wake: fn()) -> Poll<Self::Output> {
        let mut received = Vec::new();
        loop {
            match SocketRead::new(self.socket).poll(wake) {
                Poll::Ready(Ok(bytes)) if bytes.is_empty() => return Poll::Ready(Ok(received)),
                Poll::Ready(Ok(bytes)) => received.extend(bytes),
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}
