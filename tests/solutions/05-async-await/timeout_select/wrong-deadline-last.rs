// expect: fail starved-branch
//! The work goes before the stream, and the deadline comes last (S5-11).

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
    let mut turns = 0;
    while open || output.is_none() {
        turns += 1;
        if turns % 50 == 0 {
            yield_now().await;
        }
        let working = pin!(unless(output.is_some(), work.as_mut()));
        let listening = pin!(unless(!open, next(stream)));
        match select(select(working, listening), deadline.as_mut()).await {
            Either::Right(_) => return Err(TimeUp { output }),
            Either::Left((Either::Left((done, _)), _)) => output = Some(done),
            Either::Left((Either::Right((Some(value), _)), _)) => hear(value),
            Either::Left((Either::Right((None, _)), _)) => open = false,
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
