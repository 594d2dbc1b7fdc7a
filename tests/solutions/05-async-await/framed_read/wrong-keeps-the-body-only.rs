// expect: fail cancel-unsafe
//! Keeps the length, and what there is of the frame; the four bytes of the head are read as before (S5-07).

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
    length: Option<usize>,
    frame: Vec<u8>,
}

impl<R: AsyncRead + Unpin + Send + 'static> Frames<R> {
    pub fn new(reader: R) -> Self {
        Self {
            reader,
            length: None,
            frame: Vec::new(),
        }
    }

    pub async fn next_frame(&mut self) -> io::Result<Option<Vec<u8>>> {
        let length = match self.length {
            Some(length) => length,
            None => {
                let mut head = [0; 4];
                if self.reader.read(&mut head[..1]).await? == 0 {
                    return Ok(None);
                }
                self.reader.read_exact(&mut head[1..]).await?;
                u32::from_be_bytes(head) as usize
            }
        };
        if length > LONGEST {
            return Err(io::ErrorKind::InvalidData.into());
        }
        self.length = Some(length);
        while self.frame.len() < length {
            let mut chunk = vec![0; length - self.frame.len()];
            match self.reader.read(&mut chunk).await? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                count => self.frame.extend_from_slice(&chunk[..count]),
            }
        }
        self.length = None;
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
