//! Frames that are put together where no future can take them along.

use std::future::pending;
use std::io;

use async_await::{mpsc, race};
use futures::io::{AsyncRead, AsyncReadExt};

/// The longest frame, in bytes. Who announces a longer one has lost his way.
pub const LONGEST: usize = 64 * 1024;

/// How much is read at once.
const CHUNK: usize = 1024;

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
    /// What was read and given to nobody: it outlives the future that has read it.
    bytes: Vec<u8>,
}

impl<R: AsyncRead + Unpin + Send + 'static> Frames<R> {
    /// Nothing was read from `reader` so far.
    pub fn new(reader: R) -> Self {
        Self {
            reader,
            bytes: Vec::new(),
        }
    }

    /// Waits for the next frame. `None` is the end.
    ///
    /// Cancellation: what was read stays here. There is one await, and what it gives is kept in the same poll.
    pub async fn next_frame(&mut self) -> io::Result<Option<Vec<u8>>> {
        loop {
            if let Some(frame) = self.take_frame()? {
                return Ok(Some(frame));
            }
            let mut chunk = [0; CHUNK];
            let count = self.reader.read(&mut chunk).await?;
            self.bytes.extend_from_slice(&chunk[..count]);
            if count == 0 {
                return match self.bytes.is_empty() {
                    true => Ok(None),
                    false => Err(io::ErrorKind::UnexpectedEof.into()),
                };
            }
        }
    }

    /// The frame at the front, if all of it is here.
    fn take_frame(&mut self) -> io::Result<Option<Vec<u8>>> {
        const HEAD: usize = size_of::<u32>();
        let Some(head) = self.bytes.first_chunk::<HEAD>() else {
            return Ok(None);
        };
        let length = u32::from_be_bytes(*head) as usize;
        if length > LONGEST {
            return Err(io::ErrorKind::InvalidData.into());
        }
        if self.bytes.len() < HEAD + length {
            return Ok(None);
        }
        let mut frame: Vec<u8> = self.bytes.drain(..HEAD + length).collect();
        frame.drain(..HEAD);
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
