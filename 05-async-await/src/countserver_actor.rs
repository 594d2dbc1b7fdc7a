//! A count server with an actor: one task owns the count, and whoever wants a number asks it.
//!
//! Nothing is shared, so there is nothing to lock: what happens to the count happens in the order in which the
//! questions come. A question is a sender for the answer.

use std::io;

use futures::Stream;
use futures::io::{AsyncRead, AsyncWrite, AsyncWriteExt};

use crate::counting::LONGEST_REQUEST;
use crate::{FramedRead, LinesCodec, mpsc, next, oneshot};

/// So many questions wait for the actor; who has another one waits before.
const MAILBOX: usize = 16;

/// Asks the actor. Clones ask the same one, which ends with the last of them.
#[derive(Clone, Debug)]
struct Counter {
    questions: mpsc::Sender<oneshot::Sender<u64>>,
}

impl Counter {
    /// Starts the actor.
    fn start() -> Self {
        let (questions, mut mailbox) = mpsc::channel::<oneshot::Sender<u64>>(MAILBOX);
        drop(executor::spawn(async move {
            let mut count = 0;
            while let Some(answer) = mailbox.recv().await {
                // Only who still waits for his number uses it up.
                if answer.send(count + 1).is_ok() {
                    count += 1;
                }
            }
        }));
        Self { questions }
    }

    async fn next(&self) -> io::Result<u64> {
        let (answer, number) = oneshot::channel();
        let gone = || io::Error::other("the counter is gone");
        self.questions.send(answer).await.map_err(|_| gone())?;
        number.await.map_err(|_| gone())
    }
}

/// Gives each client a number, until nobody else will come. Who is connected then is still served.
pub async fn serve<S>(mut incoming: impl Stream<Item = io::Result<S>> + Unpin)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let counter = Counter::start();
    while let Some(stream) = next(&mut incoming).await {
        let Ok(stream) = stream else { continue };
        drop(executor::spawn(answer(stream, counter.clone())));
    }
}

async fn answer<S>(mut stream: S, counter: Counter) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut lines = FramedRead::new(&mut stream, LinesCodec::new(LONGEST_REQUEST));
    let request = next(&mut lines).await.transpose()?;
    if request.is_none() {
        return Ok(());
    }
    let number = counter.next().await?;
    stream.write_all(format!("{number}\n").as_bytes()).await?;
    stream.close().await
}
