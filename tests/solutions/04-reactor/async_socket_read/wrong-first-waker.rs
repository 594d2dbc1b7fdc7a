// expect: fail stale-waker
//! Registers once, and at later polls only looks (S1-05; smol-rs/smol #167).

use std::io::{self, Read};
use std::pin::Pin;
use std::task::{Context, Poll};

use mio::event::Source;
use mio::net::TcpStream;

use crate::{Direction, Registered};

#[derive(Debug)]
pub struct SocketRead<'a, S: Source = TcpStream> {
    socket: &'a Registered<S>,
    waiting: bool,
    tick: Option<crate::Tick>,
}

impl<'a, S: Source> SocketRead<'a, S> {
    pub fn new(socket: &'a Registered<S>) -> Self {
        Self { socket, waiting: false, tick: None }
    }
}

impl<S: Source> Future for SocketRead<'_, S>
where
    for<'s> &'s S: Read,
{
    type Output = io::Result<Vec<u8>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut bytes = vec![0; 4096];
        loop {
            if !self.waiting && let Poll::Ready(tick) = self.socket.poll_ready(Direction::Read, cx) {
                self.tick = Some(tick);
            }
            match self.socket.get_ref().read(&mut bytes) {
                Ok(length) => {
                    bytes.truncate(length);
                    return Poll::Ready(Ok(bytes));
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    if self.waiting {
                        return Poll::Pending;
                    }
                    let tick = self.tick.take().expect("it was ready");
                    self.socket.clear_ready(Direction::Read, tick);
                    if let Poll::Ready(tick) = self.socket.poll_ready(Direction::Read, cx) {
                        self.tick = Some(tick);
                    } else {
                        self.waiting = true;
                        return Poll::Pending;
                    }
                }
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}
