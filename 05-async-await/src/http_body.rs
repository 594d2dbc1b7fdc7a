//! Where the body of an HTTP message ends.

use std::io;

use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{HeaderMap, Version};

/// How long a body may be, in bytes: nobody makes this program take more memory than that.
pub(crate) const LONGEST_BODY: usize = 16 << 20;

/// What the head says of the body behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyLength {
    /// It has so many bytes. Whether the connection goes on after them is another matter.
    Exactly(usize),
    /// It comes in pieces, each with its length before it: see [`Chunks`](crate::http_chunks::Chunks).
    Chunked,
    /// It has no length: it is all that comes before the other side closes.
    UntilClose,
}

impl BodyLength {
    /// What the headers say. `None`: nothing.
    pub(crate) fn announced(version: Version, headers: &HeaderMap) -> io::Result<Option<Self>> {
        let mut codings = headers.get_all(TRANSFER_ENCODING).iter();
        let Some(coding) = codings.next() else {
            return match content_length(headers)? {
                Some(length) if length > LONGEST_BODY => Err(too_long()),
                length => Ok(length.map(Self::Exactly)),
            };
        };
        // A message with two of these, with a length as well, or from before there were any, is how one
        // server is made to see another message than the next: *request smuggling*.
        let is_the_only_word = codings.next().is_none() && !headers.contains_key(CONTENT_LENGTH);
        if is_the_only_word
            && version == Version::HTTP_11
            && coding.as_bytes().eq_ignore_ascii_case(b"chunked")
        {
            return Ok(Some(Self::Chunked));
        }
        Err(wrong("this transfer encoding is not understood"))
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

/// What the other side says is no HTTP.
pub(crate) fn wrong(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// What the other side says is too much.
pub(crate) fn too_long() -> io::Error {
    wrong(&format!("a body is longer than {LONGEST_BODY} bytes"))
}
