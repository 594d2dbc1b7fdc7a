//! Reading from a socket as a future: stage 01's `SocketRead`, on the reactor.
//!
//! What was `set_readable_callback(wake)` is [`Registered::poll_ready`] now: it keeps the waker of
//! the task in the reactor, under the socket and the direction. And where stage 01 has a thread that
//! looks at the socket every millisecond, here nobody looks.

use std::io::{self, Read};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use mio::event::Source;
use mio::net::TcpStream;

use crate::{Direction, Registered};

/// How much one read gives at most. The rest stays for the next.
const MOST: usize = 16 * 1024;

/// Ready with what the socket has to read, as soon as it has something.
///
/// An empty vector is the end of the stream. There should be one `SocketRead` at a time for a
/// socket: only the latest task that waits is woken.
///
/// Polled after `Ready`, it reads again: it gives what came after, or waits for it.
///
/// ```
/// use std::io::Write;
/// use std::net::{TcpListener, TcpStream};
/// use reactor::{Registered, Runtime, SocketRead};
///
/// let listener = TcpListener::bind("127.0.0.1:0").unwrap();
/// let mut peer = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
/// let stream = listener.accept().unwrap().0;
/// stream.set_nonblocking(true).unwrap();
///
/// let bytes = Runtime::new().unwrap().block_on(async {
///     let socket = Registered::new(mio::net::TcpStream::from_std(stream)).unwrap();
///     executor::spawn(async move { peer.write_all(b"hello").unwrap() });
///     SocketRead::new(&socket).await.unwrap()
/// });
/// assert_eq!(bytes, b"hello");
/// ```
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct SocketRead<'a, S: Source = TcpStream> {
    /// Borrowed, so that one socket serves one read after the other.
    socket: &'a Registered<S>,
}

impl<'a, S: Source> SocketRead<'a, S> {
    /// A read from `socket`. Nothing is read before the first poll.
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
        let mut bytes = vec![0; MOST];
        loop {
            let tick = ready!(self.socket.poll_ready(Direction::Read, cx));
            match self.socket.get_ref().read(&mut bytes) {
                Ok(length) => {
                    bytes.truncate(length);
                    return Poll::Ready(Ok(bytes));
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // Round again: the waker is registered only when nothing is known to be there.
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.socket.clear_ready(Direction::Read, tick);
                }
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}
