// expect: pass
//! A join of two blocks that leave what they fetch in cells, raced with the first error.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use crate::join;

pub async fn get_two_sites<Site, Page, Error>(
    fetch: impl AsyncFn(Site) -> Result<Page, Error>,
    one: Site,
    other: Site,
) -> Result<(Page, Page), Error> {
    let error = RefCell::new(None);
    let noted =
        async |download: Result<Page, Error>| download.map_err(|e| *error.borrow_mut() = Some(e));
    let both = join(async { noted(fetch(one).await).await }, async {
        noted(fetch(other).await).await
    });
    let mut both = pin!(both);
    poll_fn(|cx| {
        let poll = both.as_mut().poll(cx);
        if let Some(error) = error.borrow_mut().take() {
            return Poll::Ready(Err(error));
        }
        poll.map(|pages| match pages {
            (Ok(one), Ok(other)) => Ok((one, other)),
            _ => unreachable!("an error has been noted"),
        })
    })
    .await
}
