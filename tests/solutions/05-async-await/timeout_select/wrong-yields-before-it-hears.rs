// expect: fail lost-item
//! Yields to the other tasks between taking a value and `hear`, inside the branch that is raced: whoever wins next drops it.
//! Three branches in a loop; what has ended is replaced by a future that never ends.

use std::future::pending;
use std::pin::pin;
use std::time::Duration;

use executor::yield_now;
use futures::Stream;
use reactor::sleep;

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
    let mut work = pin!(work);
    let (mut output, mut open) = (None, true);
    while open || output.is_none() {
        let working = pin!(unless(output.is_some(), work.as_mut()));
        let listening = pin!(unless(!open, politely(stream)));
        match select(deadline.as_mut(), select(working, listening)).await {
            Either::Left(_) => return Err(TimeUp { output }),
            Either::Right((Either::Left((done, _)), _)) => output = Some(done),
            Either::Right((Either::Right((Some(value), _)), _)) => hear(value),
            Either::Right((Either::Right((None, _)), _)) => open = false,
        }
    }
    Ok(output.expect("the loop ends when there is an output"))
}

async fn unless<F: Future>(ended: bool, future: F) -> F::Output {
    if ended {
        return pending().await;
    }
    future.await
}

async fn politely<S: Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
    let value = next(stream).await;
    yield_now().await;
    value
}
