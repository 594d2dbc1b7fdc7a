//! # SocketRead: a socket as a future
//!
//! Stage 01 had a `SocketRead`, and a thread that looked at the socket for it. Here is the same future
//! again, without the thread: the reactor says when there is something, and to whom. What you have of it
//! is [`Registered`]: a socket that the reactor knows.
//!
//! - `socket.get_ref()` is the socket itself. It never blocks: a read that has nothing to give fails
//!   with `WouldBlock`. (For a read, write `let mut io = socket.get_ref();`: `Read` is there for `&S`.)
//! - `socket.poll_ready(Direction::Read, cx)` is `Ready(tick)` if a read is worth trying. Otherwise it
//!   leaves the task's waker with the reactor, *and looks again after that*, in one step; only if there is
//!   still nothing, it is `Pending`.
//! - `socket.clear_ready(Direction::Read, tick)` says that a read has found nothing: from now on
//!   `poll_ready` waits for the next event. If an event has come since `tick`, it does nothing.
//!
//! What is checked:
//!
//! 1. `new` reads nothing. What is there is `Ready` at the first poll.
//! 2. While nothing comes, `poll` is `Pending`, and wakes nobody. It returns: it neither loops until
//!    something is there, nor looks again after a while.
//! 3. When something comes (bytes, the end of the stream, an error), the waker of the *latest* poll is
//!    woken, and the next poll is `Ready` with it: what *one* successful read gave, neither more nor less;
//!    an empty vector is the end. What the read after that would find, an error for one, is the next future's.
//! 4. A read that was interrupted (`Interrupted`) has done nothing, and is done again.
//! 5. An event that brings nothing is no reason to stop waiting.
//! 6. Reads on two sockets do not disturb each other, and a read leaves the other direction alone.
//! 7. Events are edges. A burst that is larger than your buffer is read to its end by one `SocketRead`
//!    after another, though there is no event for the rest; and an end that came with the last bytes is
//!    found by the read after them.
//! 8. Data that comes in the middle of a poll is not missed: not while the waker is cloned, and not
//!    between a `WouldBlock` and what you do about it.
//!
//! Settled: how much one read gives at most is your choice, from 16 bytes upwards. Polled after `Ready`, the future may do
//! anything. One task at a time reads from a socket. A read that is dropped may leave its waker behind in
//! the reactor: it goes with the socket. `Registered::poll_io` is this loop, written for everybody: it
//! passes too, but write the loop once by hand.
//!
//! Read first: README.md, "Edges, not levels", "Who waits for what" and "A socket as a future". Do
//! `event_map` before this. About 30 minutes.
//!
//! Check: `cargo xtask check-stage 4 --exercise async_socket_read`. Stuck:
//! `cargo xtask hint async_socket_read`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_imports, unused_variables)]

use std::io::{self, Read};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use mio::event::Source;
use mio::net::TcpStream;

use crate::{Direction, Registered};

/// Ready with what the socket has to read, as soon as it has something.
///
/// An empty vector is the end of the stream. There should be one `SocketRead` at a time for a
/// socket: only the latest task that waits is woken.
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
        todo!("Ready with what a read gives; if that is `WouldBlock`, wait for an event")
    }
}
