// expect: fail early-ready
//! Ends the stream when nobody calls.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures::Stream;

use crate::pause::Pause;
use crate::{Direction, Registered, TcpStream};

pub fn connect(addr: SocketAddr) -> Connect {
    Connect { addr, socket: None }
}

#[derive(Debug)]
pub struct Connect {
    addr: SocketAddr,
    socket: Option<Registered<mio::net::TcpStream>>,
}

impl Future for Connect {
    type Output = io::Result<TcpStream>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let socket = match self.socket.take() {
            Some(socket) => socket,
            None => Registered::new(mio::net::TcpStream::connect(self.addr)?)?,
        };
        match socket.poll_io(Direction::Write, cx, is_connected) {
            Poll::Pending => {
                self.socket = Some(socket);
                Poll::Pending
            }
            Poll::Ready(connected) => {
                Poll::Ready(connected.map(|()| TcpStream::from_registered(socket)))
            }
        }
    }
}

fn is_connected(socket: &mio::net::TcpStream) -> io::Result<()> {
    if let Some(error) = socket.take_error()? {
        return Err(error);
    }
    match socket.peer_addr() {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotConnected => {
            Err(io::ErrorKind::WouldBlock.into())
        }
        Err(error) => Err(error),
    }
}

#[derive(Debug)]
pub struct TcpListener {
    io: Registered<mio::net::TcpListener>,
    pause: Pause,
}

impl TcpListener {
    pub fn bind(addr: SocketAddr) -> io::Result<Self> {
        let io = Registered::new(mio::net::TcpListener::bind(addr)?)?;
        Ok(Self { io, pause: Pause::default() })
    }

    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.io.get_ref().local_addr()
    }

    pub fn accept(&self) -> Accept<'_> {
        Accept { listener: self }
    }

    pub fn incoming(&self) -> Incoming<'_> {
        Incoming { listener: self }
    }

    pub fn poll_accept(&self, cx: &mut Context<'_>) -> Poll<io::Result<(TcpStream, SocketAddr)>> {
        ready!(self.pause.poll(cx));
        let accepted = ready!(self.io.poll_io(Direction::Read, cx, |listener| loop {
            match listener.accept() {
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                result => return result,
            }
        }));
        let accepted = accepted.and_then(|(stream, addr)| Ok((TcpStream::from_mio(stream)?, addr)));
        if accepted.is_err() {
            self.pause.begin();
        }
        Poll::Ready(accepted)
    }
}

#[derive(Debug)]
pub struct Accept<'a> {
    listener: &'a TcpListener,
}

impl Future for Accept<'_> {
    type Output = io::Result<(TcpStream, SocketAddr)>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.listener.poll_accept(cx)
    }
}

pub struct Incoming<'a> {
    listener: &'a TcpListener,
}

impl Stream for Incoming<'_> {
    type Item = io::Result<TcpStream>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.listener.poll_accept(cx) {
            Poll::Ready(accepted) => Poll::Ready(Some(accepted.map(|(stream, _)| stream))),
            Poll::Pending => Poll::Ready(None),
        }
    }
}

impl fmt::Debug for Incoming<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Incoming").field(self.listener).finish()
    }
}
