//! # Count server: everybody at the same time
//!
//! Clients connect, send a line, and get a number: the first 1, the next 2, and so on. The server that serves them
//! one after the other is ten lines long, and stands still as soon as one client says nothing. Write the one that
//! serves them at the same time: same lines, and a task for each, or one task that waits for all of them.
//!
//! What is checked:
//!
//! 1. Whoever has sent a line gets the next number as a line (`1\n`), and then the connection is closed. It does not
//!    matter what the line says, as long as it is UTF-8, nor in how many pieces it comes, nor in how many the answer
//!    goes.
//! 2. Who says nothing, and who takes nothing, holds up nobody.
//! 3. N clients get N different numbers, from 1 to N, also when all of them ask at once, and when the tasks that `serve`
//!    spawns run on the threads of a pool.
//! 4. A number is taken when the line is there, with its end. Who leaves before that has used up none. Who leaves after
//!    it may have.
//! 5. A line has at most [`LONGEST_REQUEST`] bytes, without its end, which may be `\r\n`. Who sends more without an end
//!    is let go, with no number.
//! 6. What goes wrong with one connection is over with it: others are served. That holds for an error of `incoming`,
//!    too: the next connection may be a good one.
//! 7. When `incoming` ends, `serve` comes to its end, and whoever is connected then is still served.
//! 8. Clients that have been served, or have left, leave nothing behind.
//!
//! Settled: whether `serve` waits at its end for those who are connected, or leaves them to their tasks; what a last
//! line without an end is; and what a line that is not UTF-8 is ([`LinesCodec`] gives an error). A connection is closed
//! by [`close`](futures::AsyncWriteExt::close), or by being dropped.
//!
//! Given: [`next`] waits for the next item of a stream. [`FramedRead`] with [`LinesCodec`] is a stream of lines, and
//! takes a limit. `executor::spawn` makes a task, on one thread or on a pool, wherever `serve` is polled. `write_all` of
//! [`futures::AsyncWriteExt`] writes everything, in as many pieces as it takes. `crate::sync` has the locks and atomics of
//! std; taken from there, a test can try what another thread does between two of their steps.
//!
//! Read first: README.md, "One server, many designs". Do `concurrent` and `lock_across_await` before this. About 25
//! minutes.
//!
//! Check: `cargo xtask check-stage 5 --exercise countserver`. Stuck: `cargo xtask hint countserver`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_imports, unused_variables, unused_mut)]

use std::io;

use futures::Stream;
use futures::io::{AsyncRead, AsyncWrite, AsyncWriteExt};

use crate::counting::LONGEST_REQUEST;
use crate::sync::Arc;
use crate::sync::atomic::{AtomicU64, Ordering::Relaxed};
use crate::{FramedRead, LinesCodec, next};

/// Gives each client a number, until nobody else will come. Who is connected then is still served.
///
/// A connection that could not be taken is passed over.
pub async fn serve<S>(mut incoming: impl Stream<Item = io::Result<S>> + Unpin)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    todo!("take one connection after the other, and wait for none of them")
}
