// expect: fail no-limit
//! Makes room for what is announced, up to sixteen MiB, and looks afterwards whether that can be.

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
    /// What was read of the frame so far, head included.
    buffer: Vec<u8>,
    filled: usize,
}

impl<R: AsyncRead + Unpin + Send + 'static> Frames<R> {
    /// Nothing was read from `reader` so far.
    pub fn new(reader: R) -> Self {
        Self {
            reader,
            buffer: vec![0; 4],
            filled: 0,
        }
    }

    /// Waits for the next frame. `None` is the end.
    pub async fn next_frame(&mut self) -> io::Result<Option<Vec<u8>>> {
        loop {
            if self.filled == self.buffer.len() {
                let length =
                    u32::from_be_bytes(self.buffer[..4].try_into().expect("four bytes")) as usize;
                self.buffer.resize(4 + length.min(1 << 24), 0);
                if length > LONGEST {
                    return Err(io::ErrorKind::InvalidData.into());
                }
                if self.filled == 4 + length {
                    let frame = self.buffer.split_off(4);
                    self.filled = 0;
                    return Ok(Some(frame));
                }
                self.buffer.resize(4 + length, 0);
            }
            let read = self.reader.read(&mut self.buffer[self.filled..]).await?;
            if read == 0 {
                return if self.filled == 0 {
                    Ok(None)
                } else {
                    Err(io::ErrorKind::UnexpectedEof.into())
                };
            }
            self.filled += read;
        }
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
