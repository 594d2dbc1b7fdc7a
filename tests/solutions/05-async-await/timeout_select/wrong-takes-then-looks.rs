// expect: fail lost-item
//! Takes a value out of the stream, sees that the time is up, and returns without it (S5-10).

use std::future::pending;
use std::pin::pin;
use std::time::Duration;

use futures::Stream;
use reactor::sleep;
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
    let mut deadline = pin!(sleep(limit));
    let mut work = pin!(work);
    let (mut output, mut open) = (None, true);
    while open || output.is_none() {
        let working = pin!(unless(output.is_some(), work.as_mut()));
        let listening = pin!(unless(!open, next(stream)));
        let event = select(select(working, listening), deadline.as_mut()).await;
        if clock::now() - start >= limit {
            return Err(TimeUp { output });
        }
        match event {
            Either::Left((Either::Left((done, _)), _)) => output = Some(done),
            Either::Left((Either::Right((Some(value), _)), _)) => hear(value),
            Either::Left((Either::Right((None, _)), _)) => open = false,
            Either::Right(_) => return Err(TimeUp { output }),
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
