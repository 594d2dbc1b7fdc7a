//! A connection that goes through us: what comes on one side leaves on the other, both ways at once.

use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use futures::future::try_join;
use futures::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::budget::Budget;

/// How much is passed on at once.
const CHUNK: usize = 8 * 1024;

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
    let (mut from, mut to) = (pin!(from), pin!(to));
    let mut buffer = vec![0; CHUNK];
    let mut budget = Budget::default();
    let mut passed = 0;
    loop {
        let read = poll_fn(|cx| read_or_flush(from.as_mut(), to.as_mut(), cx, &mut buffer));
        let count = read.await?;
        if count == 0 {
            break;
        }
        to.write_all(&buffer[..count]).await?;
        passed += count as u64;
        budget.spend_one().await;
    }
    to.close().await?;
    Ok(passed)
}

/// Reads what there is. If there is nothing, it may be an answer that we wait for, to what was passed on: so
/// nothing of that must stay in a writer's buffer meanwhile.
fn read_or_flush(
    from: Pin<&mut impl AsyncRead>,
    to: Pin<&mut impl AsyncWrite>,
    cx: &mut Context<'_>,
    buffer: &mut [u8],
) -> Poll<io::Result<usize>> {
    if let Poll::Ready(read) = from.poll_read(cx, buffer) {
        return Poll::Ready(read);
    }
    match to.poll_flush(cx) {
        Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
        _ => Poll::Pending,
    }
}
