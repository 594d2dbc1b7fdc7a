// expect: fail blocking-poll
//! Runs both with an executor of its own, which puts the thread to sleep (S5-02).

use executor::block_on;
use futures::future::try_join;

pub async fn get_two_sites<Site, Page, Error>(
    fetch: impl AsyncFn(Site) -> Result<Page, Error>,
    one: Site,
    other: Site,
) -> Result<(Page, Page), Error> {
    block_on(try_join(fetch(one), fetch(other)))
}
