//! # TcpStream: bytes in, bytes out
//!
//! Give a TCP connection the two traits that everybody reads and writes through, `AsyncRead` and
//! `AsyncWrite` of `futures::io`, so that `copy`, `BufReader`, `read_to_end` and all that is built on them
//! run on it. `src/tcp_stream.rs` has the type; `stream.io()` is its `Registered` socket, with
//! `poll_ready`, `clear_ready`, `poll_io` and `get_ref`, as in `async_socket_read`. (`Read` and `Write`
//! are there for `&mio::net::TcpStream`: `let mut io = stream.io().get_ref();`.)
//!
//! What is checked:
//!
//! 1. A read gives what is there, at most as much as the buffer takes, and says how many bytes that were.
//!    Where there is nothing it is `Pending`, and the *latest* reader is woken when something comes.
//! 2. A write hands over what there is room for, which may be less than it was given, and says how many
//!    bytes that were: each byte that was counted is sent once, and no other. Where there is no room it is
//!    `Pending`, and the latest writer is woken when there is.
//! 3. Both try first. There is no event for room that was always there, and none for the rest of a burst
//!    that was larger than the buffer. Wait only after `WouldBlock`.
//! 4. Reader and writer wait side by side. What the one finds is no news for the other.
//! 5. `Ok(0)` is the end, and is given again and again. The end may come in the same event as the last
//!    bytes: then the next read finds it, though no event follows.
//! 6. A connection that breaks off wakes both sides; errors are passed on. An interrupted call
//!    (`Interrupted`) is none of them, and is made again.
//! 7. `poll_close` tells the other side that nothing more will be sent. Reading goes on. To close again,
//!    or when the connection is gone (`NotConnected`), is no error. There is nothing to flush.
//! 8. An event that brings nothing is no reason to stop waiting; and one that comes in the middle of a
//!    poll, also while a read or write is just about to return, is not missed.
//! 9. Megabytes go through a real connection in both directions at once.
//!
//! Settled: after a read or write that used only a part of its buffer, you may clear the readiness at
//! once, and save the call that would say `WouldBlock` (on Linux and the BSDs, not on Windows); you need
//! not. `poll_read_vectored` and `poll_write_vectored` have defaults. One task at a time reads, and one
//! writes.
//!
//! Read first: README.md, "Edges, not levels", "Reader and writer" and "Bytes in, bytes out". Do
//! `async_socket_read` before this. About 40 minutes.
//!
//! Check: `cargo xtask check-stage 4 --exercise tcp_read_write`. Stuck:
//! `cargo xtask hint tcp_read_write`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_imports, unused_variables)]

use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures::io::{AsyncRead, AsyncWrite};

use crate::{Direction, TcpStream};

impl AsyncRead for &TcpStream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        todo!("read what is there into `buf`, or wait for it")
    }
}

impl AsyncWrite for &TcpStream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        todo!("write what there is room for, or wait for room")
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        todo!("what is written is the system's: is there anything to flush?")
    }

    fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        todo!("tell the other side that nothing more will come: `TcpStream::shutdown`")
    }
}

// Whoever has a stream reads and writes through a reference to it. Nothing is left to do here.

impl AsyncRead for TcpStream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut &*self).poll_read(cx, buf)
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

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut &*self).poll_flush(cx)
    }

    fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut &*self).poll_close(cx)
    }
}
