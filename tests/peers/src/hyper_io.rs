//! Between hyper and a runtime that speaks `futures::io`: hyper's four traits, and nothing else of it.
//!
//! hyper does not know any runtime. It asks for bytes ([`Read`], [`Write`]), for time ([`Timer`]) and for
//! tasks ([`Executor`](rt::Executor)), and each of these is a few lines.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use futures::io::{AsyncRead, AsyncWrite};
use hyper::rt::{self, Read, ReadBufCursor, Timer, Write};

/// How much is read at once: as much as hyper's own buffer takes at first.
const CHUNK: usize = 8 * 1024;

/// Bytes, for hyper, of a stream with the traits of `futures::io`.
///
/// hyper reads into memory that nobody has initialised yet, and `futures::io` into memory that somebody has.
/// So what is read goes through a buffer of this struct's: one copy, and no unsafe code.
#[derive(Debug)]
pub struct HyperIo<S> {
    stream: S,
    /// What the latest read has brought.
    buffer: Box<[u8]>,
}

impl<S> HyperIo<S> {
    /// Around a stream.
    pub fn new(stream: S) -> Self {
        Self {
            stream,
            buffer: vec![0; CHUNK].into(),
        }
    }

    /// The stream. What hyper has read of it and not used is lost.
    pub fn into_inner(self) -> S {
        self.stream
    }
}

impl<S: AsyncRead + Unpin> Read for HyperIo<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut cursor: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let Self { stream, buffer } = &mut *self;
        let room = cursor.remaining().min(buffer.len());
        let count = ready!(Pin::new(stream).poll_read(cx, &mut buffer[..room]))?;
        cursor.put_slice(&buffer[..count]);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> Write for HyperIo<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_close(cx)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, parts)
    }
}

/// Time, for hyper, of the reactor that is current where it is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct HyperTimer;

/// One of stage 04's timers.
#[derive(Debug)]
struct Sleep(reactor::Sleep);

impl Timer for HyperTimer {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn rt::Sleep>> {
        Box::pin(Sleep(reactor::sleep(duration)))
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn rt::Sleep>> {
        Box::pin(Sleep(reactor::sleep_until(deadline)))
    }

    fn reset(&self, sleep: &mut Pin<Box<dyn rt::Sleep>>, deadline: Instant) {
        match sleep.as_mut().downcast_mut_pin::<Sleep>() {
            Some(mut sleep) => sleep.0.reset(deadline),
            None => *sleep = self.sleep_until(deadline),
        }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        Pin::new(&mut self.0).poll(cx)
    }
}

impl rt::Sleep for Sleep {}

/// Tasks, for hyper, on the executor that runs where they are spawned.
#[derive(Clone, Copy, Debug, Default)]
pub struct HyperExecutor;

impl<F> rt::Executor<F> for HyperExecutor
where
    F: Future<Output: Send> + Send + 'static,
{
    fn execute(&self, task: F) {
        drop(executor::spawn(task));
    }
}
