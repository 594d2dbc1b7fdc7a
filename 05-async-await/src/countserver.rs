//! A count server with a task for each client.
//!
//! It looks like the [sequential](crate::countserver_sequential) one, and it serves everybody at once: where
//! that one's thread stands still, here one task of many waits.

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
///
/// ```
/// use async_await::{countclients, countserver};
/// use futures::StreamExt;
/// use reactor::{Runtime, TcpListener};
///
/// Runtime::new()?.block_on(async {
///     let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
///     let address = listener.local_addr()?;
///     executor::spawn(async move { countserver::serve(listener.incoming()).await });
///     assert_eq!(countclients::ask(address).await?, 1);
///     assert_eq!(countclients::ask(address).await?, 2);
///     Ok::<(), std::io::Error>(())
/// })?;
/// # Ok::<(), std::io::Error>(())
/// ```
pub async fn serve<S>(mut incoming: impl Stream<Item = io::Result<S>> + Unpin)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let count = Arc::new(AtomicU64::new(0));
    while let Some(stream) = next(&mut incoming).await {
        // Who is lost is this one, and not the server.
        let Ok(stream) = stream else { continue };
        drop(executor::spawn(answer(stream, Arc::clone(&count))));
    }
}

async fn answer<S>(mut stream: S, count: Arc<AtomicU64>) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut lines = FramedRead::new(&mut stream, LinesCodec::new(LONGEST_REQUEST));
    let request = next(&mut lines).await.transpose()?;
    if request.is_none() {
        return Ok(());
    }
    // One step, and no `await` in it.
    let number = count.fetch_add(1, Relaxed) + 1;
    stream.write_all(format!("{number}\n").as_bytes()).await?;
    stream.close().await
}
