// expect: pass
//! Leaves the loop to `poll_io`.

use std::io::{self, Read};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use mio::event::Source;
use mio::net::TcpStream;

use crate::{Direction, Registered};

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
        let length = ready!(self.socket.poll_io(Direction::Read, cx, |mut io| io.read(&mut bytes)))?;
        bytes.truncate(length);
        Poll::Ready(Ok(bytes))
    }
}
