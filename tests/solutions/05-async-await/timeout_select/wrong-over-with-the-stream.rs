// expect: fail dropped-pending
//! The end of the stream, or its first value, wins a race against the work, which is dropped.

use std::pin::pin;
use std::time::Duration;

use futures::Stream;
use reactor::{sleep, timeout};

use crate::{Either, next, select};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeUp<T> {
    pub output: Option<T>,
}

pub async fn work_and_listen<F, S>(
    limit: Duration,
    work: F,
    stream: &mut S,
    mut hear: impl FnMut(S::Item),
) -> Result<F::Output, TimeUp<F::Output>>
where
    F: Future,
    S: Stream + Unpin,
{
    let mut deadline = pin!(sleep(limit));
    let mut output = None;
    match select(Box::pin(work), pin!(next(stream))).await {
        Either::Left((done, rest)) => {
            output = Some(done);
            if let Either::Right((Some(value), _)) = select(deadline.as_mut(), rest).await {
                hear(value);
            }
        }
        Either::Right((Some(value), _)) => hear(value),
        Either::Right((None, work)) => match timeout(limit, work).await {
            Ok(done) => return Ok(done),
            Err(_) => return Err(TimeUp { output: None }),
        },
    }
    loop {
        match select(deadline.as_mut(), pin!(next(stream))).await {
            Either::Right((Some(value), _)) => hear(value),
            Either::Right((None, _)) if output.is_some() => break,
            _ => return Err(TimeUp { output }),
        }
    }
    Ok(output.expect("it was there"))
}
