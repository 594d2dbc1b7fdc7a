//! 5.9: clients of a count server, one after the other, a thread for each, or a task for each.
//!
//! ```text
//! cargo run --release -p async-await --example countclients -- async 500 127.0.0.1:10123
//! ```
//!
//! Start the example `countserver` before, and stop it with Ctrl-C. The clients are `sequential`, `threaded` or
//! `async`. Expect as many numbers as there are clients, without a gap and without a repetition.

use std::env;
use std::error::Error;
use std::net::SocketAddr;
use std::time::Instant;

use async_await::countclients;
use reactor::Runtime;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let design = arguments.next().unwrap_or_else(|| "async".into());
    let clients: usize = arguments.next().map_or(Ok(100), |text| text.parse())?;
    let server = arguments.next().unwrap_or_else(|| "127.0.0.1:10123".into());
    let server: SocketAddr = server.parse()?;
    let start = Instant::now();
    let mut numbers = match design.as_str() {
        "sequential" => countclients::sequential(server, clients)?,
        "threaded" => countclients::threaded(server, clients)?,
        "async" => Runtime::new()?.block_on(countclients::concurrent(server, clients))?,
        other => return Err(format!("there are no clients {other:?}").into()),
    };
    let took = start.elapsed();
    numbers.sort_unstable();
    numbers.dedup();
    let (first, last) = (numbers.first().copied(), numbers.last().copied());
    let (first, last) = first.zip(last).unwrap_or_default();
    println!("Clients: {clients}, numbers: {}", numbers.len());
    println!("From {first} to {last}, in {took:.1?}");
    Ok(())
}
