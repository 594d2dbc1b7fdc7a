// expect: fail lost-item
//! Keeps all values, and calls `hear` at the end.
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
    let (mut turns, mut kept) = (0, Vec::new());
    while open || output.is_none() {
        turns += 1;
        if turns % 50 == 0 {
            yield_now().await;
        }
        let working = pin!(unless(output.is_some(), work.as_mut()));
        let listening = pin!(unless(!open, next(stream)));
        match select(deadline.as_mut(), select(working, listening)).await {
            Either::Left(_) => {
                kept.into_iter().for_each(&mut hear);
                return Err(TimeUp { output });
            }
            Either::Right((Either::Left((done, _)), _)) => output = Some(done),
            Either::Right((Either::Right((Some(value), _)), _)) => kept.push(value),
            Either::Right((Either::Right((None, _)), _)) => open = false,
        }
    }
    kept.into_iter().for_each(&mut hear);
    Ok(output.expect("the loop ends when there is an output"))
}

async fn unless<F: Future>(ended: bool, future: F) -> F::Output {
    if ended {
        return pending().await;
    }
    future.await
}
