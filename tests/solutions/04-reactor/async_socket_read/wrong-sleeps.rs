// expect: fail busy-wake
//! Looks again after a while, by a timer.

use std::io::{self, Read};
use std::pin::Pin;
use std::task::{Context, Poll};

use mio::event::Source;
use mio::net::TcpStream;

use crate::Registered;

#[derive(Debug)]
pub struct SocketRead<'a, S: Source = TcpStream> {
    socket: &'a Registered<S>,
    nap: Option<Pin<Box<crate::Sleep>>>,
}

impl<'a, S: Source> SocketRead<'a, S> {
    pub fn new(socket: &'a Registered<S>) -> Self {
        Self { socket, nap: None }
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
            match self.socket.get_ref().read(&mut bytes) {
                Ok(length) => {
                    bytes.truncate(length);
                    return Poll::Ready(Ok(bytes));
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    let mut nap = Box::pin(crate::sleep(std::time::Duration::from_millis(1)));
                    if nap.as_mut().poll(cx).is_pending() {
                        self.nap = Some(nap);
                        return Poll::Pending;
                    }
                }
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}
