// expect: pass
//! No loop around the branches: each is a loop of its own, `join` runs both, and the deadline lies around that.

use std::time::Duration;

use executor::yield_now;
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
        let mut heard = 0;
        while let Some(value) = next(stream).await {
            hear(value);
            heard += 1;
            if heard % 50 == 0 {
                yield_now().await;
            }
        }
    };
    match timeout(limit, join(working, listening)).await {
        Ok(_) => Ok(output.expect("both have ended")),
        Err(_) => Err(TimeUp { output }),
    }
}
