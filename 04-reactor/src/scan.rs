//! Readiness without help: asking every socket in turn.
//!
//! This needs nothing from the operating system but sockets that do not block. It costs one system
//! call for each socket and round, although almost all of them answer "nothing"; and between two
//! rounds it has either to sleep, and to be late, or to go on asking, and to keep a processor busy.
//! `cargo run --release -p reactor --example scan_vs_mio` shows what it costs.

use std::fmt;
use std::io;
use std::thread;
use std::time::Duration;

/// Sockets that are asked one after the other.
///
/// ```
/// use std::{net::UdpSocket, time::Duration};
/// use reactor::Scan;
///
/// let mut scan = Scan::new(|socket: &UdpSocket| socket.peek(&mut [0]));
/// for _ in 0..3 {
///     let socket = UdpSocket::bind("127.0.0.1:0")?;
///     socket.set_nonblocking(true)?;
///     scan.add(socket);
/// }
/// let sender = UdpSocket::bind("127.0.0.1:0")?;
/// sender.send_to(b"x", scan.get(1).local_addr()?)?;
///
/// let mut ready = Vec::new();
/// scan.wait(Duration::from_millis(1), &mut ready);
/// assert_eq!(ready, [1]);
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Scan<S, A> {
    /// All sockets; the place of each is its number.
    sockets: Vec<S>,
    /// How to ask a socket: an operation that leaves everything as it is, and never waits.
    ask: A,
}

impl<S, A, T> Scan<S, A>
where
    A: Fn(&S) -> io::Result<T>,
{
    /// No sockets. `ask` says `WouldBlock` if a socket has nothing; all else, an error too, is
    /// something.
    #[must_use]
    pub fn new(ask: A) -> Self {
        Self {
            sockets: Vec::new(),
            ask,
        }
    }

    /// Adds a socket, and gives its number. It must not block.
    pub fn add(&mut self, socket: S) -> usize {
        self.sockets.push(socket);
        self.sockets.len() - 1
    }

    /// The socket with this number.
    ///
    /// # Panics
    ///
    /// Panics if there is none.
    #[must_use]
    pub fn get(&self, number: usize) -> &S {
        &self.sockets[number]
    }

    /// Asks every socket once, and appends the numbers of those that have something.
    pub fn ask_all(&self, ready: &mut Vec<usize>) {
        for (number, socket) in self.sockets.iter().enumerate() {
            let answer = (self.ask)(socket);
            if !answer.is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock) {
                ready.push(number);
            }
        }
    }

    /// Asks until some socket has something, and sleeps for `pause` after each round without.
    pub fn wait(&self, pause: Duration, ready: &mut Vec<usize>) {
        let before = ready.len();
        loop {
            self.ask_all(ready);
            if ready.len() > before {
                return;
            }
            thread::sleep(pause);
        }
    }
}

impl<S, A> fmt::Debug for Scan<S, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scan")
            .field("sockets", &self.sockets.len())
            .finish_non_exhaustive()
    }
}
