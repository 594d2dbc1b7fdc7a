//! Where the body of an HTTP message ends.

use std::io;

use bytes::{Buf, BytesMut};
use http::HeaderMap;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use httparse::Status;

/// A body that arrives in pieces.
#[derive(Debug)]
pub(crate) struct Body {
    /// What has come.
    bytes: Vec<u8>,
    /// What is still to come.
    rest: Rest,
    /// The longest that may be.
    longest: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rest {
    /// So many bytes.
    Bytes(usize),
    /// A chunk, with its length before it.
    Chunk,
    /// So many bytes of a chunk, and after them its end of line and the next.
    InChunk(usize),
    /// The end of line behind a chunk.
    ChunkEnd,
    /// Lines, until an empty one.
    Trailer,
    /// Everything until the connection ends.
    All,
    /// Nothing.
    Over,
}

impl Body {
    /// A body as the head announces it; `unannounced` is what is assumed if it does not.
    pub(crate) fn new(headers: &HeaderMap, or_all: bool, longest: usize) -> io::Result<Self> {
        let rest = if let Some(coding) = headers.get(TRANSFER_ENCODING) {
            // A message with both is how one server is made to see another message than the next.
            if headers.contains_key(CONTENT_LENGTH)
                || !coding.as_bytes().eq_ignore_ascii_case(b"chunked")
            {
                return Err(wrong("this transfer encoding is not understood"));
            }
            Rest::Chunk
        } else {
            match content_length(headers)? {
                Some(length) if length > longest => return Err(too_long(longest)),
                Some(length) => Rest::Bytes(length),
                None if or_all => Rest::All,
                None => Rest::Over,
            }
        };
        Ok(Self {
            bytes: Vec::new(),
            rest,
            longest,
        })
    }

    /// No body, whatever the head says: the answer to a HEAD.
    pub(crate) fn none() -> Self {
        Self {
            bytes: Vec::new(),
            rest: Rest::Over,
            longest: 0,
        }
    }

    /// Takes what is of this body from the front of `input`. `true`: that was all.
    pub(crate) fn take_from(&mut self, input: &mut BytesMut) -> io::Result<bool> {
        loop {
            self.rest = match self.rest {
                Rest::Bytes(0) | Rest::Over => return Ok(true),
                Rest::Bytes(left) => Rest::Bytes(left - self.take(input, left)?),
                Rest::All => {
                    self.take(input, usize::MAX)?;
                    return Ok(false);
                }
                Rest::InChunk(0) => Rest::ChunkEnd,
                Rest::InChunk(left) => Rest::InChunk(left - self.take(input, left)?),
                Rest::Chunk => match httparse::parse_chunk_size(input) {
                    Ok(Status::Complete((head, 0))) => {
                        input.advance(head);
                        Rest::Trailer
                    }
                    Ok(Status::Complete((head, length))) => {
                        input.advance(head);
                        let length = usize::try_from(length).unwrap_or(usize::MAX);
                        if length > self.longest - self.bytes.len() {
                            return Err(too_long(self.longest));
                        }
                        Rest::InChunk(length)
                    }
                    Ok(Status::Partial) => return Ok(false),
                    Err(_) => return Err(wrong("this is no length of a chunk")),
                },
                Rest::ChunkEnd => match line(input)? {
                    Some(0) => Rest::Chunk,
                    Some(_) => return Err(wrong("a chunk is longer than it says")),
                    None => return Ok(false),
                },
                Rest::Trailer => match line(input)? {
                    Some(0) => Rest::Over,
                    Some(_) => Rest::Trailer,
                    None => return Ok(false),
                },
            };
            if input.is_empty() && !matches!(self.rest, Rest::Bytes(0) | Rest::Over) {
                return Ok(false);
            }
        }
    }

    /// Whether the end of the connection is the end of this body.
    pub(crate) fn may_end_here(&self) -> bool {
        matches!(self.rest, Rest::All | Rest::Bytes(0) | Rest::Over)
    }

    /// What has come.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Takes at most `most` bytes, and says how many.
    fn take(&mut self, input: &mut BytesMut, most: usize) -> io::Result<usize> {
        let count = most.min(input.len());
        if count > self.longest - self.bytes.len() {
            return Err(too_long(self.longest));
        }
        self.bytes.extend_from_slice(&input.split_to(count));
        Ok(count)
    }
}

/// The length that the head announces.
fn content_length(headers: &HeaderMap) -> io::Result<Option<usize>> {
    let mut lengths = headers.get_all(CONTENT_LENGTH).iter();
    let Some(length) = lengths.next() else {
        return Ok(None);
    };
    if lengths.any(|other| other != length) {
        return Err(wrong("two lengths of one body"));
    }
    // `parse` would take a `+`.
    let digits = length
        .to_str()
        .ok()
        .filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    let length = digits.and_then(|digits| digits.parse().ok());
    length.map(Some).ok_or_else(|| wrong("this is no length"))
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

pub(crate) fn wrong(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

fn too_long(longest: usize) -> io::Error {
    wrong(&format!("a body is longer than {longest} bytes"))
}
