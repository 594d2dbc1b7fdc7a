//! # connect and accept: how connections begin
//!
//! A call that does not block has an answer later, and the answer may be no. A listener that does not block
//! has any number of callers at each event, some of whom have left again. Write both sides.
//!
//! What you have: [`Registered`] with `poll_io`, as in `tcp_read_write`; `mio::net::TcpStream::connect`,
//! which says `Ok` as soon as the call has gone out; `TcpStream::from_registered` and `from_mio` of
//! `src/tcp_stream.rs`; and [`Pause`] (`Pause::default()`), a rest of 50 milliseconds: `begin()` starts it,
//! and `poll(cx)` is `Ready` when there is none or it is over.
//!
//! What is checked:
//!
//! 1. `connect` calls at its first poll, not before, and is `Pending` until there is an answer. It may give way
//!    once, by waking itself, after the call has gone out.
//! 2. An answer wakes the *latest* waker. A call that was taken is a connection: the socket that called, still
//!    registered. A call that was refused is that error (`take_error`), and so is one that could not go out.
//! 3. An event is no answer. `take_error` says whether the call has failed; if it has not, `peer_addr`
//!    says whether there is a connection by now (`NotConnected`: not yet).
//! 4. A call that is dropped leaves nothing behind.
//! 5. `accept` gives the callers in their order, each with its address, and each connection registered. While
//!    there is none it is `Pending`, and the latest waker is woken when one comes.
//! 6. Callers who came at once make one event. All are served, by one `accept` after the other.
//! 7. A caller who has left (`ConnectionAborted`, and the like) is passed over, and an interruption too.
//! 8. If no file descriptor is left (`EMFILE`), `accept` gives the error, and the callers stay in the queue.
//!    There will be no event for them. A server that goes on accepting must neither stop for ever nor ask
//!    again and again: it rests a while, and then serves them.
//! 9. An answer, or a caller, that comes in the middle of a poll is not missed; an event that brings nothing is
//!    no reason to stop waiting.
//! 10. `incoming` is the stream of all connections, and does not end.
//!
//! Settled: how long the rest is; whether it comes before the error is given or after it; one task at a
//! time waits in `accept`. All of this goes through mio's sockets: those of std would block.
//!
//! Read first: README.md, "Edges, not levels" and "Connecting and accepting". Do `tcp_read_write` before
//! this. About 45 minutes.
//!
//! Check: `cargo xtask check-stage 4 --exercise connect_accept`. Stuck:
//! `cargo xtask hint connect_accept`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_imports, unused_mut, unused_variables)]

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures::Stream;

use crate::pause::Pause;
use crate::{Direction, Registered, TcpStream};

/// Connects to `addr`.
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

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        todo!("call, and wait until it can be said what became of it")
    }
}

/// Waits for calls.
///
/// One task at a time may wait in [`accept`](Self::accept).
#[derive(Debug)]
pub struct TcpListener {
    /// The socket that is called.
    io: Registered<mio::net::TcpListener>,
    // What else does it need, for the day on which there are no descriptors left?
}

impl TcpListener {
    /// Listens at `addr`. Port 0 stands for any that is free.
    pub fn bind(addr: SocketAddr) -> io::Result<Self> {
        todo!("mio's listener, registered")
    }

    /// The address that it listens at.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.io.get_ref().local_addr()
    }

    /// The next connection, and the caller's address.
    pub fn accept(&self) -> Accept<'_> {
        Accept { listener: self }
    }

    /// All connections, one after the other: a stream that never ends.
    pub fn incoming(&self) -> Incoming<'_> {
        Incoming { listener: self }
    }

    /// As [`accept`](Self::accept), for a future written by hand.
    pub fn poll_accept(&self, cx: &mut Context<'_>) -> Poll<io::Result<(TcpStream, SocketAddr)>> {
        todo!("the next caller who is still there")
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
        todo!("the next connection, without the address")
    }
}

impl fmt::Debug for Incoming<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Incoming").field(self.listener).finish()
    }
}
