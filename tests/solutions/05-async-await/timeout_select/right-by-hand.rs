// expect: pass
//! One future, polled by hand: the deadline, the work, and some of the stream.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

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
    poll_fn(move |cx| {
        if deadline.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(TimeUp {
                output: output.take(),
            }));
        }
        if output.is_none()
            && let Poll::Ready(done) = work.as_mut().poll(cx)
        {
            output = Some(done);
        }
        for _ in 0..50 {
            if !open {
                break;
            }
            match Pin::new(&mut *stream).poll_next(cx) {
                Poll::Ready(Some(value)) => hear(value),
                Poll::Ready(None) => open = false,
                Poll::Pending => {
                    return Poll::Pending;
                }
            }
        }
        if open {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        match output.take() {
            Some(done) => Poll::Ready(Ok(done)),
            None => Poll::Pending,
        }
    })
    .await
}
