//! # Sink: first room, then a message
//!
//! A sink is a stream that goes the other way. First it says when it has room (`poll_ready`), then it takes one message
//! without waiting (`start_send`), and some time later that is on its way (`poll_flush`). This one makes bytes of its
//! messages and hands them to a writer, which takes as many as it likes, when it likes, and may keep a part of them
//! in a buffer of its own.
//!
//! What is checked:
//!
//! 1. After a flush that is `Ready`, all that was sent is written and the writer is flushed: also if nothing was left to write,
//!    and also if an earlier flush was `Pending`.
//! 2. Bytes go out once, and in order. A writer may take a part of them: the rest is for the next write. Whatever is
//!    given up in the middle can be taken up again.
//! 3. Whoever waits is woken: the waker of the latest poll reaches the writer. Nobody is woken while nothing
//!    happens, and no poll asks on and on.
//! 4. A close writes what was sent, then closes the writer, and is `Ready` when that is done. It may be repeated.
//! 5. `poll_ready` is where a slow writer slows the sender down: it is `Pending` while the writer takes nothing and 8 KiB or
//!    more are held back. When it says `Ready` there is room for one message, of whatever length. `start_send` only queues
//!    that: it has no waker to leave with the writer, and asks it for nothing. `buffered` is what is held back, and what
//!    is written takes no memory any more.
//! 6. An error of the encoder is the answer of `start_send`, and the sink goes on. An error of the writer is the answer of
//!    the poll that met it. A write that takes nothing is an error, too: `WriteZero`.
//!
//! Settled: hold back a whole batch (up to 8 KiB, and one message more) or a single message, and write in early
//! polls or late ones, as long as a flush and a close write everything. Closing a writer flushes it: whether you flush before is
//! yours. What the sink does after an error of the writer is not checked.
//!
//! Read first: README.md, "Ready, then send". Do `stream` before this. About 30 minutes.
//!
//! Check: `cargo xtask check-stage 5 --exercise sink`. Stuck: `cargo xtask hint sink`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_imports, unused_variables)]

use std::fmt;
use std::io;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, BytesMut};
use futures::Sink;
use futures::io::AsyncWrite;

use crate::Encoder;

/// Writes messages, as a sink.
pub struct FramedWrite<W, E, Item: ?Sized = str> {
    /// Where the bytes go.
    writer: W,
    /// Makes bytes of messages.
    encoder: E,
    // What has to be kept between two polls?
    /// What the messages are.
    _item: PhantomData<fn(&Item)>,
}

impl<W, E, Item: ?Sized> FramedWrite<W, E, Item> {
    /// An empty buffer in front of `writer`.
    pub fn new(writer: W, encoder: E) -> Self {
        todo!("the two, and nothing to write so far")
    }

    /// The writer. What was not written yet is lost.
    pub fn into_writer(self) -> W {
        self.writer
    }

    /// How many bytes were sent and not written yet.
    pub fn buffered(&self) -> usize {
        todo!("how many wait here")
    }
}

// What is pinned is the writer, and it may be moved. (It lets you write `self.writer` in the polls.)
impl<W: Unpin, E, Item: ?Sized> Unpin for FramedWrite<W, E, Item> {}

impl<'a, W, E, Item> Sink<&'a Item> for FramedWrite<W, E, Item>
where
    W: AsyncWrite + Unpin,
    E: Encoder<Item>,
    Item: ?Sized,
{
    type Error = io::Error;

    /// Room for one message, of whatever length.
    fn poll_ready(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        todo!("is too much held back? Then it has to be written first")
    }

    fn start_send(self: Pin<&mut Self>, item: &'a Item) -> io::Result<()> {
        todo!("make bytes of it: `Encoder::encode`")
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        todo!("write everything, and have the writer do the same with what it keeps")
    }

    /// What was sent is written first. May be repeated.
    fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        todo!("write everything, then the writer is closed")
    }
}

impl<W, E, Item: ?Sized> fmt::Debug for FramedWrite<W, E, Item> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FramedWrite").finish_non_exhaustive()
    }
}
