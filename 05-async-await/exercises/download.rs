//! # Download: two pages at once, on one thread
//!
//! Two servers far away have a page each. While one of them thinks, the other could do so too, if only
//! it had been asked. Write `get_two_sites`: both requests are on their way before either is answered,
//! without a thread for each. How one page is fetched is given to you, as a function.
//!
//! What is checked:
//!
//! 1. Calling `get_two_sites` asks nobody. Its first poll asks both sites, and each is asked once.
//! 2. It is ready with both pages when the last one is there, in the order of the sites, whichever came
//!    first.
//! 3. A download that fails ends it in the very poll in which it does, with the error: nobody waits for the other page
//!    then.
//! 4. A download that is over is not polled again.
//! 5. No poll waits, and nobody wakes the task over and over while nothing happens. Each download wakes the
//!    task of the latest poll.
//! 6. Nothing is allocated: both downloads lie inside your future.
//! 7. It fetches two pages from real servers, neither of which answers before both were asked.
//!
//! Settled: the downloads may be polled in any order, and more often than needed; a wake too many is fine.
//! If both fail in the same poll, either error will do. The stage's other modules are yours to use, and so
//! is `futures`; but think about 3 first.
//!
//! Read first: README.md, "Two downloads, one thread". Do `concurrent` before this. About 25 minutes.
//!
//! Check: `cargo xtask check-stage 5 --exercise download`. Stuck: `cargo xtask hint download`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(unused_imports, unused_variables)]

// `poll_fn` makes a future of a closure that polls; `pin!` pins a future where it stands.
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

/// Fetches two pages at once: both, in the order of their sites, when the last is there; or an error, as
/// soon as there is one, and then the other download is dropped.
pub async fn get_two_sites<Site, Page, Error>(
    fetch: impl AsyncFn(Site) -> Result<Page, Error>,
    one: Site,
    other: Site,
) -> Result<(Page, Page), Error> {
    todo!("make both downloads, and poll both, until both pages or an error are there")
}
