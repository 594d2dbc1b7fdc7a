// expect: fail one-poll-late
//! Keeps an error for the next poll, which it asks for.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

pub async fn get_two_sites<Site, Page, Error>(
    fetch: impl AsyncFn(Site) -> Result<Page, Error>,
    one: Site,
    other: Site,
) -> Result<(Page, Page), Error> {
    let (mut first, mut second) = (pin!(fetch(one)), pin!(fetch(other)));
    let (mut page, mut other_page, mut failed) = (None, None, None);
    poll_fn(|cx| {
        if let Some(error) = failed.take() {
            return Poll::Ready(Err(error));
        }
        if page.is_none()
            && let Poll::Ready(outcome) = first.as_mut().poll(cx)
        {
            match outcome {
                Ok(got) => page = Some(got),
                Err(error) => failed = Some(error),
            }
        }
        if failed.is_none()
            && other_page.is_none()
            && let Poll::Ready(outcome) = second.as_mut().poll(cx)
        {
            match outcome {
                Ok(got) => other_page = Some(got),
                Err(error) => failed = Some(error),
            }
        }
        if failed.is_some() {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        match (page.take(), other_page.take()) {
            (Some(one), Some(other)) => Poll::Ready(Ok((one, other))),
            (one, other) => {
                (page, other_page) = (one, other);
                Poll::Pending
            }
        }
    })
    .await
}
