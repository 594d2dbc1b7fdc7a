//! Two downloads, one thread.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

/// Fetches two pages at once: both, in the order of their sites, when the last is there; or an error, as
/// soon as there is one, and then the other download is dropped.
///
/// How one page is fetched is the caller's affair. Both downloads lie inside the future that this gives,
/// and take turns in its task: no thread is started, and nothing allocated.
///
/// ```
/// use async_await::get_two_sites;
///
/// let fetch = async |site: &str| Ok::<_, ()>(format!("<h1>{site}</h1>"));
/// let (one, other) = executor::block_on(get_two_sites(fetch, "foo", "bar")).unwrap();
/// assert_eq!((&*one, &*other), ("<h1>foo</h1>", "<h1>bar</h1>"));
/// ```
///
/// # Errors
///
/// What a download failed with. If both have failed in the same turn, it is that of `one`.
pub async fn get_two_sites<Site, Page, Error>(
    fetch: impl AsyncFn(Site) -> Result<Page, Error>,
    one: Site,
    other: Site,
) -> Result<(Page, Page), Error> {
    let (mut one, mut other) = (pin!(fetch(one)), pin!(fetch(other)));
    let (mut first, mut second) = (None, None);
    poll_fn(move |cx| {
        poll_into(&mut first, one.as_mut(), cx)?;
        poll_into(&mut second, other.as_mut(), cx)?;
        match (first.take(), second.take()) {
            (Some(first), Some(second)) => Poll::Ready(Ok((first, second))),
            (one, other) => {
                (first, second) = (one, other);
                Poll::Pending
            }
        }
    })
    .await
}

/// Polls a download whose page has not come yet, and keeps what comes.
fn poll_into<F, Page, Error>(
    page: &mut Option<Page>,
    download: Pin<&mut F>,
    cx: &mut Context<'_>,
) -> Result<(), Error>
where
    F: Future<Output = Result<Page, Error>>,
{
    if page.is_none()
        && let Poll::Ready(fetched) = download.poll(cx)
    {
        *page = Some(fetched?);
    }
    Ok(())
}
