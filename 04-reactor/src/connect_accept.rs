//! How connections begin: calling, and being called.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures::Stream;

use crate::pause::Pause;
use crate::{Direction, Registered, TcpStream};

/// Connects to `addr`.
///
/// ```
/// use reactor::{Runtime, TcpListener, connect};
///
/// Runtime::new()?.block_on(async {
///     let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
///     let caller = connect(listener.local_addr()?).await?;
///     let (called, address) = listener.accept().await?;
///     assert_eq!(called.local_addr()?, caller.peer_addr()?);
///     assert_eq!(address, caller.local_addr()?);
///     Ok::<(), std::io::Error>(())
/// })?;
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn connect(addr: SocketAddr) -> Connect {
    Connect { addr, socket: None }
}

/// A connection that is on its way; see [`connect`]. It begins at the first poll; dropped, it is given
/// up.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Connect {
    /// Whom to call.
    addr: SocketAddr,
    /// The socket, while it waits for an answer.
    socket: Option<Registered<mio::net::TcpStream>>,
}

impl Future for Connect {
    type Output = io::Result<TcpStream>;

    /// # Panics
    ///
    /// The first poll panics if the thread has no current reactor.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(socket) = self.socket.take() else {
            // It says `Ok` when the call has gone out: the answer comes as an event.
            self.socket = Some(Registered::new(mio::net::TcpStream::connect(self.addr)?)?);
            // The answer may be there already. But a task that makes a thousand calls one after the
            // other must let those run who take them: who is called too often before that is deaf.
            cx.waker().wake_by_ref();
            return Poll::Pending;
        };
        let answered = socket.poll_io(Direction::Write, cx, is_connected);
        match answered {
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

/// Whether there is a connection by now: `WouldBlock` if it cannot be said yet. A socket that has
/// become writable may also have failed.
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

/// Waits for calls.
///
/// One task at a time may wait in [`accept`](Self::accept).
#[derive(Debug)]
pub struct TcpListener {
    /// The socket that is called.
    io: Registered<mio::net::TcpListener>,
    /// After an error, no call is taken for a while.
    pause: Pause,
}

impl TcpListener {
    /// Listens at `addr`. Port 0 stands for any that is free.
    ///
    /// # Errors
    ///
    /// What the system says: somebody else listens there, for one.
    ///
    /// # Panics
    ///
    /// Panics if the thread has no current reactor.
    pub fn bind(addr: SocketAddr) -> io::Result<Self> {
        Ok(Self {
            io: Registered::new(mio::net::TcpListener::bind(addr)?)?,
            pause: Pause::default(),
        })
    }

    /// The address that it listens at.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.io.get_ref().local_addr()
    }

    /// The next connection, and the caller's address.
    ///
    /// An error leaves the listener as it was. If there is no file descriptor left, the callers stay
    /// in the queue, and are there for the next `accept`: that one tries after 50 milliseconds, so a
    /// loop around it does not spin. Callers who have left before they were served are passed over.
    pub fn accept(&self) -> Accept<'_> {
        Accept { listener: self }
    }

    /// All connections, one after the other: a stream that never ends.
    pub fn incoming(&self) -> Incoming<'_> {
        Incoming { listener: self }
    }

    /// As [`accept`](Self::accept), for a future written by hand.
    pub fn poll_accept(&self, cx: &mut Context<'_>) -> Poll<io::Result<(TcpStream, SocketAddr)>> {
        ready!(self.pause.poll(cx));
        let accepted = ready!(self.io.poll_io(Direction::Read, cx, |listener| {
            next_of(|| listener.accept())
        }));
        let accepted = accepted.and_then(|(stream, addr)| Ok((TcpStream::from_mio(stream)?, addr)));
        if accepted.is_err() {
            self.pause.begin();
        }
        Poll::Ready(accepted)
    }
}

/// Accepts until there is a connection, or an error that is not about one of them alone.
pub(crate) fn next_of<T>(mut accept: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    use io::ErrorKind::{
        ConnectionAborted, ConnectionReset, HostUnreachable, NetworkDown, NetworkUnreachable,
    };
    loop {
        match accept() {
            // The caller has left, or cannot be reached any more. The system tells it in this way,
            // and takes him out of the queue.
            Err(error)
                if matches!(
                    error.kind(),
                    ConnectionAborted
                        | ConnectionReset
                        | HostUnreachable
                        | NetworkDown
                        | NetworkUnreachable
                ) => {}
            result => return result,
        }
    }
}

/// The next connection; see [`TcpListener::accept`]. Dropped before, it loses none.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled"]
pub struct Accept<'a> {
    listener: &'a TcpListener,
}

impl Future for Accept<'_> {
    type Output = io::Result<(TcpStream, SocketAddr)>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.listener.poll_accept(cx)
    }
}

/// All connections; see [`TcpListener::incoming`].
#[must_use = "streams do nothing unless polled"]
pub struct Incoming<'a> {
    listener: &'a TcpListener,
}

impl Stream for Incoming<'_> {
    type Item = io::Result<TcpStream>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let accepted = ready!(self.listener.poll_accept(cx));
        Poll::Ready(Some(accepted.map(|(stream, _)| stream)))
    }
}

impl fmt::Debug for Incoming<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Incoming").field(self.listener).finish()
    }
}
