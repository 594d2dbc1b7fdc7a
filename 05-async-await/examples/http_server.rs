//! 5.7: an HTTP server, for `curl`, a browser or a load generator.
//!
//! ```text
//! cargo run --release -p async-await --example http_server            # any free port
//! cargo run --release -p async-await --example http_server -- 8080
//! ```
//!
//! It says where it listens, answers each request with its method, path and body, and runs until it is
//! interrupted (Ctrl-C): then it answers who is being served, and ends.

use std::error::Error;
use std::net::SocketAddr;
use std::time::Duration;

use async_await::{Shutdown, serve};
use http::{Request, Response};
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
        let left = serve(listener, answer, shutdown, Duration::from_secs(5)).await;
        println!("Ended; {left} connections were cut off.");
        Ok(())
    })
}

async fn answer(request: Request<Vec<u8>>) -> Response<Vec<u8>> {
    let mut text = format!("{} {}\n", request.method(), request.uri()).into_bytes();
    text.extend_from_slice(request.body());
    Response::new(text)
}
