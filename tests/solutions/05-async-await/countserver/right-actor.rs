// expect: pass
//! One task owns the count; the others ask it.

use std::io;

use futures::Stream;
use futures::io::{AsyncRead, AsyncWrite, AsyncWriteExt};

use crate::counting::LONGEST_REQUEST;
use crate::{FramedRead, LinesCodec, mpsc, next, oneshot};

pub async fn serve<S>(mut incoming: impl Stream<Item = io::Result<S>> + Unpin)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let (count, mut questions) = mpsc::channel::<oneshot::Sender<u64>>(1);
    drop(executor::spawn(async move {
        let mut number = 0;
        while let Some(question) = questions.recv().await {
            number += 1;
            let _ = question.send(number);
        }
    }));
    while let Some(stream) = next(&mut incoming).await {
        let Ok(stream) = stream else { continue };
        drop(executor::spawn(answer(stream, count.clone())));
    }
}

async fn answer<S>(mut stream: S, count: mpsc::Sender<oneshot::Sender<u64>>) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut lines = FramedRead::new(&mut stream, LinesCodec::new(LONGEST_REQUEST));
    if next(&mut lines).await.transpose()?.is_none() {
        return Ok(());
    }
    let (question, number) = oneshot::channel();
    let gone = || io::Error::other("nobody counts");
    count.send(question).await.map_err(|_| gone())?;
    let number = number.await.map_err(|_| gone())?;
    stream.write_all(format!("{number}\n").as_bytes()).await?;
    stream.close().await
}
