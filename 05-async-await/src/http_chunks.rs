//! A body in chunks: each has its length before it, and one of length zero is the last.
//!
//! What is not exactly as it should be is refused, also where it would be easy to guess what is meant. Between a
//! client and a server there are others who read the same bytes; and where two of them guess differently, what is
//! the body of one request to the one is another request to the other.

use std::io;

use bytes::BytesMut;

use crate::http_body::{LONGEST_BODY, too_long, wrong};

/// How long a line may be, in bytes.
const LONGEST_LINE: usize = 8 * 1024;

/// How much may come that is no part of the body, in bytes: extensions of the lengths, and trailers. Nobody reads
/// either, and a client could send them for ever.
const MOST_ASIDE: usize = 16 * 1024;

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
    /// How much has come that is no part of the body.
    aside: usize,
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
                Next::Bytes(0) => Next::LineEnd,
                Next::Bytes(_) if input.is_empty() => return Ok(false),
                Next::Bytes(left) => {
                    let part = input.split_to(left.min(input.len()));
                    self.body.extend_from_slice(&part);
                    Next::Bytes(left - part.len())
                }
                Next::Length | Next::LineEnd | Next::Trailer => match line(input)? {
                    Some(line) => self.after(&line)?,
                    None => return Ok(false),
                },
            };
        }
    }

    /// What the chunks have brought, put together.
    pub(crate) fn into_body(self) -> Vec<u8> {
        self.body
    }

    /// What comes after this line.
    fn after(&mut self, line: &[u8]) -> io::Result<Next> {
        match self.next {
            Next::Length => {
                let (length, digits) = chunk_length(line)?;
                self.put_aside(line.len() - digits)?;
                match length {
                    0 => Ok(Next::Trailer),
                    _ if length <= LONGEST_BODY - self.body.len() => Ok(Next::Bytes(length)),
                    _ => Err(too_long()),
                }
            }
            Next::LineEnd if line.is_empty() => Ok(Next::Length),
            Next::Trailer if line.is_empty() => Ok(Next::Over),
            Next::Trailer => {
                self.put_aside(line.len())?;
                Ok(Next::Trailer)
            }
            _ => Err(wrong("a chunk is longer than it says")),
        }
    }

    fn put_aside(&mut self, bytes: usize) -> io::Result<()> {
        self.aside += bytes;
        match self.aside <= MOST_ASIDE {
            true => Ok(()),
            false => Err(wrong("too much comes that is no part of the body")),
        }
    }
}

/// The length that a line gives, and with how many digits. An extension may follow, behind a semicolon.
fn chunk_length(line: &[u8]) -> io::Result<(usize, usize)> {
    let digits = line.split(|byte| *byte == b';').next().unwrap_or_default();
    let digits = digits.trim_ascii_end();
    // `from_str_radix` would take a `+`.
    let digits = str::from_utf8(digits)
        .ok()
        .filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()) && text.len() <= 16);
    let length = digits.and_then(|digits| {
        let length = usize::from_str_radix(digits, 16).ok()?;
        Some((length, digits.len()))
    });
    length.ok_or_else(|| wrong("this is no length of a chunk"))
}

/// Takes a line, and gives it without its end, which is `\r\n` and nothing else.
fn line(input: &mut BytesMut) -> io::Result<Option<BytesMut>> {
    let Some(end) = input.iter().position(|byte| *byte == b'\n') else {
        return match input.len() <= LONGEST_LINE {
            true => Ok(None),
            false => Err(wrong("a line without end")),
        };
    };
    let mut line = input.split_to(end + 1);
    match line.iter().position(|byte| *byte == b'\r') {
        Some(end) if end + 2 == line.len() => {
            line.truncate(end);
            Ok(Some(line))
        }
        _ => Err(wrong("a line does not end as it should")),
    }
}
