// expect: fail stops-serving
//! Runs an executor inside the task, and with it stops the thread (S5-02 class).

use std::io;

use futures::Stream;
use futures::io::{AsyncRead, AsyncWrite, AsyncWriteExt};

use crate::counting::LONGEST_REQUEST;
use crate::sync::Arc;
use crate::sync::atomic::{AtomicU64, Ordering::Relaxed};
use crate::{FramedRead, LinesCodec, next};

pub async fn serve<S>(mut incoming: impl Stream<Item = io::Result<S>> + Unpin)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let count = Arc::new(AtomicU64::new(0));
    while let Some(stream) = next(&mut incoming).await {
        let Ok(stream) = stream else { continue };
        let _ = executor::block_on(answer(stream, Arc::clone(&count)));
    }
}

async fn answer<S>(mut stream: S, count: Arc<AtomicU64>) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut lines = FramedRead::new(&mut stream, LinesCodec::new(LONGEST_REQUEST));
    if next(&mut lines).await.transpose()?.is_none() {
        return Ok(());
    }
    let number = count.fetch_add(1, Relaxed) + 1;
    stream.write_all(format!("{number}\n").as_bytes()).await?;
    stream.close().await
}
