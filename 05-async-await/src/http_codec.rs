//! The server's side of HTTP/1: requests out of bytes, answers into bytes.
//!
//! A message may arrive in any pieces, and its end is where its head says, not where a read happened
//! to end.

use std::io;
use std::mem;

use bytes::BytesMut;
use http::header::EXPECT;
use http::{Request, Response, Version};

use crate::http_body::BodyLength;
use crate::http_chunks::Chunks;
use crate::http_head::request_head;
use crate::http_message::put_response;
use crate::{Decoder, Encoder};

/// Reads what a client sends, and writes answers.
#[derive(Debug, Default)]
pub struct ServerCodec {
    /// The head that has come, until its body has come too.
    begun: Option<(Request<()>, BodyLength)>,
    /// The body as far as it has come, if it comes in chunks.
    chunks: Chunks,
    /// Whether the client waits to be asked for the body.
    asks: bool,
}

/// What a server hears.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "it is moved twice and gone; a box would be an allocation for each request"
)]
pub enum Incoming {
    /// A request, complete.
    Request(Request<Vec<u8>>),
    /// A client has sent a head, and waits for a `100 Continue` before it sends the body.
    Asks,
}

/// A response, with what it answers to: a HEAD gets the head alone.
#[derive(Debug)]
pub struct Answer {
    /// What is answered.
    pub response: Response<Vec<u8>>,
    /// Whether the body is left out.
    pub head_only: bool,
}

impl Answer {
    /// The whole response.
    #[must_use]
    pub fn new(response: Response<Vec<u8>>) -> Self {
        Self {
            response,
            head_only: false,
        }
    }
}

impl ServerCodec {
    /// Whether the head of a request has come, and its body has not, or not all of it.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        self.begun.is_some()
    }

    /// The body, if all of it has come.
    fn body(&mut self, length: BodyLength, bytes: &mut BytesMut) -> io::Result<Option<Vec<u8>>> {
        Ok(match length {
            BodyLength::Exactly(length) if bytes.len() < length => None,
            BodyLength::Exactly(length) => Some(bytes.split_to(length).to_vec()),
            // A request has an end before the connection's: its head would have been refused.
            BodyLength::UntilClose => None,
            BodyLength::Chunked => {
                let is_complete = self.chunks.take_from(bytes)?;
                is_complete.then(|| mem::take(&mut self.chunks).into_body())
            }
        })
    }
}

impl Decoder for ServerCodec {
    type Item = Incoming;

    fn decode(&mut self, bytes: &mut BytesMut) -> io::Result<Option<Self::Item>> {
        if self.begun.is_none() {
            self.begun = request_head(bytes)?;
            let head = self.begun.as_ref().map(|(head, _)| head);
            self.asks = head.is_some_and(asks);
        }
        let Some((_, length)) = self.begun else {
            return Ok(None);
        };
        let Some(body) = self.body(length, bytes)? else {
            let asks = mem::take(&mut self.asks);
            return Ok(asks.then_some(Incoming::Asks));
        };
        let (head, _) = self.begun.take().expect("it has begun");
        Ok(Some(Incoming::Request(head.map(|()| body))))
    }

    fn decode_last(&mut self, bytes: &mut BytesMut) -> io::Result<Option<Self::Item>> {
        match self.decode(bytes)? {
            None if self.begun.is_some() || !bytes.is_empty() => {
                let message = "the connection ended in the middle of a message";
                Err(io::Error::new(io::ErrorKind::UnexpectedEof, message))
            }
            decoded => Ok(decoded),
        }
    }
}

impl Encoder<Answer> for ServerCodec {
    fn encode(&mut self, answer: &Answer, bytes: &mut BytesMut) -> io::Result<()> {
        put_response(&answer.response, answer.head_only, bytes)
    }
}

/// Whether a client waits to be asked for the body.
fn asks(head: &Request<()>) -> bool {
    let expects = head.headers().get(EXPECT);
    head.version() == Version::HTTP_11
        && expects.is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"100-continue"))
}
