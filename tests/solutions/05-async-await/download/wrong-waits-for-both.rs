// expect: fail late-error
//! Looks at the errors when both are over.

use crate::join;

pub async fn get_two_sites<Site, Page, Error>(
    fetch: impl AsyncFn(Site) -> Result<Page, Error>,
    one: Site,
    other: Site,
) -> Result<(Page, Page), Error> {
    let (one, other) = join(fetch(one), fetch(other)).await;
    Ok((one?, other?))
}
