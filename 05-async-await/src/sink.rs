//! Messages into a stream of bytes.
//!
//! A sink is a stream that goes the other way: first it says when it has room (`poll_ready`), then it
//! takes one message without waiting (`start_send`), and some time later that is on its way
//! (`poll_flush`). The pause between the first two is the back-pressure: who fills a buffer without
//! asking for room needs memory without end as soon as the other side reads slowly.

use std::fmt;
use std::io;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, BytesMut};
use futures::Sink;
use futures::io::AsyncWrite;

use crate::Encoder;

/// With so many bytes that are not written yet, there is no room.
const FULL: usize = 8 * 1024;

/// Writes messages, as a sink.
///
/// ```
/// use async_await::{FramedWrite, LinesCodec};
/// use futures::SinkExt;
///
/// let mut bytes = Vec::new();
/// let mut lines = FramedWrite::new(&mut bytes, LinesCodec::new(80));
/// executor::block_on(async {
///     lines.feed("one").await.unwrap(); // it may wait in the buffer
///     lines.send("two").await.unwrap(); // it is flushed, and so is what came before
/// });
/// assert_eq!(bytes, b"one\ntwo\n");
/// ```
pub struct FramedWrite<W, E, Item: ?Sized = str> {
    /// Where the bytes go.
    writer: W,
    /// Makes bytes of messages.
    encoder: E,
    /// What is not written yet.
    bytes: BytesMut,
    /// What the messages are.
    _item: PhantomData<fn(&Item)>,
}

impl<W, E, Item: ?Sized> FramedWrite<W, E, Item> {
    /// An empty buffer in front of `writer`.
    pub fn new(writer: W, encoder: E) -> Self {
        Self {
            writer,
            encoder,
            bytes: BytesMut::new(),
            _item: PhantomData,
        }
    }

    /// The writer. What was not written yet is lost.
    pub fn into_writer(self) -> W {
        self.writer
    }

    /// How many bytes were sent and not written yet.
    pub fn buffered(&self) -> usize {
        self.bytes.len()
    }
}

// What is pinned is the writer, and it may be moved.
impl<W: Unpin, E, Item: ?Sized> Unpin for FramedWrite<W, E, Item> {}

impl<W: AsyncWrite + Unpin, E, Item: ?Sized> FramedWrite<W, E, Item> {
    /// Writes until at most so many bytes are left.
    fn poll_drain(&mut self, cx: &mut Context<'_>, left: usize) -> Poll<io::Result<()>> {
        while self.bytes.len() > left {
            let written = ready!(Pin::new(&mut self.writer).poll_write(cx, &self.bytes))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.bytes.advance(written);
        }
        Poll::Ready(Ok(()))
    }
}

impl<'a, W, E, Item> Sink<&'a Item> for FramedWrite<W, E, Item>
where
    W: AsyncWrite + Unpin,
    E: Encoder<Item>,
    Item: ?Sized,
{
    type Error = io::Error;

    /// Room for one message, of whatever length.
    fn poll_ready(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_drain(cx, FULL - 1)
    }

    fn start_send(mut self: Pin<&mut Self>, item: &'a Item) -> io::Result<()> {
        let this = &mut *self;
        this.encoder.encode(item, &mut this.bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_drain(cx, 0))?;
        Pin::new(&mut self.writer).poll_flush(cx)
    }

    /// What is in the buffer goes first. May be repeated.
    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_drain(cx, 0))?;
        ready!(Pin::new(&mut self.writer).poll_flush(cx))?;
        Pin::new(&mut self.writer).poll_close(cx)
    }
}

impl<W, E, Item: ?Sized> fmt::Debug for FramedWrite<W, E, Item> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FramedWrite")
            .field("buffered", &self.buffered())
            .finish_non_exhaustive()
    }
}
