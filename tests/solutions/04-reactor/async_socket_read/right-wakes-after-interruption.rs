// expect: pass
//! Has itself polled again after an interruption, and keeps its buffer between the polls.

use std::io::{self, Read};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use mio::event::Source;
use mio::net::TcpStream;

use crate::{Direction, Registered};

#[derive(Debug)]
pub struct SocketRead<'a, S: Source = TcpStream> {
    socket: &'a Registered<S>,
    buffer: Vec<u8>,
}

impl<'a, S: Source> SocketRead<'a, S> {
    pub fn new(socket: &'a Registered<S>) -> Self {
        Self { socket, buffer: vec![0; 1000] }
    }
}

impl<S: Source> Future for SocketRead<'_, S>
where
    for<'s> &'s S: Read,
{
    type Output = io::Result<Vec<u8>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        loop {
            let tick = ready!(this.socket.poll_ready(Direction::Read, cx));
            match this.socket.get_ref().read(&mut this.buffer) {
                Ok(length) => return Poll::Ready(Ok(this.buffer[..length].to_vec())),
                Err(error) => match error.kind() {
                    io::ErrorKind::WouldBlock => this.socket.clear_ready(Direction::Read, tick),
                    io::ErrorKind::Interrupted => {
                        cx.waker().wake_by_ref();
                        return Poll::Pending;
                    }
                    _ => return Poll::Ready(Err(error)),
                },
            }
        }
    }
}
