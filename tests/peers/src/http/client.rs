//! The client of all HTTP servers: one request in flight on each connection, over the echo client's loop.

use std::io::{self, Read, Write};
use std::net::{self, SocketAddr};

use mio::net::TcpStream;
use mio::{Interest, Poll, Token};

use super::BODY;
use crate::echo::Load;
use crate::echo::client::{Moment, Talk, run_as};

const REQUEST: &[u8] = b"GET /hello HTTP/1.1\r\nhost: localhost\r\n\r\n";

/// The process that [`super::measure`] started.
pub fn main(arguments: &[String]) -> io::Result<()> {
    let (address, load) = (arguments.split_first())
        .and_then(|(address, words)| Some((address.parse().ok()?, Load::from_words(words)?)))
        .ok_or(io::ErrorKind::InvalidInput)?;
    run(address, load, |moment| println!("{}", moment.to_line()))
}

/// Loads a server from this thread.
pub fn run(address: SocketAddr, load: Load, tell: impl FnMut(Moment)) -> io::Result<()> {
    run_as::<Asking>(address, load, tell)
}

/// A connection with a request in flight.
struct Asking {
    /// Not blocking.
    stream: TcpStream,
    /// How much of the answer is here.
    received: usize,
    /// How long the answer is: every one is as long as the first.
    length: usize,
    buffer: [u8; 1024],
}

impl Talk for Asking {
    fn connect(address: SocketAddr, count: usize) -> io::Result<Vec<net::TcpStream>> {
        let connect = |_| {
            let stream = net::TcpStream::connect(address)?;
            stream.set_nodelay(true)?;
            answer_length(&stream)?;
            Ok(stream)
        };
        (0..count).map(connect).collect()
    }

    fn new(stream: &net::TcpStream, index: usize, poll: &Poll) -> io::Result<Self> {
        let length = answer_length(stream)?;
        let stream = stream.try_clone()?;
        stream.set_nonblocking(true)?;
        let mut stream = TcpStream::from_std(stream);
        (poll.registry()).register(&mut stream, Token(index), Interest::READABLE)?;
        Ok(Self {
            stream,
            received: 0,
            length,
            buffer: [0; 1024],
        })
    }

    fn send(&mut self) -> io::Result<()> {
        let written = self.stream.write(REQUEST)?;
        // An empty socket buffer has room for it; were it not so, the figures would mean nothing.
        assert_eq!(written, REQUEST.len(), "a request is written in one go");
        Ok(())
    }

    fn receive(&mut self) -> io::Result<bool> {
        loop {
            match self.stream.read(&mut self.buffer[self.received..]) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(count) => self.received += count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
                Err(error) => return Err(error),
            }
            assert!(self.received <= self.length, "nothing was asked besides");
            if self.received == self.length {
                assert!(is_answer(&self.buffer[..self.length]), "an answer");
                self.received = 0;
                return Ok(true);
            }
        }
    }
}

/// Asks once, and says how long the answer was.
fn answer_length(mut stream: &net::TcpStream) -> io::Result<usize> {
    stream.write_all(REQUEST)?;
    let mut answer = Vec::new();
    let mut part = [0; 1024];
    while !is_answer(&answer) {
        match stream.read(&mut part)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            count => answer.extend(&part[..count]),
        }
    }
    Ok(answer.len())
}

/// Whether this is a whole answer.
fn is_answer(bytes: &[u8]) -> bool {
    bytes.starts_with(b"HTTP/1.1 200 OK\r\n")
        && (bytes.strip_suffix(BODY.as_bytes())).is_some_and(|head| head.ends_with(b"\r\n\r\n"))
}
