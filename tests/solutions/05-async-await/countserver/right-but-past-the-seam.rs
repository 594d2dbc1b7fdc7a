// expect: pass with advice bypassed-seam
//! A count behind a lock taken from std itself.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use futures::Stream;
use futures::io::{AsyncRead, AsyncWrite, AsyncWriteExt};

use crate::counting::LONGEST_REQUEST;
use crate::{FramedRead, LinesCodec, next};

pub async fn serve<S>(mut incoming: impl Stream<Item = io::Result<S>> + Unpin)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let count = Arc::new(Mutex::new(0));
    while let Some(stream) = next(&mut incoming).await {
        let Ok(stream) = stream else { continue };
        drop(executor::spawn(answer(stream, Arc::clone(&count))));
    }
}

async fn answer<S>(mut stream: S, count: Arc<Mutex<u64>>) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut lines = FramedRead::new(&mut stream, LinesCodec::new(LONGEST_REQUEST));
    if next(&mut lines).await.transpose()?.is_none() {
        return Ok(());
    }
    let number = {
        let mut count = count.lock().unwrap_or_else(PoisonError::into_inner);
        *count += 1;
        *count
    };
    stream.write_all(format!("{number}\n").as_bytes()).await?;
    stream.close().await
}
