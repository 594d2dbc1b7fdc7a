//! Sockets between the programs of one machine: an address is a path. On Unix only.

use std::future::poll_fn;
use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::SocketAddr;
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures::io::{AsyncRead, AsyncWrite};

use crate::pause::Pause;
use crate::{Direction, Registered};

/// A connection inside one machine, in the reactor that was current where it was made.
///
/// As with a [`TcpStream`](crate::TcpStream), one task may read while another one writes.
///
/// ```
/// use futures::io::{AsyncReadExt, AsyncWriteExt};
/// use reactor::{Runtime, UnixStream};
///
/// Runtime::new()?.block_on(async {
///     let (mut left, mut right) = UnixStream::pair()?;
///     left.write_all(b"psst").await?;
///     let mut heard = [0; 4];
///     right.read_exact(&mut heard).await?;
///     assert_eq!(&heard, b"psst");
///     Ok::<(), std::io::Error>(())
/// })?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct UnixStream {
    io: Registered<mio::net::UnixStream>,
}

impl UnixStream {
    /// Connects to the listener at `path`. It does not wait: the queue of a listener inside the same
    /// machine has room at once, or the connection fails.
    ///
    /// # Errors
    ///
    /// What the system says: `NotFound` or `ConnectionRefused` if nobody listens there, `WouldBlock` if
    /// the listener's queue is full.
    ///
    /// # Panics
    ///
    /// Panics if the thread has no current reactor.
    pub fn connect(path: impl AsRef<Path>) -> io::Result<Self> {
        Self::from_mio(mio::net::UnixStream::connect(path)?)
    }

    /// Two sockets that are connected to each other.
    ///
    /// # Errors
    ///
    /// What the system says.
    ///
    /// # Panics
    ///
    /// Panics if the thread has no current reactor.
    pub fn pair() -> io::Result<(Self, Self)> {
        let (left, right) = mio::net::UnixStream::pair()?;
        Ok((Self::from_mio(left)?, Self::from_mio(right)?))
    }

    fn from_mio(stream: mio::net::UnixStream) -> io::Result<Self> {
        let io = Registered::new(stream)?;
        Ok(Self { io })
    }

    /// Ends one direction, or both.
    ///
    /// # Errors
    ///
    /// `NotConnected` if the connection is gone.
    pub fn shutdown(&self, how: Shutdown) -> io::Result<()> {
        self.io.get_ref().shutdown(how)
    }
}

impl AsyncRead for &UnixStream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        (self.io).poll_io(Direction::Read, cx, |mut io| io.read(buf))
    }
}

impl AsyncWrite for &UnixStream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        (self.io).poll_io(Direction::Write, cx, |mut io| io.write(buf))
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    /// Tells the other side that nothing more will come. Reading goes on.
    fn poll_close(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.shutdown(Shutdown::Write) {
            // Closed already: by us, or together with the whole connection.
            Err(error) if error.kind() == io::ErrorKind::NotConnected => Poll::Ready(Ok(())),
            result => Poll::Ready(result),
        }
    }
}

impl AsyncRead for UnixStream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut &*self).poll_read(cx, buf)
    }
}

impl AsyncWrite for UnixStream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut &*self).poll_write(cx, buf)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut &*self).poll_flush(cx)
    }

    fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut &*self).poll_close(cx)
    }
}

/// Waits for [`UnixStream`]s. The path is made by binding, and stays when this is dropped: whoever
/// binds it again removes it first.
#[derive(Debug)]
pub struct UnixListener {
    /// The socket that is called.
    io: Registered<mio::net::UnixListener>,
    /// After an error, no call is taken for a while.
    pause: Pause,
}

impl UnixListener {
    /// Listens at `path`.
    ///
    /// # Errors
    ///
    /// What the system says: `AddrInUse` if there is something at this path.
    ///
    /// # Panics
    ///
    /// Panics if the thread has no current reactor.
    pub fn bind(path: impl AsRef<Path>) -> io::Result<Self> {
        Ok(Self {
            io: Registered::new(mio::net::UnixListener::bind(path)?)?,
            pause: Pause::default(),
        })
    }

    /// The next connection, and the caller's address, which mostly has no path.
    ///
    /// An error leaves the listener as it was, and the next call pauses before it tries, as with
    /// [`TcpListener::accept`](crate::TcpListener::accept).
    pub fn accept(&self) -> impl Future<Output = io::Result<(UnixStream, SocketAddr)>> + Send + '_ {
        poll_fn(|cx| self.poll_accept(cx))
    }

    /// As [`accept`](Self::accept), for a future written by hand.
    pub fn poll_accept(&self, cx: &mut Context<'_>) -> Poll<io::Result<(UnixStream, SocketAddr)>> {
        ready!(self.pause.poll(cx));
        let accepted = ready!((self.io).poll_io(Direction::Read, cx, |io| io.accept()));
        let accepted = accepted.and_then(|(io, addr)| Ok((UnixStream::from_mio(io)?, addr)));
        if accepted.is_err() {
            self.pause.begin();
        }
        Poll::Ready(accepted)
    }
}
