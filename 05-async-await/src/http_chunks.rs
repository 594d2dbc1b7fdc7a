//! A body in chunks: each has its length before it, and one of length zero is the last.

use std::io;

use bytes::{Buf, BytesMut};
use httparse::Status;

use crate::http_body::{LONGEST_BODY, too_long, wrong};

/// A body in chunks, as far as it has come.
///
/// The bytes that arrive are handed to [`take_from`](Self::take_from) in any pieces, until it says
/// that this was all.
#[derive(Debug, Default)]
pub(crate) struct Chunks {
    /// What the chunks that have come hold.
    body: Vec<u8>,
    /// What is to come next.
    next: Next,
}

#[derive(Clone, Copy, Debug, Default)]
enum Next {
    /// The length of a chunk.
    #[default]
    Length,
    /// So many bytes of a chunk.
    Bytes(usize),
    /// The end of line behind a chunk.
    LineEnd,
    /// Lines, until an empty one.
    Trailer,
    /// Nothing.
    Over,
}

impl Chunks {
    /// Takes what belongs to this body from the front of `input`. `true`: that was all of it, and what
    /// is still in `input` does not belong to it.
    pub(crate) fn take_from(&mut self, input: &mut BytesMut) -> io::Result<bool> {
        loop {
            self.next = match self.next {
                Next::Over => return Ok(true),
                Next::Length => match httparse::parse_chunk_size(input) {
                    Ok(Status::Complete((line, length))) => {
                        input.advance(line);
                        self.announced(length)?
                    }
                    Ok(Status::Partial) => return Ok(false),
                    Err(_) => return Err(wrong("this is no length of a chunk")),
                },
                Next::Bytes(0) => Next::LineEnd,
                Next::Bytes(_) if input.is_empty() => return Ok(false),
                Next::Bytes(left) => {
                    let part = input.split_to(left.min(input.len()));
                    self.body.extend_from_slice(&part);
                    Next::Bytes(left - part.len())
                }
                Next::LineEnd => match line(input)? {
                    Some(0) => Next::Length,
                    Some(_) => return Err(wrong("a chunk is longer than it says")),
                    None => return Ok(false),
                },
                Next::Trailer => match line(input)? {
                    Some(0) => Next::Over,
                    Some(_) => Next::Trailer,
                    None => return Ok(false),
                },
            };
        }
    }

    /// What the chunks have brought, put together.
    pub(crate) fn into_body(self) -> Vec<u8> {
        self.body
    }

    /// What comes after the line with this length.
    fn announced(&self, length: u64) -> io::Result<Next> {
        match usize::try_from(length) {
            Ok(0) => Ok(Next::Trailer),
            Ok(length) if length <= LONGEST_BODY - self.body.len() => Ok(Next::Bytes(length)),
            _ => Err(too_long()),
        }
    }
}

/// Takes a line, and says how long it was without its end.
fn line(input: &mut BytesMut) -> io::Result<Option<usize>> {
    /// A line in this place is empty, or a header that nobody reads.
    const LONGEST: usize = 8 * 1024;
    match input.iter().position(|byte| *byte == b'\n') {
        Some(end) => {
            let line = input.split_to(end + 1);
            let line = line.strip_suffix(b"\r\n").unwrap_or(&line[..end]);
            Ok(Some(line.len()))
        }
        None if input.len() > LONGEST => Err(wrong("a line without end")),
        None => Ok(None),
    }
}
