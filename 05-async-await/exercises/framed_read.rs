//! # Half a frame: a read that is given up in the middle
//!
//! Frames come over a connection, each with its length in front: four bytes, the largest first. While the connection waits
//! for the next frame, its own side may have an order for it, so it waits for both, and takes what comes first. All goes well
//! until the order comes in the middle of a frame. From then on everything that is read is nonsense. Repair it.
//!
//! What is checked:
//!
//! 1. As before: `next_frame` gives one frame after the other, whole, however their bytes come: all at once, or one
//!    by one, with pauses anywhere. An empty frame is a frame.
//! 2. As before: `next_event` waits for a frame and for an order at the same time. Whichever comes wakes the waker of the
//!    latest poll; nobody is woken while nothing happens. When no more orders can come, the frames go on.
//! 3. Both futures may be dropped whenever they are `Pending`: after every single byte, and as often as one likes. The next
//!    one goes on where it was. Nothing that was read is lost, and no frame comes twice.
//! 4. If a frame and an order come at the same time, either is first, and the next call gives the other one.
//! 5. As before: the end of the connection is the end between two frames (`None`, `Event::End`), and the error `UnexpectedEof`
//!    in the middle of one. A length above `LONGEST` is the error `InvalidData`, before any memory is taken for it.
//!    An error of the reader is passed on.
//!
//! Settled: how you read is yours, and so is what lies in `Frames`: the course's own parts may be used, and tasks may be
//! spawned (that is what `Send + 'static` is for). What comes after an error, or after the end, is not checked.
//!
//! Read first: README.md, "Bytes become messages" and "Dropped in the middle". Do `stream` before this. About 25 minutes.
//!
//! Check: `cargo xtask check-stage 5 --exercise framed_read`. Stuck: `cargo xtask hint framed_read`.

use std::future::pending;
use std::io;

use async_await::{mpsc, race};
use futures::io::{AsyncRead, AsyncReadExt};

/// The longest frame, in bytes. Who announces a longer one has lost his way.
pub const LONGEST: usize = 64 * 1024;

/// What happens to a connection.
#[derive(Debug, PartialEq, Eq)]
pub enum Event {
    /// The other side has sent this.
    Frame(Vec<u8>),
    /// Our own side wants something.
    Order(String),
    /// The other side will send no more.
    End,
}

/// The frames that come over a connection.
pub struct Frames<R> {
    reader: R,
}

impl<R: AsyncRead + Unpin + Send + 'static> Frames<R> {
    /// Nothing was read from `reader` so far.
    pub fn new(reader: R) -> Self {
        Self { reader }
    }

    /// Waits for the next frame. `None` is the end.
    pub async fn next_frame(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut head = [0; 4];
        // The end may come here, and nowhere else.
        if self.reader.read(&mut head[..1]).await? == 0 {
            return Ok(None);
        }
        self.reader.read_exact(&mut head[1..]).await?;
        let length = u32::from_be_bytes(head) as usize;
        if length > LONGEST {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let mut frame = vec![0; length];
        self.reader.read_exact(&mut frame).await?;
        Ok(Some(frame))
    }
}

/// Waits for whatever comes first: the next frame, or an order.
pub async fn next_event<R>(
    frames: &mut Frames<R>,
    orders: &mut mpsc::Receiver<String>,
) -> io::Result<Event>
where
    R: AsyncRead + Unpin + Send + 'static,
{
    let order = async {
        match orders.recv().await {
            Some(order) => Ok(Event::Order(order)),
            // No more orders can come: only the frames are left.
            None => pending().await,
        }
    };
    let frame = async {
        let frame = frames.next_frame().await?;
        Ok(frame.map_or(Event::End, Event::Frame))
    };
    race(order, frame).await
}
