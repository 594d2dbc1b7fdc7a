// expect: pass
//! The course has it already: its `FramedRead`, with a codec that puts the length in front.

use std::future::pending;
use std::io;

use async_await::{FramedRead, LengthCodec, mpsc, next, race};
use futures::io::AsyncRead;

pub const LONGEST: usize = 64 * 1024;

#[derive(Debug, PartialEq, Eq)]
pub enum Event {
    Frame(Vec<u8>),
    Order(String),
    End,
}

pub struct Frames<R> {
    frames: FramedRead<R, LengthCodec>,
}

impl<R: AsyncRead + Unpin + Send + 'static> Frames<R> {
    pub fn new(reader: R) -> Self {
        Self {
            frames: FramedRead::new(reader, LengthCodec::new(LONGEST)),
        }
    }

    pub async fn next_frame(&mut self) -> io::Result<Option<Vec<u8>>> {
        Ok(next(&mut self.frames)
            .await
            .transpose()?
            .map(|frame| frame.to_vec()))
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
