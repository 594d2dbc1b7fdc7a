//! A socket that calls back when there is something to read.
//!
//! *Asynchronous Programming in Rust* has such a `Socket`, and first leaves open how it comes to
//! know. Here a watcher thread keeps looking, until stage 04 has something better.

use std::io;
use std::net::TcpStream;
use std::sync::{Arc, Mutex};

use crate::inbox::Inbox;
use crate::watcher::{self, Watched, lock};

/// What a future needs of a socket to read from it. [`Socket`] is the real one.
///
/// ```
/// use std::io;
///
/// use simple_future::{Poll, ReadableSocket, SimpleFuture, SocketRead};
///
/// /// A socket whose peer has left.
/// struct Closed;
///
/// impl ReadableSocket for Closed {
///     fn has_data_to_read(&self) -> bool {
///         true
///     }
///
///     fn read_buf(&self) -> io::Result<Vec<u8>> {
///         Ok(Vec::new())
///     }
///
///     fn set_readable_callback(&self, _wake: fn()) {}
/// }
///
/// let polled = SocketRead::new(&Closed).poll(|| {});
/// assert!(matches!(polled, Poll::Ready(Ok(bytes)) if bytes.is_empty()));
/// ```
pub trait ReadableSocket {
    /// Whether a read would give something without waiting: bytes, the end of the stream or an error.
    fn has_data_to_read(&self) -> bool;

    /// Everything that there is to read now. Never waits.
    ///
    /// An empty vector is the end of the stream. Bytes that came before an error are given first, the
    /// error at the next call.
    ///
    /// # Errors
    ///
    /// `WouldBlock` if there is nothing yet; otherwise what went wrong with the stream.
    fn read_buf(&self) -> io::Result<Vec<u8>>;

    /// Has `wake` called once, when something arrives after this call. It replaces an earlier callback.
    ///
    /// It is **not** called for what is there already: set it, then look again. It may be called from
    /// any thread, and a little late.
    fn set_readable_callback(&self, wake: fn());
}

/// A TCP stream, for reading. Dropping it closes the stream.
///
/// ```
/// use std::io::Write;
/// use std::net::{TcpListener, TcpStream};
///
/// use simple_future::{ReadableSocket, Slots, Socket, Wakes};
///
/// let listener = TcpListener::bind("127.0.0.1:0")?;
/// let mut peer = TcpStream::connect(listener.local_addr()?)?;
/// let socket = Socket::new(listener.accept()?.0)?;
/// assert!(!socket.has_data_to_read());
///
/// let slots = Slots::claim(1)?;
/// socket.set_readable_callback(slots.wake_fn(0));
/// peer.write_all(b"hello")?;
/// slots.sleep();
/// assert_eq!(socket.read_buf()?, b"hello");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Socket {
    /// Shared with the watcher thread, which holds it weakly. So there is no `Drop` here: the thread
    /// finds the socket gone at its next look, a millisecond later at most. To join it would make every
    /// drop wait for that, and a callback that drops its own socket wait for itself.
    watched: Arc<Mutex<Watched>>,
}

impl Socket {
    /// Takes over a connected stream and makes it non-blocking. To write, keep a `try_clone` of it.
    ///
    /// # Errors
    ///
    /// If the stream cannot be made non-blocking.
    pub fn new(stream: TcpStream) -> io::Result<Socket> {
        let watched = Watched::new(Inbox::new(stream)?);
        Ok(Socket {
            watched: Arc::new(Mutex::new(watched)),
        })
    }
}

impl ReadableSocket for Socket {
    fn has_data_to_read(&self) -> bool {
        lock(&self.watched).inbox.has_something()
    }

    fn read_buf(&self) -> io::Result<Vec<u8>> {
        lock(&self.watched).read()
    }

    /// A thread watches for it and looks every millisecond. What is read before its next look is not
    /// announced any more. An end of the stream that hides behind unread bytes is not seen either.
    ///
    /// # Panics
    ///
    /// If the operating system gives no thread.
    fn set_readable_callback(&self, wake: fn()) {
        if lock(&self.watched).set_interest(wake) {
            watcher::start(&self.watched);
        }
    }
}
