//! 5.8: a chat client for the terminal.
//!
//! ```text
//! cargo run -p async-await --example chat_client -- 127.0.0.1:8088
//! join rust
//! post rust Hello, everybody!
//! ```
//!
//! It sends what you type, and prints what the server says, whichever comes first. It ends with your input (Ctrl-D; on
//! Windows Ctrl-Z and Enter), or with the connection.

use std::env;
use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::thread;

use async_await::chat::{FromClient, FromServer, LONGEST_LINE, LONGEST_SERVER_LINE, line, message};
use async_await::{Either, FramedRead, FramedWrite, LinesCodec, mpsc, next, select};
use futures::SinkExt;
use futures::io::{AsyncRead, AsyncReadExt, AsyncWrite};
use reactor::{Runtime, TcpStream};

fn main() -> Result<(), Box<dyn Error>> {
    let address = env::args().nth(1);
    let address: SocketAddr = address.as_deref().unwrap_or("127.0.0.1:8088").parse()?;
    Runtime::new()?.block_on(async {
        let stream = TcpStream::connect(address).await?;
        let (reader, writer) = stream.split();
        // Which of the two ends first ends the program.
        match select(Box::pin(hear(reader)), Box::pin(say(writer))).await {
            Either::Left((heard, _)) => heard?,
            Either::Right((said, _)) => said?,
        }
        Ok(())
    })
}

/// Prints what the server says, until it closes.
async fn hear(reader: impl AsyncRead + Unpin) -> io::Result<()> {
    let mut lines = FramedRead::new(reader, LinesCodec::new(LONGEST_SERVER_LINE));
    while let Some(line) = next(&mut lines).await {
        match message(&line?)? {
            FromServer::Message { group, message } => println!("[{group}] {message}"),
            FromServer::Error(error) => println!("(the server says: {error})"),
        }
    }
    println!("(the server has closed the connection)");
    Ok(())
}

/// Sends what is typed, until there is no more.
async fn say(writer: impl AsyncWrite + Unpin) -> io::Result<()> {
    let mut lines = FramedWrite::new(writer, LinesCodec::new(LONGEST_LINE));
    let mut typed = typed();
    while let Some(text) = typed.recv().await {
        match command(&text?) {
            Some(command) => lines.send(line(&command).as_str()).await?,
            None => println!("(say: join GROUP, or: post GROUP MESSAGE)"),
        }
    }
    Ok(())
}

/// The lines that are typed, from a thread: no system tells when somebody will have typed something, on every kind of
/// input. The thread may be left in the middle of a `read_line`, so it does not come from the pool, whose threads are
/// waited for.
fn typed() -> mpsc::Receiver<io::Result<String>> {
    let (sender, typed) = mpsc::channel(1);
    thread::spawn(move || {
        for line in io::stdin().lines() {
            // Blocks this thread until the last one was taken.
            if executor::block_on(sender.send(line)).is_err() {
                return;
            }
        }
    });
    typed
}

/// What somebody wants who types this.
fn command(text: &str) -> Option<FromClient> {
    let (command, rest) = text.trim().split_once(' ')?;
    match (command, rest.trim().split_once(' ')) {
        ("join", None) => Some(FromClient::Join {
            group: rest.trim().into(),
        }),
        ("post", Some((group, message))) => Some(FromClient::Post {
            group: group.into(),
            message: message.trim().into(),
        }),
        _ => None,
    }
}
