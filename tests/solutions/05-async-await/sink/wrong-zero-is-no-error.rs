// expect: fail zero-write
//! A write that takes nothing is tried again, and again.

use std::fmt;
use std::io;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, BytesMut};
use futures::Sink;
use futures::io::AsyncWrite;

use crate::Encoder;

const FULL: usize = 8 * 1024;

pub struct FramedWrite<W, E, Item: ?Sized = str> {
    writer: W,
    encoder: E,
    bytes: BytesMut,
    _item: PhantomData<fn(&Item)>,
}

impl<W, E, Item: ?Sized> FramedWrite<W, E, Item> {
    pub fn new(writer: W, encoder: E) -> Self {
        Self {
            writer,
            encoder,
            bytes: BytesMut::new(),
            _item: PhantomData,
        }
    }

    pub fn into_writer(self) -> W {
        self.writer
    }

    pub fn buffered(&self) -> usize {
        self.bytes.len()
    }
}

impl<W: Unpin, E, Item: ?Sized> Unpin for FramedWrite<W, E, Item> {}

impl<W: AsyncWrite + Unpin, E, Item: ?Sized> FramedWrite<W, E, Item> {
    fn poll_drain(&mut self, cx: &mut Context<'_>, left: usize) -> Poll<io::Result<()>> {
        while self.bytes.len() > left {
            let written = ready!(Pin::new(&mut self.writer).poll_write(cx, &self.bytes))?;
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

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_drain(cx, 0))?;
        Pin::new(&mut self.writer).poll_close(cx)
    }
}

impl<W, E, Item: ?Sized> fmt::Debug for FramedWrite<W, E, Item> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FramedWrite").finish_non_exhaustive()
    }
}
