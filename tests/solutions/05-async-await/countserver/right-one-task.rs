// expect: pass
//! One task for all, which is woken for whichever client has news: no lock, and no atomic.

use std::cell::Cell;
use std::io;

use futures::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use futures::{Stream, StreamExt};

use crate::counting::LONGEST_REQUEST;
use crate::{FramedRead, LinesCodec, next};

pub async fn serve<S>(incoming: impl Stream<Item = io::Result<S>> + Unpin)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let count = &Cell::new(0);
    incoming
        .for_each_concurrent(None, |stream| async move {
            if let Ok(stream) = stream {
                let _ = answer(stream, count).await;
            }
        })
        .await;
}

async fn answer<S>(mut stream: S, count: &Cell<u64>) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut lines = FramedRead::new(&mut stream, LinesCodec::new(LONGEST_REQUEST));
    if next(&mut lines).await.transpose()?.is_none() {
        return Ok(());
    }
    count.set(count.get() + 1);
    stream
        .write_all(format!("{}\n", count.get()).as_bytes())
        .await?;
    stream.close().await
}
