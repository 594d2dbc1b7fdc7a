//! 5.10: streams on a real connection: ticks, lines, and what is made of them.
//!
//! ```text
//! cargo run -p async-await --example interval_stream
//! ```
//!
//! A station sends a line with each tick of an interval, a measurement or a remark. Whoever listens leaves the
//! remarks out and has each measurement checked, which takes longer than a tick. One check at a time falls
//! behind. Four at a time keep up, and the results come in the order of the lines all the same.
//!
//! Each step is a stream around the one before: the socket, lines, without remarks, checks, results.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use async_await::{FramedRead, FramedWrite, LinesCodec, buffered, filter, map, next};
use futures::SinkExt;
use reactor::{Runtime, TcpListener, TcpStream, interval, sleep};

/// Between two lines.
const TICK: Duration = Duration::from_millis(20);

/// How long one check takes.
const CHECK: Duration = Duration::from_millis(70);

/// How many lines the station sends, every fourth of them a remark.
const LINES: u32 = 16;

fn main() -> Result<(), Box<dyn Error>> {
    Runtime::new()?.block_on(async {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        let address = listener.local_addr()?;
        for checks in [1, 4] {
            println!("Checks at once: {checks}");
            let caller = TcpStream::connect(address).await?;
            let (stream, _) = listener.accept().await?;
            let station = executor::spawn(measure(stream));
            let start = Instant::now();
            let results = listen(caller, checks).await?;
            println!("Results: {results} in {} ms\n", start.elapsed().as_millis());
            station.await??;
        }
        Ok(())
    })
}

/// Sends a line with each tick.
async fn measure(stream: TcpStream) -> io::Result<()> {
    let mut number = 0;
    let mut texts = map(interval(TICK), move |_| {
        number += 1;
        match number % 4 {
            0 => format!("# {number} is a remark"),
            _ => format!("{number}"),
        }
    });
    let mut lines = FramedWrite::<_, _, str>::new(stream, LinesCodec::new(80));
    for _ in 0..LINES {
        let text = next(&mut texts).await.expect("an interval has no end");
        // Not `feed`: the line is to be on its way before the next tick.
        lines.send(text.as_str()).await?;
    }
    lines.close().await
}

/// Has what the station sends checked, so many lines at a time.
async fn listen(stream: TcpStream, checks: usize) -> io::Result<usize> {
    let lines = FramedRead::new(stream, LinesCodec::new(80));
    let measurements = filter(
        lines,
        |line| !matches!(line, Ok(text) if text.starts_with('#')),
    );
    let mut results = buffered(map(measurements, check), checks);
    let mut count = 0;
    while let Some(result) = next(&mut results).await {
        print!("{} ", result?);
        count += 1;
    }
    println!();
    Ok(count)
}

async fn check(line: io::Result<String>) -> io::Result<u32> {
    let number = line?.parse().map_err(io::Error::other)?;
    sleep(CHECK).await;
    Ok(number)
}
