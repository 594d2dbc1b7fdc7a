// expect: pass
//! Reads into its own fields, first the head and then the rest, and no byte more than it needs.

use std::future::pending;
use std::io;

use async_await::{mpsc, race};
use futures::io::{AsyncRead, AsyncReadExt};

pub const LONGEST: usize = 64 * 1024;

#[derive(Debug, PartialEq, Eq)]
pub enum Event {
    Frame(Vec<u8>),
    Order(String),
    End,
}

pub struct Frames<R> {
    reader: R,
    head: [u8; 4],
    frame: Vec<u8>,
    filled: usize,
}

impl<R: AsyncRead + Unpin + Send + 'static> Frames<R> {
    pub fn new(reader: R) -> Self {
        Self {
            reader,
            head: [0; 4],
            frame: Vec::new(),
            filled: 0,
        }
    }

    pub async fn next_frame(&mut self) -> io::Result<Option<Vec<u8>>> {
        while self.filled < 4 {
            match self.reader.read(&mut self.head[self.filled..]).await? {
                0 if self.filled == 0 => return Ok(None),
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                count => self.filled += count,
            }
        }
        let length = u32::from_be_bytes(self.head) as usize;
        if length > LONGEST {
            return Err(io::ErrorKind::InvalidData.into());
        }
        self.frame.resize(length, 0);
        while self.filled < 4 + length {
            match self.reader.read(&mut self.frame[self.filled - 4..]).await? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                count => self.filled += count,
            }
        }
        self.filled = 0;
        Ok(Some(std::mem::take(&mut self.frame)))
    }
}

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
            None => pending().await,
        }
    };
    let frame = async {
        let frame = frames.next_frame().await?;
        Ok(frame.map_or(Event::End, Event::Frame))
    };
    race(order, frame).await
}
