//! Bytes in, bytes out: a TCP connection as `AsyncRead` and `AsyncWrite`.
//!
//! Each operation is tried first; only when the system says `WouldBlock` does the task wait. And
//! mostly it need not be asked: a read that leaves room in the buffer has emptied the socket. So the
//! next read waits without trying, and a message costs one system call, not two. That is right
//! because an event that comes meanwhile counts up the tick, and what comes later is an event of its
//! own. It would be wrong if the end of the stream came in the same event as the bytes, and were
//! forgotten with them: the reactor keeps a closed direction ready.

use std::io::{self, IoSlice, IoSliceMut, Read, Write};
use std::net::Shutdown;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures::io::{AsyncRead, AsyncWrite};

use crate::{Direction, TcpStream};

/// Whether a partial read or write says that there is no more. The selectors of these systems report
/// each change after it; that of Windows looks again only after a `WouldBlock`.
const PARTIAL_IS_ALL: bool = cfg!(any(
    target_vendor = "apple",
    target_os = "android",
    target_os = "dragonfly",
    target_os = "freebsd",
    target_os = "linux",
    target_os = "netbsd",
    target_os = "openbsd",
));

/// Tries `op`, which is given `room` bytes to read into or to write, or waits until it is worth it.
fn poll_some(
    stream: &TcpStream,
    direction: Direction,
    cx: &mut Context<'_>,
    room: usize,
    mut op: impl FnMut(&mio::net::TcpStream) -> io::Result<usize>,
) -> Poll<io::Result<usize>> {
    let io = stream.io();
    // From before the operation: an event that comes during it must not be forgotten below.
    let tick = ready!(io.poll_ready(direction, cx));
    match op(io.get_ref()) {
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
            io.clear_ready(direction, tick);
            io.poll_io(direction, cx, op)
        }
        Err(error) if error.kind() == io::ErrorKind::Interrupted => io.poll_io(direction, cx, op),
        Ok(count) => {
            if PARTIAL_IS_ALL && 0 < count && count < room {
                io.clear_ready(direction, tick);
            }
            Poll::Ready(Ok(count))
        }
        Err(error) => Poll::Ready(Err(error)),
    }
}

impl AsyncRead for &TcpStream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        let room = buf.len();
        poll_some(&self, Direction::Read, cx, room, |mut io| io.read(buf))
    }

    fn poll_read_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &mut [IoSliceMut<'_>],
    ) -> Poll<io::Result<usize>> {
        let room = bufs.iter().map(|buf| buf.len()).sum();
        poll_some(&self, Direction::Read, cx, room, |mut io| {
            io.read_vectored(bufs)
        })
    }
}

impl AsyncWrite for &TcpStream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let room = buf.len();
        poll_some(&self, Direction::Write, cx, room, |mut io| io.write(buf))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let room = bufs.iter().map(|buf| buf.len()).sum();
        poll_some(&self, Direction::Write, cx, room, |mut io| {
            io.write_vectored(bufs)
        })
    }

    /// There is nothing to flush: what is written is the system's.
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

impl AsyncRead for TcpStream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut &*self).poll_read(cx, buf)
    }

    fn poll_read_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &mut [IoSliceMut<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut &*self).poll_read_vectored(cx, bufs)
    }
}

impl AsyncWrite for TcpStream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut &*self).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut &*self).poll_write_vectored(cx, bufs)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut &*self).poll_flush(cx)
    }

    fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut &*self).poll_close(cx)
    }
}
