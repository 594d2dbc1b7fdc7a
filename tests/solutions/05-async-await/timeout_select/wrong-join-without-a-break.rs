// expect: fail starved-branch
//! `join` in a `timeout`; the loop over the stream never lets go of the poll, as long as there is something (S5-11).

use std::time::Duration;

use futures::Stream;
use reactor::timeout;

use crate::{join, next};

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
    let working = async { output = Some(work.await) };
    let listening = async {
        while let Some(value) = next(stream).await {
            hear(value);
        }
    };
    match timeout(limit, join(working, listening)).await {
        Ok(_) => Ok(output.expect("both have ended")),
        Err(_) => Err(TimeUp { output }),
    }
}
