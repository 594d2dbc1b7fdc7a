//! The measure for a reactor: one loop over mio, with nothing between it and the sockets.

use std::io::{self, Read, Write};
use std::net::SocketAddr;

use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};

use super::{ANYWHERE, Server};

/// Behind every connection's token.
const LISTENER: Token = Token(usize::MAX);

/// A server without tasks, wakers or futures.
#[derive(Debug)]
pub struct MioLoop;

impl Server for MioLoop {
    const SERVER: &'static str = "bare mio loop";

    fn start() -> Self {
        Self
    }

    fn serve<const BYTES: usize>(
        &mut self,
        connections: usize,
        ready: impl FnOnce(SocketAddr) + Send + 'static,
    ) -> io::Result<()> {
        let mut poll = Poll::new()?;
        let mut listener = TcpListener::bind(ANYWHERE)?;
        (poll.registry()).register(&mut listener, LISTENER, Interest::READABLE)?;
        ready(listener.local_addr()?);
        let mut events = Events::with_capacity(1024);
        let mut streams: Vec<Option<TcpStream>> = Vec::with_capacity(connections);
        // A buffer for all: a loop needs none for each connection.
        let mut buffer = [0; BYTES];
        let mut open = connections;
        while open > 0 {
            poll.poll(&mut events, None)?;
            for event in &events {
                if event.token() == LISTENER {
                    accept(&listener, &poll, &mut streams)?;
                    continue;
                }
                let slot = &mut streams[event.token().0];
                if let Some(stream) = slot
                    && !echo(stream, &mut buffer)?
                {
                    *slot = None;
                    open -= 1;
                }
            }
        }
        Ok(())
    }
}

fn accept(
    listener: &TcpListener,
    poll: &Poll,
    streams: &mut Vec<Option<TcpStream>>,
) -> io::Result<()> {
    loop {
        match listener.accept() {
            Ok((mut stream, _)) => {
                let token = Token(streams.len());
                (poll.registry()).register(&mut stream, token, Interest::READABLE)?;
                streams.push(Some(stream));
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

/// Answers what is there; whether the connection is still open.
fn echo(stream: &mut TcpStream, buffer: &mut [u8]) -> io::Result<bool> {
    loop {
        match stream.read(buffer) {
            Ok(0) => return Ok(false),
            Ok(count) => {
                // The client has one short message in flight: there is room for its answer.
                assert_eq!(stream.write(&buffer[..count])?, count);
                // A short read has emptied the socket; whatever comes next makes a new event.
                if count < buffer.len() {
                    return Ok(true);
                }
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(true),
            Err(error) => return Err(error),
        }
    }
}
