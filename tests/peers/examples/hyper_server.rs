//! hyper on this course's runtime, for `curl`, a browser or a load generator.
//!
//! ```text
//! cargo run --release -p peers --example hyper_server            # any free port
//! cargo run --release -p peers --example hyper_server -- 8080
//! ```
//!
//! It says where it listens, answers each request with its method, path and body, and runs until it is
//! interrupted (Ctrl-C): then it answers who is being served, and ends.

use std::error::Error;
use std::net::SocketAddr;
use std::time::Duration;

use async_await::Shutdown;
use peers::hyper_server::serve;
use reactor::{Runtime, TcpListener};

fn main() -> Result<(), Box<dyn Error>> {
    let port = match std::env::args().nth(1) {
        Some(port) => port.parse()?,
        None => 0,
    };
    let shutdown = Shutdown::new();
    let interrupted = shutdown.clone();
    ctrlc::set_handler(move || interrupted.begin())?;
    Runtime::new()?.block_on(async {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], port)))?;
        println!("http://{}", listener.local_addr()?);
        let left = serve(listener, shutdown, Duration::from_secs(5)).await;
        println!("Ended; {left} connections were cut off.");
        Ok(())
    })
}
