// expect: fail no-limit
//! Reserves as much as is announced, before it looks whether that can be.

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
    bytes: Vec<u8>,
}

impl<R: AsyncRead + Unpin + Send + 'static> Frames<R> {
    pub fn new(reader: R) -> Self {
        Self {
            reader,
            bytes: Vec::new(),
        }
    }

    pub async fn next_frame(&mut self) -> io::Result<Option<Vec<u8>>> {
        loop {
            if let Some(frame) = self.take()? {
                return Ok(Some(frame));
            }
            let mut chunk = [0; 1024];
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
    fn take(&mut self) -> io::Result<Option<Vec<u8>>> {
        let Some(head) = self.bytes.first_chunk::<4>() else {
            return Ok(None);
        };
        let length = u32::from_be_bytes(*head) as usize;
        self.bytes.reserve(length);
        if length > LONGEST {
            return Err(io::ErrorKind::InvalidData.into());
        }
        if self.bytes.len() < 4 + length {
            return Ok(None);
        }
        let frame = self.bytes[4..4 + length].to_vec();
        self.bytes.drain(..4 + length);
        Ok(Some(frame))
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
