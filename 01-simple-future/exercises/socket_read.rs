//! # SocketRead: a future that has the world wake it
//!
//! A read that would have to wait must not wait inside `poll`. It leaves its wake with the socket,
//! answers `Pending`, and is polled again when the socket calls. Write that future.
//!
//! What is checked:
//!
//! 1. `new` does not touch the socket. Data that is there is `Ready` at the first poll.
//! 2. While nothing comes, `poll` is `Pending`, and wakes nobody itself. It returns: it neither loops nor
//!    sleeps until data is there.
//! 3. When data comes, or the end of the stream, or an error, the wake is called, and the next poll is
//!    `Ready` with what `read_buf` gave.
//! 4. If the future was polled several times, the wake of the *latest* poll is the one that counts.
//! 5. Two reads on two sockets do not share a wake.
//! 6. Data that comes *between* a look at the socket and the setting of the callback is not lost.
//!
//! Settled: the socket does **not** call for data that was there before the callback was set. So set it,
//! and then look again. A call too many does no harm: a callback may stay behind in the socket when the
//! future is `Ready`. Polled after `Ready`, the future may do anything. Nobody else reads from the socket.
//!
//! Read first: README.md, "A socket that calls back"; `src/socket.rs` has the trait. Do `select` before
//! this. About 25 minutes.
//!
//! Check: `cargo xtask check-stage 1 --exercise socket_read`. Stuck: `cargo xtask hint socket_read`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_variables)]

use std::io;

use crate::{Poll, ReadableSocket, SimpleFuture, Socket};

/// Ready with what the socket has to read, as soon as it has something.
///
/// An empty vector is the end of the stream.
pub struct SocketRead<'a, S: ReadableSocket = Socket> {
    socket: &'a S,
}

impl<'a, S: ReadableSocket> SocketRead<'a, S> {
    /// A read from `socket`. Nothing is read before the first poll.
    pub fn new(socket: &'a S) -> Self {
        todo!("keep the socket for later")
    }
}

impl<S: ReadableSocket> SimpleFuture for SocketRead<'_, S> {
    type Output = io::Result<Vec<u8>>;

    fn poll(&mut self, wake: fn()) -> Poll<Self::Output> {
        todo!("Ready with what is there; otherwise have `wake` called when something comes")
    }
}
