//! Where a message begins and ends in a stream of bytes.
//!
//! TCP delivers bytes, not messages: what was written in one piece may arrive in five, and five in
//! one. A codec finds the borders again.

use std::io;

use bytes::{Buf, BufMut, BytesMut};

/// Finds messages in bytes.
pub trait Decoder {
    /// A message.
    type Item;

    /// Takes one message from the front of `bytes`, or nothing, if it is not all there yet.
    ///
    /// # Errors
    ///
    /// If this can be no message, whatever comes.
    fn decode(&mut self, bytes: &mut BytesMut) -> io::Result<Option<Self::Item>>;

    /// As [`decode`](Self::decode), when nothing more will come.
    ///
    /// # Errors
    ///
    /// `UnexpectedEof` if what is left is a part of a message.
    fn decode_last(&mut self, bytes: &mut BytesMut) -> io::Result<Option<Self::Item>> {
        match self.decode(bytes)? {
            None if !bytes.is_empty() => Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "the connection ended in the middle of a message",
            )),
            decoded => Ok(decoded),
        }
    }
}

/// Makes bytes of messages.
pub trait Encoder<Item: ?Sized> {
    /// Adds a message to the end of `bytes`.
    ///
    /// # Errors
    ///
    /// If this cannot be said in this way; then nothing was added.
    fn encode(&mut self, item: &Item, bytes: &mut BytesMut) -> io::Result<()>;
}

/// One message a line. The last line needs no end.
///
/// ```
/// use async_await::{Decoder, LinesCodec};
///
/// let mut codec = LinesCodec::new(80);
/// let mut bytes = bytes::BytesMut::from("howdy\r\ndo");
/// assert_eq!(codec.decode(&mut bytes).unwrap().as_deref(), Some("howdy"));
/// assert_eq!(codec.decode(&mut bytes).unwrap(), None);
/// bytes.extend_from_slice(b"ne!\n");
/// assert_eq!(codec.decode(&mut bytes).unwrap().as_deref(), Some("done!"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct LinesCodec {
    /// The longest line, in bytes: what comes from outside needs a limit.
    longest: usize,
    /// So many bytes were searched for an end of line already.
    searched: usize,
}

impl LinesCodec {
    /// For lines of at most so many bytes.
    #[must_use]
    pub fn new(longest: usize) -> Self {
        Self {
            longest,
            searched: 0,
        }
    }
}

impl Decoder for LinesCodec {
    type Item = String;

    fn decode(&mut self, bytes: &mut BytesMut) -> io::Result<Option<String>> {
        let end = (bytes[self.searched..].iter()).position(|byte| *byte == b'\n');
        let Some(end) = end else {
            self.searched = bytes.len();
            // One byte more may be the `\r` of its end.
            if bytes.len() > self.longest.saturating_add(1) {
                return Err(too_long("a line", self.longest));
            }
            return Ok(None);
        };
        let line = bytes.split_to(self.searched + end);
        bytes.advance(1);
        self.searched = 0;
        text(&line, self.longest).map(Some)
    }

    fn decode_last(&mut self, bytes: &mut BytesMut) -> io::Result<Option<String>> {
        if let Some(line) = self.decode(bytes)? {
            return Ok(Some(line));
        }
        self.searched = 0;
        let line = bytes.split();
        match line.is_empty() {
            true => Ok(None),
            false => text(&line, self.longest).map(Some),
        }
    }
}

/// A line without its end.
fn text(line: &[u8], longest: usize) -> io::Result<String> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if line.len() > longest {
        return Err(too_long("a line", longest));
    }
    let text = std::str::from_utf8(line);
    let text = text.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
    Ok(text.to_owned())
}

impl Encoder<str> for LinesCodec {
    fn encode(&mut self, line: &str, bytes: &mut BytesMut) -> io::Result<()> {
        if line.contains('\n') {
            let message = "a line cannot contain an end of line";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        bytes.extend_from_slice(line.as_bytes());
        bytes.put_u8(b'\n');
        Ok(())
    }
}

/// Before each message its length: four bytes, the largest first.
#[derive(Clone, Copy, Debug)]
pub struct LengthCodec {
    /// The longest message, in bytes.
    longest: usize,
}

impl LengthCodec {
    /// For messages of at most so many bytes.
    #[must_use]
    pub fn new(longest: usize) -> Self {
        Self { longest }
    }
}

impl Decoder for LengthCodec {
    type Item = BytesMut;

    fn decode(&mut self, bytes: &mut BytesMut) -> io::Result<Option<BytesMut>> {
        const HEAD: usize = size_of::<u32>();
        let Some(head) = bytes.first_chunk::<HEAD>() else {
            return Ok(None);
        };
        let length = u32::from_be_bytes(*head) as usize;
        // Before it has come: nobody reserves four gigabytes on somebody's word.
        if length > self.longest {
            return Err(too_long("a message", self.longest));
        }
        if bytes.len() < HEAD + length {
            return Ok(None);
        }
        bytes.advance(HEAD);
        Ok(Some(bytes.split_to(length)))
    }
}

impl Encoder<[u8]> for LengthCodec {
    fn encode(&mut self, message: &[u8], bytes: &mut BytesMut) -> io::Result<()> {
        let length = u32::try_from(message.len()).ok();
        let fits = length.filter(|_| message.len() <= self.longest);
        bytes.put_u32(fits.ok_or_else(|| too_long("a message", self.longest))?);
        bytes.extend_from_slice(message);
        Ok(())
    }
}

fn too_long(what: &str, longest: usize) -> io::Error {
    let message = format!("{what} is longer than {longest} bytes");
    io::Error::new(io::ErrorKind::InvalidData, message)
}
