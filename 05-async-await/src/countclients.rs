//! Clients of a count server: one after the other, a thread for each, or a task for each.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream as StdStream};
use std::thread;

use futures::io::{AsyncReadExt, AsyncWriteExt};
use reactor::TcpStream;

use crate::counting::number;
use crate::join_all;

/// What a client says.
const REQUEST: &[u8] = b"count me\n";

/// Asks for a number.
///
/// # Errors
///
/// If the connection fails, or ends without a number.
pub async fn ask(server: SocketAddr) -> io::Result<u64> {
    let mut stream = TcpStream::connect(server).await?;
    stream.write_all(REQUEST).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    number(&answer)
}

/// Asks for a number, and blocks the thread until it is there.
///
/// # Errors
///
/// As [`ask`].
pub fn ask_blocking(server: SocketAddr) -> io::Result<u64> {
    let mut stream = StdStream::connect(server)?;
    stream.write_all(REQUEST)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    number(&answer)
}

/// Asks so many times, the next time when the answer is there.
///
/// # Errors
///
/// With the first that fails.
pub fn sequential(server: SocketAddr, clients: usize) -> io::Result<Vec<u64>> {
    (0..clients).map(|_| ask_blocking(server)).collect()
}

/// Asks so many times at once, each time on a thread of its own.
///
/// # Errors
///
/// If one of them fails.
///
/// # Panics
///
/// Panics if the operating system has no thread left to give.
pub fn threaded(server: SocketAddr, clients: usize) -> io::Result<Vec<u64>> {
    thread::scope(|scope| {
        let threads: Vec<_> = (0..clients)
            .map(|_| scope.spawn(|| ask_blocking(server)))
            .collect();
        (threads.into_iter())
            .map(|thread| thread.join().expect("`ask_blocking` does not panic"))
            .collect()
    })
}

/// Asks so many times at once, on the thread of this task.
///
/// # Errors
///
/// If one of them fails.
pub async fn concurrent(server: SocketAddr, clients: usize) -> io::Result<Vec<u64>> {
    let answers = join_all((0..clients).map(|_| ask(server))).await;
    answers.into_iter().collect()
}
