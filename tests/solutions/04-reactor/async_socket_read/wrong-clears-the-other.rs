// expect: fail blocking-poll
//! Tells the reactor of the `WouldBlock`, for the wrong direction, and is told again and again that the socket can be read.

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
        loop {
            let tick = ready!(self.socket.poll_ready(Direction::Read, cx));
            match self.socket.get_ref().read(&mut bytes) {
                Ok(length) => {
                    bytes.truncate(length);
                    return Poll::Ready(Ok(bytes));
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.socket.clear_ready(Direction::Write, tick);
                }
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}
