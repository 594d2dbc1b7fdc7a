//! A TCP proxy: who connects here talks to somebody else.
//!
//! ```text
//! cargo run -p async-await --example proxy -- 127.0.0.1:8081 127.0.0.1:8080
//! ```
//!
//! It listens at the first address, and calls the second one for each connection. Start the example `http_server`
//! beside it, and ask `curl http://127.0.0.1:8081/` for a page. Expect a line for each connection, with what
//! went each way.

use std::env;
use std::error::Error;
use std::io;
use std::net::SocketAddr;

use async_await::proxy;
use reactor::{Runtime, TcpListener, TcpStream};

fn main() -> Result<(), Box<dyn Error>> {
    let mut addresses = env::args().skip(1);
    let here = addresses.next().unwrap_or_else(|| "127.0.0.1:8081".into());
    let there = addresses.next().unwrap_or_else(|| "127.0.0.1:8080".into());
    let (here, there): (SocketAddr, SocketAddr) = (here.parse()?, there.parse()?);
    Runtime::new()?.block_on(async {
        let listener = TcpListener::bind(here)?;
        println!("{} leads to {there}", listener.local_addr()?);
        loop {
            match listener.accept().await {
                Ok((stream, client)) => drop(executor::spawn(async move {
                    match serve(stream, there).await {
                        Ok((up, down)) => println!("{client}: {up} bytes there, {down} bytes back"),
                        Err(error) => println!("{client}: {error}"),
                    }
                })),
                // The next `accept` takes its time.
                Err(error) => eprintln!("nobody could be let in: {error}"),
            }
        }
    })
}

/// Leads one client on.
async fn serve(client: TcpStream, there: SocketAddr) -> io::Result<(u64, u64)> {
    let server = TcpStream::connect(there).await?;
    // What is passed on is not to wait for more.
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    proxy(client, server).await
}
