//! Reading from a socket as a future.
//!
//! The example that *Asynchronous Programming in Rust* builds the trait with. Its version looks once
//! and then registers its wake; data that comes in between is heard by nobody there, unless the
//! socket calls back for data that it already has. Ours does not, so this one looks again.

use std::io;

use crate::{Poll, ReadableSocket, SimpleFuture, Socket};

/// Ready with what the socket has to read, as soon as it has something.
///
/// An empty vector is the end of the stream. There should be one `SocketRead` at a time for a socket:
/// a socket keeps one callback, the latest.
///
/// Polled after `Ready`, it reads again: it gives what came after, or is `Pending`.
///
/// ```
/// use std::io::Write;
/// use std::net::{TcpListener, TcpStream};
///
/// use simple_future::{Poll, SimpleFuture, Slots, Socket, SocketRead, Wakes};
///
/// let listener = TcpListener::bind("127.0.0.1:0")?;
/// let mut peer = TcpStream::connect(listener.local_addr()?)?;
/// let socket = Socket::new(listener.accept()?.0)?;
///
/// let slots = Slots::claim(1)?;
/// let mut read = SocketRead::new(&socket);
/// assert!(matches!(read.poll(slots.wake_fn(0)), Poll::Pending));
///
/// peer.write_all(b"hello")?;
/// slots.sleep();
/// let Poll::Ready(bytes) = read.poll(slots.wake_fn(0)) else {
///     panic!("woken without a reason");
/// };
/// assert_eq!(bytes?, b"hello");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct SocketRead<'a, S: ReadableSocket = Socket> {
    /// Borrowed, so that one socket serves one read after the other.
    socket: &'a S,
}

impl<'a, S: ReadableSocket> SocketRead<'a, S> {
    /// A read from `socket`. Nothing is read before the first poll.
    pub fn new(socket: &'a S) -> Self {
        SocketRead { socket }
    }

    /// What there is to read, or `None` if that means waiting.
    fn try_read(&self) -> Option<io::Result<Vec<u8>>> {
        if !self.socket.has_data_to_read() {
            return None;
        }
        match self.socket.read_buf() {
            // Somebody else has read it first.
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => None,
            read => Some(read),
        }
    }
}

impl<S: ReadableSocket> SimpleFuture for SocketRead<'_, S> {
    type Output = io::Result<Vec<u8>>;

    fn poll(&mut self, wake: fn()) -> Poll<Self::Output> {
        if let Some(read) = self.try_read() {
            return Poll::Ready(read);
        }
        // At every poll: only the latest wake is sure to reach the task that waits now.
        self.socket.set_readable_callback(wake);
        // What came after the first look and before the callback was set calls nobody.
        match self.try_read() {
            Some(read) => Poll::Ready(read),
            None => Poll::Pending,
        }
    }
}
