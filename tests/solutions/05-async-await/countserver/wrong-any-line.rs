// expect: fail no-limit
//! Reads until the end of the line, however long that takes.

use std::io;

use futures::Stream;
use futures::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};

use crate::next;
use crate::sync::Arc;
use crate::sync::atomic::{AtomicU64, Ordering::Relaxed};

pub async fn serve<S>(mut incoming: impl Stream<Item = io::Result<S>> + Unpin)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let count = Arc::new(AtomicU64::new(0));
    while let Some(stream) = next(&mut incoming).await {
        let Ok(stream) = stream else { continue };
        drop(executor::spawn(answer(stream, Arc::clone(&count))));
    }
}

async fn answer<S>(mut stream: S, count: Arc<AtomicU64>) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut line = String::new();
    if BufReader::new(&mut stream).read_line(&mut line).await? == 0 {
        return Ok(());
    }
    let number = count.fetch_add(1, Relaxed) + 1;
    stream.write_all(format!("{number}\n").as_bytes()).await?;
    stream.close().await
}
