// expect: does-not-compile
//! A thread for each: what is fetched, and how, would have to be shared with it.

use executor::block_on;

pub async fn get_two_sites<Site, Page, Error>(
    fetch: impl AsyncFn(Site) -> Result<Page, Error>,
    one: Site,
    other: Site,
) -> Result<(Page, Page), Error> {
    std::thread::scope(|threads| {
        let first = threads.spawn(|| block_on(fetch(one)));
        let second = threads.spawn(|| block_on(fetch(other)));
        Ok((first.join().unwrap()?, second.join().unwrap()?))
    })
}
