//! A TCP connection. How bytes go in and out is in `tcp_read_write`.

use std::io;
use std::net::{Shutdown, SocketAddr};
use std::sync::Arc;

use crate::{Connect, Registered};

/// A TCP connection, in the reactor that was current where it was made.
///
/// [`AsyncRead`](futures::io::AsyncRead) and [`AsyncWrite`](futures::io::AsyncWrite) are there for
/// `TcpStream` and for `&TcpStream`. One task may read while another one writes; two that read, or
/// two that write, would take each other's wake.
///
/// Dropping it closes the connection. What was written before is still sent.
#[derive(Debug)]
pub struct TcpStream {
    /// Shared by the halves of a stream that is split.
    io: Arc<Registered<mio::net::TcpStream>>,
}

impl TcpStream {
    /// Connects to `addr`: [`connect`](crate::connect) under the name that one looks for.
    pub fn connect(addr: SocketAddr) -> Connect {
        crate::connect(addr)
    }

    /// Takes over a connection of the standard library.
    ///
    /// ```
    /// use futures::io::{AsyncReadExt, AsyncWriteExt};
    /// use reactor::{Runtime, TcpStream};
    ///
    /// let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    /// let ours = std::net::TcpStream::connect(listener.local_addr()?)?;
    /// let theirs = listener.accept()?.0;
    /// Runtime::new()?.block_on(async {
    ///     let (mut ours, mut theirs) = (TcpStream::from_std(ours)?, TcpStream::from_std(theirs)?);
    ///     ours.write_all(b"hello").await?;
    ///     ours.close().await?;
    ///     let mut text = String::new();
    ///     theirs.read_to_string(&mut text).await?;
    ///     assert_eq!(text, "hello");
    ///     Ok::<(), std::io::Error>(())
    /// })?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If it cannot be made non-blocking, or not be registered.
    ///
    /// # Panics
    ///
    /// Panics if the thread has no current reactor.
    pub fn from_std(stream: std::net::TcpStream) -> io::Result<Self> {
        stream.set_nonblocking(true)?;
        Self::from_mio(mio::net::TcpStream::from_std(stream))
    }

    /// Registers a connection with the current reactor.
    pub(crate) fn from_mio(stream: mio::net::TcpStream) -> io::Result<Self> {
        Ok(Self::from_registered(Registered::new(stream)?))
    }

    /// A connection that is registered.
    pub(crate) fn from_registered(io: Registered<mio::net::TcpStream>) -> Self {
        Self { io: Arc::new(io) }
    }

    /// The same connection once more, for the halves of [`into_split`](Self::into_split).
    pub(crate) fn share(&self) -> Self {
        let io = Arc::clone(&self.io);
        Self { io }
    }

    /// The socket, and who waits for it.
    pub(crate) fn io(&self) -> &Registered<mio::net::TcpStream> {
        &self.io
    }

    /// The address of the other side.
    ///
    /// # Errors
    ///
    /// What the system says: the connection may be gone.
    pub fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.io.get_ref().peer_addr()
    }

    /// The address of this side.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.io.get_ref().local_addr()
    }

    /// Ends one direction, or both. After [`Shutdown::Write`], the other side reads to the end.
    ///
    /// # Errors
    ///
    /// `NotConnected` if the connection is gone, on some systems also if this was done before.
    pub fn shutdown(&self, how: Shutdown) -> io::Result<()> {
        self.io.get_ref().shutdown(how)
    }

    /// With `true`, small writes are sent at once, and not held back until there are more of them.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn set_nodelay(&self, nodelay: bool) -> io::Result<()> {
        self.io.get_ref().set_nodelay(nodelay)
    }

    /// Whether small writes are sent at once.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn nodelay(&self) -> io::Result<bool> {
        self.io.get_ref().nodelay()
    }
}
