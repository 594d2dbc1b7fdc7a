//! Messages out of a stream of bytes.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::BytesMut;
use futures::Stream;
use futures::io::AsyncRead;

use crate::Decoder;

/// How much is read at once.
const CHUNK: usize = 8 * 1024;

/// The messages that a reader brings, as a stream of `io::Result`s. It ends with the reader, or with
/// the first error.
///
/// Cancellation: what was read and is no message yet stays here, not in the future that waits for
/// the next message. Dropping that one loses nothing.
///
/// ```
/// use async_await::{FramedRead, LinesCodec, next};
///
/// let bytes = &b"one\ntwo"[..];
/// let mut lines = FramedRead::new(bytes, LinesCodec::new(80));
/// executor::block_on(async {
///     assert_eq!(next(&mut lines).await.unwrap().unwrap(), "one");
///     assert_eq!(next(&mut lines).await.unwrap().unwrap(), "two");
///     assert!(next(&mut lines).await.is_none());
/// });
/// ```
pub struct FramedRead<R, D> {
    /// Where the bytes come from.
    reader: R,
    /// Knows where a message ends.
    decoder: D,
    /// What was read and is no message yet.
    bytes: BytesMut,
    /// What else may come.
    stage: Stage,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// More bytes.
    Open,
    /// No more bytes, but messages in those that are here.
    Ended,
    /// Nothing.
    Over,
}

impl<R, D> FramedRead<R, D> {
    /// Nothing is read before the first poll.
    pub fn new(reader: R, decoder: D) -> Self {
        Self {
            reader,
            decoder,
            bytes: BytesMut::new(),
            stage: Stage::Open,
        }
    }

    /// Whether the reader has come to its end.
    pub fn has_ended(&self) -> bool {
        self.stage != Stage::Open
    }

    /// Whoever knows where a message ends, and perhaps what has come of the next one.
    pub fn decoder(&self) -> &D {
        &self.decoder
    }

    /// The reader, and the bytes that were read from it and given to nobody.
    pub fn into_parts(self) -> (R, BytesMut) {
        (self.reader, self.bytes)
    }
}

// What is pinned is the reader, and it may be moved.
impl<R: Unpin, D> Unpin for FramedRead<R, D> {}

impl<R: AsyncRead + Unpin, D: Decoder> FramedRead<R, D> {
    fn poll_message(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Option<D::Item>>> {
        loop {
            match self.stage {
                Stage::Open => {
                    if let Some(message) = self.decoder.decode(&mut self.bytes)? {
                        return Poll::Ready(Ok(Some(message)));
                    }
                    ready!(self.poll_fill(cx))?;
                }
                Stage::Ended => return Poll::Ready(self.decoder.decode_last(&mut self.bytes)),
                Stage::Over => return Poll::Ready(Ok(None)),
            }
        }
    }

    /// Reads what there is.
    fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let filled = self.bytes.len();
        self.bytes.resize(filled + CHUNK, 0);
        let read = Pin::new(&mut self.reader).poll_read(cx, &mut self.bytes[filled..]);
        let count = match &read {
            Poll::Ready(Ok(count)) => *count,
            _ => 0,
        };
        self.bytes.truncate(filled + count);
        if ready!(read)? == 0 {
            self.stage = Stage::Ended;
        }
        Poll::Ready(Ok(()))
    }
}

impl<R: AsyncRead + Unpin, D: Decoder> Stream for FramedRead<R, D> {
    type Item = io::Result<D::Item>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let message = ready!(self.poll_message(cx));
        if !matches!(message, Ok(Some(_))) {
            self.stage = Stage::Over;
        }
        Poll::Ready(message.transpose())
    }
}

impl<R, D> fmt::Debug for FramedRead<R, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FramedRead")
            .field("buffered", &self.bytes.len())
            .finish_non_exhaustive()
    }
}
