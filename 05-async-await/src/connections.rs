//! The connections of a listener, as a stream that owns it.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::Stream;
use reactor::{TcpListener, TcpStream};

/// Accepts one connection after the other. Dropped, it closes the listener: whoever calls then is told so.
#[derive(Debug)]
pub struct Connections {
    listener: TcpListener,
}

impl Connections {
    /// Those who call this listener.
    ///
    /// ```
    /// use async_await::{Connections, next};
    /// use reactor::{Runtime, TcpListener, TcpStream};
    ///
    /// Runtime::new()?.block_on(async {
    ///     let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
    ///     let address = listener.local_addr()?;
    ///     let mut connections = Connections::of(listener);
    ///     let caller = TcpStream::connect(address).await?;
    ///     let called = next(&mut connections).await.unwrap()?;
    ///     assert_eq!(called.peer_addr()?, caller.local_addr()?);
    ///     drop(connections);
    ///     assert!(TcpStream::connect(address).await.is_err());
    ///     Ok::<(), std::io::Error>(())
    /// })?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn of(listener: TcpListener) -> Self {
        Self { listener }
    }
}

impl Stream for Connections {
    type Item = io::Result<TcpStream>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let accepted = self.listener.poll_accept(cx);
        accepted.map(|accepted| Some(accepted.map(|(stream, _)| stream)))
    }
}
