//! 5.6: many requests at once, a task for each, on one thread.
//!
//! ```text
//! cargo run -p async-await --example many_requests                        # to a server of its own
//! cargo run -p async-await --example many_requests -- localhost 8080
//! ```
//!
//! The server thinks for 200 ms before each answer. Expect 20 answers in little more than that, in the order of the
//! requests, and an error for the one at whose address nobody listens.

use std::error::Error;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use async_await::many_requests;
use reactor::Runtime;

#[path = "support/server.rs"]
mod server;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (host, port) = match &arguments[..] {
        [] => {
            let server = server::start(Duration::from_millis(200))?;
            (server.ip().to_string(), server.port())
        }
        [host, port] => (host.clone(), port.parse()?),
        _ => return Err("say nothing, or a host and a port".into()),
    };
    let mut requests: Vec<_> = (1..=20)
        .map(|page| (host.clone(), port, format!("/page/{page}")))
        .collect();
    // Free a moment ago, so nobody listens there.
    let nobody = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    requests.push((nobody.ip().to_string(), nobody.port(), "/".into()));

    let start = Instant::now();
    let mut runtime = Runtime::new()?;
    let spawner = runtime.spawner();
    for answer in runtime.block_on(many_requests(&spawner, requests)) {
        match answer {
            Ok(answer) => println!("{}", answer.lines().last().unwrap_or_default()),
            Err(error) => println!("error: {error}"),
        }
    }
    println!("{} ms", start.elapsed().as_millis());
    Ok(())
}
