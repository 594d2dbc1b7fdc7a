// expect: fail not-concurrent
//! First the work, then the stream (S5-01).

use std::time::Duration;

use futures::Stream;
use reactor::timeout;

use crate::next;

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
    let mut output = None;
    let both = async {
        output = Some(work.await);
        while let Some(value) = next(stream).await {
            hear(value);
        }
    };
    match timeout(limit, both).await {
        Ok(()) => Ok(output.expect("both have ended")),
        Err(_) => Err(TimeUp { output }),
    }
}
