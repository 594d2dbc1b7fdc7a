// expect: pass
//! An enum for each download: it runs, or its page is there, or has been given away.

use std::future::poll_fn;
use std::mem;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

enum State<'a, F, Page> {
    Runs(Pin<&'a mut F>),
    Here(Page),
    Gone,
}

impl<F, Page, Error> State<'_, F, Page>
where
    F: Future<Output = Result<Page, Error>>,
{
    /// Whether the page is there.
    fn poll(&mut self, cx: &mut Context<'_>) -> Result<bool, Error> {
        if let State::Runs(download) = self {
            match download.as_mut().poll(cx) {
                Poll::Ready(page) => *self = State::Here(page?),
                Poll::Pending => return Ok(false),
            }
        }
        Ok(true)
    }

    fn take(&mut self) -> Page {
        match mem::replace(self, State::Gone) {
            State::Here(page) => page,
            _ => unreachable!("taken once, when it is there"),
        }
    }
}

pub async fn get_two_sites<Site, Page, Error>(
    fetch: impl AsyncFn(Site) -> Result<Page, Error>,
    one: Site,
    other: Site,
) -> Result<(Page, Page), Error> {
    let (one, other) = (pin!(fetch(one)), pin!(fetch(other)));
    let (mut one, mut other) = (State::Runs(one), State::Runs(other));
    poll_fn(|cx| {
        let first = one.poll(cx)?;
        let second = other.poll(cx)?;
        match first && second {
            true => Poll::Ready(Ok((one.take(), other.take()))),
            false => Poll::Pending,
        }
    })
    .await
}
