//! 4.3: what a loop costs that has nothing to do.
//!
//! ```text
//! cargo run --release -p reactor --example idle
//! ```
//!
//! A hundred connections on which nobody speaks, a hundred timers that are far away, a task that
//! looks at the clock every 100 ms, for two seconds. Expect a CPU time of about a millisecond, and
//! nearly all of that for the ticks.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;
use futures::io::AsyncReadExt;
use reactor::{Runtime, TcpListener, TcpStream, interval, sleep};

const CONNECTIONS: usize = 100;

fn main() -> Result<(), Box<dyn Error>> {
    let mut runtime = Runtime::new()?;
    let reactor = runtime.reactor().clone();
    runtime.block_on(async {
        let mut clients = Vec::new();
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        for _ in 0..CONNECTIONS {
            clients.push(TcpStream::connect(listener.local_addr()?).await?);
            executor::spawn(listen(listener.accept().await?.0));
            executor::spawn(sleep(Duration::from_secs(3600)));
        }
        while reactor.timers() < CONNECTIONS {
            executor::yield_now().await;
        }
        println!(
            "Sockets: {}, timers: {}",
            reactor.sources(),
            reactor.timers()
        );

        let (start, cpu) = (Instant::now(), ProcessTime::now());
        let mut ticks = interval(Duration::from_millis(100));
        for _ in 0..20 {
            ticks.tick().await;
        }
        println!(
            "Time: {:.1?}, CPU time: {:.1?}",
            start.elapsed(),
            cpu.elapsed()
        );
        Ok(())
    })
}

/// Waits for a word.
async fn listen(mut stream: TcpStream) -> io::Result<()> {
    stream.read_exact(&mut [0]).await
}
