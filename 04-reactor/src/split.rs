//! One connection, two owners: one that reads, one that writes.

use std::io::{self, IoSlice, IoSliceMut};
use std::net::Shutdown;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::io::{AsyncRead, AsyncWrite};

use crate::TcpStream;

/// The half of a [`TcpStream`] that reads. See [`TcpStream::into_split`].
///
/// Dropped, it leaves the connection to the other half: to the other side, nothing has changed.
#[derive(Debug)]
pub struct ReadHalf {
    stream: TcpStream,
}

/// The half of a [`TcpStream`] that writes. See [`TcpStream::into_split`].
///
/// Dropped, it ends what the other side reads, as
/// [`close`](futures::io::AsyncWriteExt::close) does: nobody is left who could write.
#[derive(Debug)]
pub struct WriteHalf {
    stream: TcpStream,
}

impl TcpStream {
    /// Splits the connection for two tasks. It is closed when both halves are gone.
    ///
    /// Inside one task this is not needed: `&TcpStream` reads and writes too.
    ///
    /// ```
    /// use futures::io::{AsyncReadExt, AsyncWriteExt};
    /// use reactor::{Runtime, TcpListener, connect};
    ///
    /// Runtime::new()?.block_on(async {
    ///     let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
    ///     let (mut reader, mut writer) = connect(listener.local_addr()?).await?.into_split();
    ///     let (peer, _) = listener.accept().await?;
    ///     let echo = executor::spawn(async move { futures::io::copy(&peer, &mut &peer).await });
    ///     let heard = executor::spawn(async move {
    ///         let mut heard = [0; 4];
    ///         reader.read_exact(&mut heard).await.map(|()| heard)
    ///     });
    ///     writer.write_all(b"echo").await?;
    ///     assert_eq!(&heard.await.unwrap()?, b"echo");
    ///     drop(writer);
    ///     assert_eq!(echo.await.unwrap()?, 4);
    ///     Ok::<(), std::io::Error>(())
    /// })?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn into_split(self) -> (ReadHalf, WriteHalf) {
        let reader = ReadHalf {
            stream: self.share(),
        };
        (reader, WriteHalf { stream: self })
    }
}

impl AsRef<TcpStream> for ReadHalf {
    /// The whole connection, for its addresses and options.
    fn as_ref(&self) -> &TcpStream {
        &self.stream
    }
}

impl AsRef<TcpStream> for WriteHalf {
    /// The whole connection, for its addresses and options.
    fn as_ref(&self) -> &TcpStream {
        &self.stream
    }
}

impl AsyncRead for ReadHalf {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }

    fn poll_read_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &mut [IoSliceMut<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_read_vectored(cx, bufs)
    }
}

impl AsyncWrite for WriteHalf {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_close(cx)
    }
}

impl Drop for WriteHalf {
    fn drop(&mut self) {
        // The other half keeps the socket open, and the peer would wait for more. An error says that
        // the connection is gone: then there is nobody to tell.
        let _ = self.stream.shutdown(Shutdown::Write);
    }
}
