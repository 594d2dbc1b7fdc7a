// expect: fail head-of-line
//! Takes the lock before the line is there.

use std::io;

use futures::Stream;
use futures::io::{AsyncRead, AsyncWrite, AsyncWriteExt};

use crate::counting::LONGEST_REQUEST;
use crate::sync::Arc;
use crate::{FramedRead, LinesCodec, Mutex, next};

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
    let mut count = count.lock().await;
    let mut lines = FramedRead::new(&mut stream, LinesCodec::new(LONGEST_REQUEST));
    if next(&mut lines).await.transpose()?.is_none() {
        return Ok(());
    }
    *count += 1;
    let number = *count;
    stream.write_all(format!("{number}\n").as_bytes()).await?;
    stream.close().await
}
