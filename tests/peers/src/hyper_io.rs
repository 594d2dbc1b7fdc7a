//! Between hyper and a runtime that speaks `futures::io`: hyper's four traits, and nothing else of it.
//!
//! hyper does not know any runtime. It asks for bytes ([`Read`], [`Write`]), for time ([`Timer`]) and for
//! tasks ([`Executor`](rt::Executor)), and each of these is a few lines.

use std::cell::Cell;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use futures::io::{AsyncRead, AsyncWrite};
use hyper::rt::{self, Read, ReadBufCursor, Timer, Write};
use waker_timer::clock;

/// How long a thread's buffer is: as long as hyper's own is at first.
const CHUNK: usize = 8 * 1024;

thread_local! {
    /// Where bytes pass through. Empty before it is used for the first time, and while it is in use.
    static BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Bytes, for hyper, of a stream with the traits of `futures::io`.
///
/// hyper reads into memory that nobody has initialised yet, and `futures::io` into memory that somebody has.
/// So what is read goes through a buffer: one copy, and no unsafe code. What is written may come in parts,
/// head and body; if they are small, they go out as one, since a plain write costs the system less than a
/// vectored one. Nothing stays in the buffer, and so all connections of a thread share one, which is in the
/// cache, where one for each would not be.
#[derive(Debug)]
pub struct HyperIo<S>(S);

impl<S> HyperIo<S> {
    /// Around a stream.
    pub fn new(stream: S) -> Self {
        Self(stream)
    }

    /// The stream. What hyper has read of it and not used is lost.
    pub fn into_inner(self) -> S {
        self.0
    }
}

impl<S: AsyncRead + Unpin> Read for HyperIo<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut cursor: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        with_buffer(|buffer| {
            let room = cursor.remaining().min(CHUNK);
            let count = ready!(Pin::new(&mut self.0).poll_read(cx, &mut buffer[..room]))?;
            cursor.put_slice(&buffer[..count]);
            Poll::Ready(Ok(()))
        })
    }
}

impl<S: AsyncWrite + Unpin> Write for HyperIo<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_close(cx)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let stream = Pin::new(&mut self.0);
        if parts.iter().map(|part| part.len()).sum::<usize>() > CHUNK {
            return stream.poll_write_vectored(cx, parts);
        }
        with_buffer(|buffer| {
            let mut length = 0;
            for part in parts {
                buffer[length..][..part.len()].copy_from_slice(part);
                length += part.len();
            }
            stream.poll_write(cx, &buffer[..length])
        })
    }
}

/// Lends this thread's buffer to `work`.
fn with_buffer<R>(work: impl FnOnce(&mut [u8]) -> R) -> R {
    // Taken, not borrowed: the stream may be one that goes through a `HyperIo` itself, as in a tunnel.
    let mut buffer = BUFFER.take();
    buffer.resize(CHUNK, 0);
    let result = work(&mut buffer);
    BUFFER.set(buffer);
    result
}

/// Time, for hyper, of the reactor that is current where it is asked for, and of its clock.
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

    /// hyper counts from here to its deadlines: it must be the clock that [`sleep_until`](Self::sleep_until) goes by.
    fn now(&self) -> Instant {
        clock::now()
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

#[cfg(test)]
mod tests {
    use super::*;
    use executor::CurrentThread;
    use futures::io::Cursor;
    use hyper::rt::{Executor, ReadBuf};
    use std::sync::{Arc, mpsc};
    use std::task::Waker;
    use waker_timer::ManualClock;

    /// A stream that reads through a `HyperIo`, as one in a tunnel does.
    struct Tunnel(HyperIo<Cursor<&'static [u8]>>);

    impl AsyncRead for Tunnel {
        fn poll_read(
            mut self: Pin<&mut Self>,
            cx: &mut Context<'_>,
            bytes: &mut [u8],
        ) -> Poll<io::Result<usize>> {
            let mut bytes = ReadBuf::new(bytes);
            ready!(Pin::new(&mut self.0).poll_read(cx, bytes.unfilled()))?;
            Poll::Ready(Ok(bytes.filled().len()))
        }
    }

    #[test]
    fn a_stream_may_read_through_another() {
        let mut stream = HyperIo::new(Tunnel(HyperIo::new(Cursor::new(b"tunnel"))));
        let mut bytes = [0; 10];
        let mut bytes = ReadBuf::new(&mut bytes);
        let mut cx = Context::from_waker(Waker::noop());
        let read = Pin::new(&mut stream).poll_read(&mut cx, bytes.unfilled());
        assert!(matches!(read, Poll::Ready(Ok(()))));
        assert_eq!(bytes.filled(), b"tunnel");
    }

    #[test]
    fn a_timer_goes_by_the_clock_of_the_reactor() {
        let manual = Arc::new(ManualClock::new());
        let _clock = clock::replace(Arc::clone(&manual) as Arc<_>);
        let before = HyperTimer.now();
        manual.advance(Duration::from_secs(3600));
        assert_eq!(HyperTimer.now() - before, Duration::from_secs(3600));
    }

    #[test]
    fn a_task_of_hypers_runs_on_the_executor() {
        let (sender, receiver) = mpsc::channel();
        CurrentThread::new().block_on(async move {
            HyperExecutor.execute(async move { sender.send("ran") });
            executor::yield_now().await;
        });
        assert_eq!(receiver.try_recv(), Ok("ran"));
    }
}
