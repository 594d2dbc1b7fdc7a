// expect: pass
//! A time limit for each turn: what is left until the one deadline.

use std::future::pending;
use std::pin::pin;
use std::time::Duration;

use executor::yield_now;
use futures::Stream;
use reactor::timeout;
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
        let working = pin!(unless(output.is_some(), work.as_mut()));
        let listening = pin!(unless(!open, next(stream)));
        let left = limit.saturating_sub(clock::now() - start);
        match timeout(left, select(working, listening)).await {
            Ok(Either::Left((done, _))) => output = Some(done),
            Ok(Either::Right((Some(value), _))) => {
                hear(value);
                if limit <= clock::now() - start {
                    return Err(TimeUp { output });
                }
                yield_now().await;
            }
            Ok(Either::Right((None, _))) => open = false,
            Err(_) => return Err(TimeUp { output }),
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
