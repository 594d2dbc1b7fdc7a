//! The client of all servers: a plain loop over mio, with at most one message in flight on each
//! connection.

use std::collections::VecDeque;
use std::io::{self, BufRead, Read, Write};
use std::net::{self, SocketAddr};
use std::time::Instant;

use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

use super::{Load, MESSAGE};

/// Connections that are opened before the first of them has to answer: fewer than any listener
/// keeps waiting.
const AT_ONCE: usize = 64;

/// What the client tells the server's process, for its clock.
#[derive(Clone, Copy, Debug)]
pub enum Moment {
    /// From now on round trips count.
    Begin,
    /// So many did.
    End(u64),
}

impl Moment {
    pub(crate) fn from_line(line: &str) -> Option<Self> {
        match line {
            "begin" => Some(Self::Begin),
            count => Some(Self::End(count.parse().ok()?)),
        }
    }

    pub(crate) fn to_line(self) -> String {
        match self {
            Self::Begin => "begin".into(),
            Self::End(count) => count.to_string(),
        }
    }
}

/// The process that [`super::measure`] started: loads the server and prints when it begins to count
/// and what it counted.
pub fn main(arguments: &[String]) -> io::Result<()> {
    let (address, load) = (arguments.split_first())
        .and_then(|(address, words)| Some((address.parse().ok()?, Load::from_words(words)?)))
        .ok_or(io::ErrorKind::InvalidInput)?;
    raise_limit();
    run(address, load, |moment| println!("{}", moment.to_line()))
}

/// The process that keeps connections open and silent: `step` of them, then as many as there were
/// lines on its standard input, until that is closed.
pub fn idle(arguments: &[String]) -> io::Result<()> {
    let [address, step] = arguments else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    let address = address.parse().map_err(io::Error::other)?;
    let step = step.parse().map_err(io::Error::other)?;
    raise_limit();
    let mut connections = connect(address, step)?;
    println!("{}", connections.len());
    for line in io::stdin().lock().lines() {
        let more = line?.parse().map_err(io::Error::other)?;
        connections.extend(connect(address, more)?);
        println!("{}", connections.len());
    }
    Ok(())
}

/// Loads a server from this thread.
pub fn run(address: SocketAddr, load: Load, tell: impl FnMut(Moment)) -> io::Result<()> {
    run_as::<Connection>(address, load, tell)
}

/// One side of a conversation in which each message has an answer.
pub(crate) trait Talk: Sized {
    /// Opens connections. Each has had an answer before this returns: the server knows them all.
    fn connect(address: SocketAddr, count: usize) -> io::Result<Vec<net::TcpStream>>;

    /// On a connection that is open, with no message in flight.
    fn new(stream: &net::TcpStream, index: usize, poll: &Poll) -> io::Result<Self>;

    /// Sends a message.
    fn send(&mut self) -> io::Result<()>;

    /// Whether the whole answer is here.
    fn receive(&mut self) -> io::Result<bool>;
}

/// Loads a server from this thread with messages of any kind.
pub(crate) fn run_as<T: Talk>(
    address: SocketAddr,
    load: Load,
    mut tell: impl FnMut(Moment),
) -> io::Result<()> {
    let mut poll = Poll::new()?;
    let connections = T::connect(address, load.connections)?;
    let (active, _silent) = connections.split_at(load.active);
    let mut active: Vec<_> = (active.iter().enumerate())
        .map(|(index, stream)| T::new(stream, index, &poll))
        .collect::<io::Result<_>>()?;
    let mut events = Events::with_capacity(1024);
    for connection in &mut active {
        connection.send()?;
    }
    let begin = Instant::now() + load.warm_up;
    let end = begin + load.measured;
    let mut count = None;
    let mut in_flight = active.len();
    // The last answers are awaited: closed with an answer unread, a connection is reset.
    while in_flight > 0 {
        poll.poll(&mut events, None)?;
        let now = Instant::now();
        if count.is_none() && begin <= now {
            count = Some(0);
            tell(Moment::Begin);
        }
        for event in &events {
            if !active[event.token().0].receive()? {
                continue;
            }
            // However slow the machine is: one round trip counts.
            if now < end || count.is_none_or(|count| count == 0) {
                count = count.map(|count: u64| count + 1);
                active[event.token().0].send()?;
            } else {
                if in_flight == active.len() {
                    tell(Moment::End(count.unwrap_or(0)));
                }
                in_flight -= 1;
            }
        }
    }
    Ok(())
}

/// Opens connections. Each has answered once before this returns: the server knows them all.
fn connect(address: SocketAddr, count: usize) -> io::Result<Vec<net::TcpStream>> {
    let mut connections = Vec::with_capacity(count);
    let mut waiting = VecDeque::new();
    for index in 0..count {
        let mut stream = net::TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.write_all(&[0; MESSAGE])?;
        connections.push(stream);
        waiting.push_back(index);
        if waiting.len() == AT_ONCE {
            answer(&mut connections, &mut waiting)?;
        }
    }
    answer(&mut connections, &mut waiting)?;
    Ok(connections)
}

fn answer(connections: &mut [net::TcpStream], waiting: &mut VecDeque<usize>) -> io::Result<()> {
    for index in waiting.drain(..) {
        connections[index].read_exact(&mut [0; MESSAGE])?;
    }
    Ok(())
}

/// A connection with a message in flight.
struct Connection {
    /// Not blocking.
    stream: TcpStream,
    /// The number of the message in flight, which is also its content.
    message: u64,
    /// How much of the answer is here.
    received: usize,
}

impl Talk for Connection {
    fn connect(address: SocketAddr, count: usize) -> io::Result<Vec<net::TcpStream>> {
        connect(address, count)
    }

    fn new(stream: &net::TcpStream, index: usize, poll: &Poll) -> io::Result<Self> {
        let stream = stream.try_clone()?;
        stream.set_nonblocking(true)?;
        let mut stream = TcpStream::from_std(stream);
        (poll.registry()).register(&mut stream, Token(index), Interest::READABLE)?;
        Ok(Self {
            stream,
            message: 0,
            received: 0,
        })
    }

    fn send(&mut self) -> io::Result<()> {
        self.message += 1;
        let written = self.stream.write(&content(self.message))?;
        // An empty socket buffer has room for 64 bytes; were it not so, the figures would mean nothing.
        assert_eq!(written, MESSAGE, "a message is written in one go");
        Ok(())
    }

    fn receive(&mut self) -> io::Result<bool> {
        let mut buffer = [0; 2 * MESSAGE];
        loop {
            match self.stream.read(&mut buffer) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(count) => {
                    let expected = content(self.message);
                    let end = self.received + count;
                    assert_eq!(buffer[..count], expected[self.received..end], "an echo");
                    self.received = end % MESSAGE;
                    // The answer was the only message in flight: nothing can be behind it.
                    if end == MESSAGE {
                        return Ok(true);
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
                Err(error) => return Err(error),
            }
        }
    }
}

/// A message that is not equal to the one before it.
fn content(number: u64) -> [u8; MESSAGE] {
    let mut bytes = [b'.'; MESSAGE];
    bytes[..8].copy_from_slice(&number.to_le_bytes());
    bytes[MESSAGE - 8..].copy_from_slice(&number.to_le_bytes());
    bytes
}

/// As many descriptors as the system allows; too few show as an error of `connect`.
fn raise_limit() {
    let _raised = rlimit::increase_nofile_limit(u64::MAX);
}
