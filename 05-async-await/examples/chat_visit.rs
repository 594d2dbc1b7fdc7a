//! 5.12: a visitor of a chat, who says something, listens for a while, and goes.
//!
//! ```text
//! cargo run -p async-await --example chat_visit -- 127.0.0.1:8088 rust 10 "Hello!" "Nobody here?"
//! ```
//!
//! It joins the group, posts the lines, and prints what is said there, its own lines among it. After so many seconds it
//! goes, however much is said: it is one deadline, and not one for each message.

use std::env;
use std::error::Error;
use std::net::SocketAddr;
use std::time::Duration;

use async_await::chat::{FromServer, visit};
use reactor::{Runtime, TcpStream};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args().skip(1);
    let mut next = |or: &str| args.next().unwrap_or_else(|| or.into());
    let address: SocketAddr = next("127.0.0.1:8088").parse()?;
    let group = next("rust");
    let limit = Duration::from_secs(next("10").parse()?);
    let hear = |message| match message {
        FromServer::Message { group, message } => println!("[{group}] {message}"),
        FromServer::Error(error) => println!("(the server says: {error})"),
    };
    Runtime::new()?.block_on(async {
        let connection = TcpStream::connect(address).await?;
        visit(connection, &group, args, limit, hear).await?;
        Ok(())
    })
}
