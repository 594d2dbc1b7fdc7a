// expect: pass
//! A task reads, and nobody drops it in the middle. What is dropped is the wait at a channel.

use std::future::pending;
use std::io;
use std::marker::PhantomData;

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
    frames: mpsc::Receiver<io::Result<Vec<u8>>>,
    _reader: PhantomData<fn() -> R>,
}

impl<R: AsyncRead + Unpin + Send + 'static> Frames<R> {
    pub fn new(mut reader: R) -> Self {
        let (sender, frames) = mpsc::channel(1);
        let reading = executor::spawn(async move {
            while let Some(frame) = read_frame(&mut reader).await.transpose() {
                let is_over = frame.is_err();
                if sender.send(frame).await.is_err() || is_over {
                    return;
                }
            }
        });
        drop(reading);
        Self {
            frames,
            _reader: PhantomData,
        }
    }

    pub async fn next_frame(&mut self) -> io::Result<Option<Vec<u8>>> {
        self.frames.recv().await.transpose()
    }
}

async fn read_frame<R: AsyncRead + Unpin>(reader: &mut R) -> io::Result<Option<Vec<u8>>> {
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
