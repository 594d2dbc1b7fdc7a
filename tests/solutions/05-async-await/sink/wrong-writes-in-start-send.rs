// expect: fail sends-in-start
//! Writes as soon as there is something to write, with a waker that wakes nobody.

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
    buffer: BytesMut,
    /// What the messages are.
    _item: PhantomData<fn(&Item)>,
}

impl<W, E, Item: ?Sized> FramedWrite<W, E, Item> {
    /// An empty buffer in front of `writer`.
    pub fn new(writer: W, encoder: E) -> Self {
        Self {
            writer,
            encoder,
            buffer: BytesMut::new(),
            _item: PhantomData,
        }
    }

    /// The writer. What was not written yet is lost.
    pub fn into_writer(self) -> W {
        self.writer
    }

    /// How many bytes were sent and not written yet.
    pub fn buffered(&self) -> usize {
        self.buffer.len()
    }
}

impl<W: AsyncWrite + Unpin, E, Item: ?Sized> FramedWrite<W, E, Item> {
    fn write_all(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.buffer.is_empty() {
            let n = ready!(Pin::new(&mut self.writer).poll_write(cx, &self.buffer))?;
            if n == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.buffer.advance(n);
        }
        Poll::Ready(Ok(()))
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
        if self.buffer.len() < 8192 {
            return Poll::Ready(Ok(()));
        }
        self.get_mut().write_all(cx)
    }

    fn start_send(self: Pin<&mut Self>, item: &'a Item) -> io::Result<()> {
        let this = self.get_mut();
        this.encoder.encode(item, &mut this.buffer)?;
        let mut cx = Context::from_waker(std::task::Waker::noop());
        match this.write_all(&mut cx) {
            Poll::Ready(r) => r,
            Poll::Pending => Ok(()),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.write_all(cx))?;
        Pin::new(&mut this.writer).poll_flush(cx)
    }

    /// What was sent is written first. May be repeated.
    fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.write_all(cx))?;
        Pin::new(&mut this.writer).poll_close(cx)
    }
}

impl<W, E, Item: ?Sized> fmt::Debug for FramedWrite<W, E, Item> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FramedWrite").finish_non_exhaustive()
    }
}
