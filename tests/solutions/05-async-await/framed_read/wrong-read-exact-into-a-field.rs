// expect: fail cancel-unsafe
//! Reads into fields, but with `read_exact`, which knows only by itself how far it has come (S5-07; n0-computer/iroh#2572).

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
}

impl<R: AsyncRead + Unpin + Send + 'static> Frames<R> {
    pub fn new(reader: R) -> Self {
        Self {
            reader,
            head: [0; 4],
            frame: Vec::new(),
        }
    }

    pub async fn next_frame(&mut self) -> io::Result<Option<Vec<u8>>> {
        if self.reader.read(&mut self.head[..1]).await? == 0 {
            return Ok(None);
        }
        self.reader.read_exact(&mut self.head[1..]).await?;
        let length = u32::from_be_bytes(self.head) as usize;
        if length > LONGEST {
            return Err(io::ErrorKind::InvalidData.into());
        }
        self.frame.resize(length, 0);
        self.reader.read_exact(&mut self.frame).await?;
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
