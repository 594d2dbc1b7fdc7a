//! 5.2: two pages at once, with two threads and with none.
//!
//! ```text
//! cargo run -p async-await --example two_sites
//! ```
//!
//! Two servers of its own, which think for 300 and 400 ms. Expect 700 ms for one after the other, and
//! 400 ms in both other cases: but two more threads in the one, and none in the other.

use std::collections::HashSet;
use std::error::Error;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use async_await::{cheapo_request, get_two_sites};
use reactor::Runtime;

#[path = "support/server.rs"]
mod server;

/// The threads that have downloaded something.
static THREADS: Mutex<Option<HashSet<ThreadId>>> = Mutex::new(None);

/// Downloads a page, and has the thread wait for it.
fn download(site: SocketAddr) -> io::Result<String> {
    note_this_thread();
    let mut stream = TcpStream::connect(site)?;
    write!(
        stream,
        "GET / HTTP/1.1\r\nHost: {site}\r\nConnection: close\r\n\r\n"
    )?;
    let mut page = String::new();
    stream.read_to_string(&mut page)?;
    Ok(page)
}

/// Downloads a page, and has the task wait for it.
async fn download_async(site: SocketAddr) -> io::Result<String> {
    let page = cheapo_request(&site.ip().to_string(), site.port(), "/").await?;
    note_this_thread();
    Ok(page)
}

fn main() -> Result<(), Box<dyn Error>> {
    let one = server::start(Duration::from_millis(300))?;
    let other = server::start(Duration::from_millis(400))?;

    measure("One after the other", || {
        Ok((download(one)?, download(other)?))
    })?;

    measure("A thread for each", || {
        let one = thread::spawn(move || download(one));
        let other = thread::spawn(move || download(other));
        let page = one.join().expect("a download does not panic")?;
        Ok((page, other.join().expect("a download does not panic")?))
    })?;

    let both = get_two_sites(download_async, one, other);
    println!(
        "Both downloads are one value of {} bytes",
        size_of_val(&both)
    );
    measure("Two futures, joined", || Runtime::new()?.block_on(both))
}

/// Downloads two pages, and says how that went.
fn measure(
    how: &str,
    work: impl FnOnce() -> io::Result<(String, String)>,
) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let (one, other) = work()?;
    let time = start.elapsed();
    let mut threads = threads().take().unwrap_or_default();
    threads.remove(&thread::current().id());
    println!(
        "{how}: {} bytes in {} ms, {} threads besides this one",
        one.len() + other.len(),
        time.as_millis(),
        threads.len(),
    );
    Ok(())
}

fn note_this_thread() {
    threads()
        .get_or_insert_default()
        .insert(thread::current().id());
}

fn threads() -> MutexGuard<'static, Option<HashSet<ThreadId>>> {
    THREADS.lock().unwrap_or_else(PoisonError::into_inner)
}
