//! A connection that goes through us: what comes on one side leaves on the other, both ways at once.

use std::io;

use futures::future::try_join;
use futures::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy};

/// Passes bytes between two connections, until both directions have ended. Gives how many went from `left` to
/// `right`, and how many from `right` to `left`.
///
/// The two directions end each on its own. Who has said all that he has to say closes his half, and that is
/// passed on: the other side then reads to the end, and may still answer. To end both where one has ended
/// would cut that answer off; not to pass it on would leave somebody waiting for more.
///
/// Cancellation: dropped before it is ready, it drops both connections, and bytes may be lost on the way.
///
/// ```
/// use async_await::proxy;
/// use futures::{AsyncReadExt, AsyncWriteExt};
/// use reactor::{Runtime, TcpListener, TcpStream};
///
/// Runtime::new()?.block_on(async {
///     let any = "127.0.0.1:0".parse().unwrap();
///     let (door, server) = (TcpListener::bind(any)?, TcpListener::bind(any)?);
///     let mut client = TcpStream::connect(door.local_addr()?).await?;
///     let (left, _) = door.accept().await?;
///     let right = TcpStream::connect(server.local_addr()?).await?;
///     let passed = executor::spawn(proxy(left, right));
///
///     let (mut served, _) = server.accept().await?;
///     client.write_all(b"howdy?").await?;
///     client.close().await?; // nothing more from here …
///     let mut question = String::new();
///     served.read_to_string(&mut question).await?;
///     served.write_all(b"fine").await?; // … and the answer still arrives
///     served.close().await?;
///     let mut answer = String::new();
///     client.read_to_string(&mut answer).await?;
///     assert_eq!((question.as_str(), answer.as_str()), ("howdy?", "fine"));
///     assert_eq!(passed.await.unwrap()?, (6, 4));
///     Ok::<(), std::io::Error>(())
/// })?;
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// With the first error of either side. A direction that still goes on then is cut off: with a broken
/// connection on one side, there is nobody to go on for.
pub async fn proxy<L, R>(left: L, right: R) -> io::Result<(u64, u64)>
where
    L: AsyncRead + AsyncWrite,
    R: AsyncRead + AsyncWrite,
{
    let (from_left, to_left) = left.split();
    let (from_right, to_right) = right.split();
    try_join(pass_on(from_left, to_right), pass_on(from_right, to_left)).await
}

/// One direction: the bytes, and then the end.
async fn pass_on(from: impl AsyncRead, to: impl AsyncWrite) -> io::Result<u64> {
    let mut to = std::pin::pin!(to);
    let passed = copy(from, &mut to).await?;
    to.close().await?;
    Ok(passed)
}
