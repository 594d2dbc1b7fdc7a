//! 5.6: one request, from a program that is not asynchronous.
//!
//! ```text
//! cargo run -p async-await --example cheapo_request                       # to a server of its own
//! cargo run -p async-await --example cheapo_request -- localhost 8080 /
//! ```
//!
//! Expect a status line, some headers (`connection: close` among them), an empty line and the page.

use std::error::Error;
use std::time::Duration;

use async_await::cheapo_request;
use reactor::Runtime;

#[path = "support/server.rs"]
mod server;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (host, port, path) = match &arguments[..] {
        [] => {
            let server = server::start(Duration::ZERO)?;
            (server.ip().to_string(), server.port(), "/index.html".into())
        }
        [host, port, path] => (host.clone(), port.parse()?, path.clone()),
        _ => return Err("say nothing, or a host, a port and a path".into()),
    };
    // From the one world into the other: this thread waits here for what is asynchronous inside.
    let answer = Runtime::new()?.block_on(cheapo_request(&host, port, &path))?;
    println!("{answer}");
    Ok(())
}
