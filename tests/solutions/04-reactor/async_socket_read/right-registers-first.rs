// expect: pass
//! Clears and registers first, and tries to read after that: what has come by then is found, and what comes later wakes.
//! The read at the end of each poll is the second look.

use std::io::{self, Read};
use std::pin::Pin;
use std::task::{Context, Poll};

use mio::event::Source;
use mio::net::TcpStream;

use crate::{Direction, Registered};

impl<S: Source> SocketRead<'_, S>
where
    for<'s> &'s S: Read,
{
    fn read(&self, bytes: &mut [u8]) -> Poll<io::Result<usize>> {
        loop {
            match self.socket.get_ref().read(bytes) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Poll::Pending,
                result => return Poll::Ready(result),
            }
        }
    }
}

#[derive(Debug)]
pub struct SocketRead<'a, S: Source = TcpStream> {
    socket: &'a Registered<S>,
}

impl<'a, S: Source> SocketRead<'a, S> {
    pub fn new(socket: &'a Registered<S>) -> Self {
        Self { socket }
    }
}

impl<S: Source> Future for SocketRead<'_, S>
where
    for<'s> &'s S: Read,
{
    type Output = io::Result<Vec<u8>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut bytes = vec![0; 4096];
        while let Poll::Ready(tick) = self.socket.poll_ready(Direction::Read, cx) {
            self.socket.clear_ready(Direction::Read, tick);
            // What this read finds may be more than it takes: so the readiness must not stay cleared.
            match self.read(&mut bytes) {
                Poll::Ready(Ok(length)) => {
                    bytes.truncate(length);
                    return Poll::Ready(Ok(bytes));
                }
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => {}
            }
        }
        match self.read(&mut bytes) {
            Poll::Ready(Ok(length)) => {
                bytes.truncate(length);
                Poll::Ready(Ok(bytes))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => Poll::Pending,
        }
    }
}
