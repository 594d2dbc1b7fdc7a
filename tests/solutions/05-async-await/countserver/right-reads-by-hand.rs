// expect: pass
//! Reads byte by byte, without a codec, and closes by dropping.

use std::io;

use futures::Stream;
use futures::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::counting::LONGEST_REQUEST;
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
    let mut byte = [0];
    for length in 0.. {
        stream.read_exact(&mut byte).await?;
        if byte == *b"\n" {
            break;
        }
        if length > LONGEST_REQUEST {
            return Err(io::ErrorKind::InvalidData.into());
        }
    }
    let number = count.fetch_add(1, Relaxed) + 1;
    stream.write_all(format!("{number}\n").as_bytes()).await
}
