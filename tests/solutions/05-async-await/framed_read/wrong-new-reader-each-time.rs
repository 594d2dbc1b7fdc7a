// expect: fail lost-bytes
//! Puts a buffered reader around the connection for each frame: what that has read too much goes with it.

use std::future::pending;
use std::io;

use async_await::{mpsc, race};
use futures::io::{AsyncRead, AsyncReadExt, BufReader};

pub const LONGEST: usize = 64 * 1024;

#[derive(Debug, PartialEq, Eq)]
pub enum Event {
    Frame(Vec<u8>),
    Order(String),
    End,
}

pub struct Frames<R> {
    reader: R,
}

impl<R: AsyncRead + Unpin + Send + 'static> Frames<R> {
    pub fn new(reader: R) -> Self {
        Self { reader }
    }

    pub async fn next_frame(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut reader = BufReader::new(&mut self.reader);
        let mut head = [0; 4];
        if reader.read(&mut head[..1]).await? == 0 {
            return Ok(None);
        }
        reader.read_exact(&mut head[1..]).await?;
        let length = u32::from_be_bytes(head) as usize;
        if length > LONGEST {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let mut frame = vec![0; length];
        reader.read_exact(&mut frame).await?;
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
