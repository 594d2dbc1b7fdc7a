//! A loop that waits for several things, and comes to an end in time.
//!
//! `select` is for one turn: whichever comes first. In a loop three things go wrong with it. What is made
//! inside the loop begins anew with each turn, so a deadline has to be made before it. What has ended must not be polled
//! in the next turn. And what is polled first goes first, each time: so that is the deadline, which is
//! ready once, and not the stream, which may always have something.

use std::future::pending;
use std::pin::pin;
use std::time::Duration;

use executor::yield_now;
use futures::Stream;
use reactor::sleep;

use crate::{Either, next, select};

/// So many turns may be taken in one poll. A stream that always has something would otherwise keep the thread
/// until the deadline.
const MOST_IN_A_POLL: usize = 64;

/// The time was up before work and stream had ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeUp<T> {
    /// What the work gave, if it was done.
    pub output: Option<T>,
}

/// Does `work`, and gives `hear` what the stream brings meanwhile, until both have ended, but not longer than
/// `limit`, counted from the first poll.
///
/// Cancellation: dropped before it is ready, it drops the work with it; what was not heard is still in the stream.
///
/// ```
/// use std::time::Duration;
/// use async_await::{TimeUp, mpsc, work_and_listen};
/// use reactor::{Runtime, sleep};
///
/// let mut runtime = Runtime::new().unwrap();
/// let (sender, mut receiver) = mpsc::channel(8);
/// let work = async move {
///     for number in 1..4 {
///         sleep(Duration::from_millis(1)).await;
///         sender.send(number).await.expect("somebody listens");
///     }
///     "done"
/// };
/// let mut heard = Vec::new();
/// let hear = |number| heard.push(number);
/// let listening = work_and_listen(Duration::from_secs(60), work, &mut receiver, hear);
/// assert_eq!(runtime.block_on(listening), Ok("done"));
/// assert_eq!(heard, [1, 2, 3]);
///
/// // The work is done, and the stream has no end.
/// let (_sender, mut receiver) = mpsc::channel::<u32>(8);
/// let work = async { "done" };
/// let listening = work_and_listen(Duration::from_millis(5), work, &mut receiver, drop);
/// let output = Some("done");
/// assert_eq!(runtime.block_on(listening), Err(TimeUp { output }));
/// ```
///
/// # Errors
///
/// [`TimeUp`] if the time was up before that. Then the stream has lost nothing, and the work is dropped.
///
/// # Panics
///
/// Panics outside a runtime with timers.
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
    // One for all turns.
    let mut deadline = pin!(sleep(limit));
    let mut work = pin!(work);
    let (mut output, mut open) = (None, true);
    for turn in 1.. {
        if !open && output.is_some() {
            break;
        }
        if turn % MOST_IN_A_POLL == 0 {
            yield_now().await;
        }
        let working = pin!(unless(output.is_some(), work.as_mut()));
        let listening = pin!(unless(!open, next(stream)));
        match select(deadline.as_mut(), select(working, listening)).await {
            Either::Left(_) => return Err(TimeUp { output }),
            Either::Right((Either::Left((done, _)), _)) => output = Some(done),
            Either::Right((Either::Right((Some(value), _)), _)) => hear(value),
            Either::Right((Either::Right((None, _)), _)) => open = false,
        }
    }
    Ok(output.expect("the loop ends when there is an output"))
}

/// The future, or never if it has ended: a branch that stays in the loop and is not polled any more.
async fn unless<F: Future>(ended: bool, future: F) -> F::Output {
    if ended {
        return pending().await;
    }
    future.await
}
