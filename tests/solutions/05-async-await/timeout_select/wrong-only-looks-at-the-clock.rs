// expect: fail lost-wakeup
//! Looks at the clock in each turn; while nothing happens there is no turn, and nobody wakes it when the time is up.

use std::future::pending;
use std::pin::pin;
use std::time::Duration;

use futures::Stream;
use waker_timer::clock;

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
    let start = clock::now();
    let mut work = pin!(work);
    let (mut output, mut open) = (None, true);
    while open || output.is_none() {
        if clock::now() - start >= limit {
            return Err(TimeUp { output });
        }
        let working = pin!(unless(output.is_some(), work.as_mut()));
        let listening = pin!(unless(!open, next(stream)));
        match select(working, listening).await {
            Either::Left((done, _)) => output = Some(done),
            Either::Right((Some(value), _)) => hear(value),
            Either::Right((None, _)) => open = false,
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
