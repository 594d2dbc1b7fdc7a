// expect: fail wait-per-poll
//! Sets one more alarm in each turn, for the right time, and keeps them all.

use std::future::pending;
use std::pin::pin;
use std::time::Duration;

use futures::Stream;
use reactor::{Sleep, sleep_until};
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
    let end = clock::now() + limit;
    let mut alarms: Vec<Sleep> = Vec::new();
    let mut work = pin!(work);
    let (mut output, mut open) = (None, true);
    while open || output.is_none() {
        alarms.push(sleep_until(end));
        let rings = alarms.last_mut().expect("one was set just now");
        let working = pin!(unless(output.is_some(), work.as_mut()));
        let listening = pin!(unless(!open, next(stream)));
        match select(rings, select(working, listening)).await {
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
