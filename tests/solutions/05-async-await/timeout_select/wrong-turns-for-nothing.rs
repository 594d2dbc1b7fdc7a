// expect: fail busy-wake
//! Looks at the three of them in turn, and yields where nothing has come (S1-02 once more).

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use executor::yield_now;
use futures::Stream;
use reactor::sleep;

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
        let over = poll_fn(|cx| Poll::Ready(deadline.as_mut().poll(cx).is_ready())).await;
        if over {
            return Err(TimeUp { output });
        }
        if output.is_none() {
            let done = poll_fn(|cx| Poll::Ready(work.as_mut().poll(cx))).await;
            if let Poll::Ready(done) = done {
                output = Some(done);
            }
        }
        if open {
            let next = poll_fn(|cx| Poll::Ready(Pin::new(&mut *stream).poll_next(cx))).await;
            match next {
                Poll::Ready(Some(value)) => hear(value),
                Poll::Ready(None) => open = false,
                Poll::Pending => {}
            }
        }
        if open || output.is_none() {
            yield_now().await;
        }
    }
    Ok(output.expect("the loop ends when there is an output"))
}
