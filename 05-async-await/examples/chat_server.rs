//! 5.8: a chat server, which ends in good order with Ctrl-C.
//!
//! ```text
//! cargo run -p async-await --example chat_server -- 127.0.0.1:8088
//! ```
//!
//! Talk to it with the example `chat_client`, from as many terminals as you like. With Ctrl-C, nobody is let in any
//! more, the clients' connections are closed, and the server waits until the last task of a connection is over, at most
//! five seconds. A second Ctrl-C ends it at once.

use std::env;
use std::error::Error;
use std::net::SocketAddr;
use std::process;
use std::time::Duration;

use async_await::Shutdown;
use async_await::chat::{Groups, serve};
use reactor::{Runtime, TcpListener};

/// How long connections may take to end.
const GRACE: Duration = Duration::from_secs(5);

fn main() -> Result<(), Box<dyn Error>> {
    let address = env::args().nth(1);
    let address: SocketAddr = address.as_deref().unwrap_or("127.0.0.1:8088").parse()?;
    let shutdown = Shutdown::new();
    let ctrl_c = shutdown.clone();
    ctrlc::set_handler(move || {
        if ctrl_c.is_begun() {
            process::exit(130);
        }
        ctrl_c.begin();
    })?;
    Runtime::new()?.block_on(async {
        let listener = TcpListener::bind(address)?;
        println!("chatting at {}", listener.local_addr()?);
        match serve(listener, Groups::new(), shutdown, GRACE).await {
            0 => println!("goodbye"),
            left => println!("goodbye; {left} connections did not end in time"),
        }
        Ok(())
    })
}
