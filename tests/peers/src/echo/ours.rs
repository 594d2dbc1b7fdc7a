//! The echo server on stage 04. Interim: over `Registered`, until there is a `TcpStream`.

use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::{AsyncRead, AsyncWrite};
use reactor::{Direction, Registered};

use super::{ANYWHERE, Server, echo};
use crate::runtimes::{OursIo, Runtime};

struct Stream(Registered<mio::net::TcpStream>);

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        self.0.poll_io(Direction::Read, cx, |mut stream| stream.read(buffer))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.0.poll_io(Direction::Write, cx, |mut stream| stream.write(buffer))
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

impl Server for OursIo {
    const SERVER: &'static str = Self::NAME;

    fn start() -> Self {
        Self::new()
    }

    fn serve<const BYTES: usize>(
        &mut self,
        connections: usize,
        ready: impl FnOnce(SocketAddr) + Send + 'static,
    ) -> io::Result<()> {
        self.run(async move {
            let listener = Registered::new(mio::net::TcpListener::bind(ANYWHERE)?)?;
            ready(listener.get_ref().local_addr()?);
            let mut handles = Vec::with_capacity(connections);
            for _ in 0..connections {
                let (stream, _) = std::future::poll_fn(|cx| {
                    listener.poll_io(Direction::Read, cx, |listener| listener.accept())
                })
                .await?;
                let stream = Stream(Registered::new(stream)?);
                handles.push(Self::spawn(echo::<_, BYTES>(stream)));
            }
            for handle in handles {
                handle.await?;
            }
            Ok(())
        })
    }
}
