//! HTTP/1 messages out of bytes and into bytes.
//!
//! The head is parsed by the crate `httparse`, and the types are those of the crate `http`: neither is
//! what this course is about. What it is about is that a message may arrive in any pieces, and that its
//! end is where its head says, not where a read happened to end.

use std::io::{self, Write};
use std::mem;

use bytes::{Buf, BufMut, BytesMut};
use http::header::{CONNECTION, CONTENT_LENGTH, EXPECT, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Version};
use httparse::Status;

use crate::http_body::{Body, wrong};
use crate::{Decoder, Encoder};

/// How many headers a message may have.
const MOST_HEADERS: usize = 64;
/// How long a head may be, in bytes.
const LONGEST_HEAD: usize = 32 * 1024;
/// How long a body may be, in bytes, unless somebody says otherwise.
const LONGEST_BODY: usize = 16 << 20;

/// The server's side: requests in, responses out.
#[derive(Debug, Default)]
pub struct ServerCodec {
    /// The head that has come, and its body as far as it has.
    begun: Option<(Request<()>, Body)>,
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

/// The client's side: responses in, requests out.
#[derive(Debug, Default)]
pub struct ClientCodec {
    /// The head that has come, and its body as far as it has.
    begun: Option<(Response<()>, Body)>,
    /// Whether the request was a HEAD: then the answer has no body, whatever it says.
    head_only: bool,
}

impl ClientCodec {
    /// For the answer to a request with this method.
    #[must_use]
    pub fn new(method: &Method) -> Self {
        Self {
            begun: None,
            head_only: *method == Method::HEAD,
        }
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
        let Some((_, body)) = &mut self.begun else {
            return Ok(None);
        };
        if !body.take_from(bytes)? {
            let asks = mem::take(&mut self.asks);
            return Ok(asks.then_some(Incoming::Asks));
        }
        let (head, body) = self.begun.take().expect("it has begun");
        let request = head.map(|()| body.into_bytes());
        Ok(Some(Incoming::Request(request)))
    }

    fn decode_last(&mut self, bytes: &mut BytesMut) -> io::Result<Option<Self::Item>> {
        match self.decode(bytes)? {
            None if self.begun.is_some() || !bytes.is_empty() => Err(cut_short()),
            decoded => Ok(decoded),
        }
    }
}

impl Decoder for ClientCodec {
    type Item = Response<Vec<u8>>;

    fn decode(&mut self, bytes: &mut BytesMut) -> io::Result<Option<Self::Item>> {
        while self.begun.is_none() {
            match response_head(bytes, self.head_only)? {
                // `100 Continue` and its kind announce that the answer is to come.
                Some((head, _)) if head.status().is_informational() => {}
                begun @ Some(_) => self.begun = begun,
                None => return Ok(None),
            }
        }
        let (_, body) = self.begun.as_mut().expect("it has begun");
        let is_complete = body.take_from(bytes)?;
        Ok(if is_complete { self.end() } else { None })
    }

    fn decode_last(&mut self, bytes: &mut BytesMut) -> io::Result<Option<Self::Item>> {
        if let Some(response) = self.decode(bytes)? {
            return Ok(Some(response));
        }
        match &self.begun {
            Some((_, body)) if body.may_end_here() => Ok(self.end()),
            None if bytes.is_empty() => Ok(None),
            _ => Err(cut_short()),
        }
    }
}

impl ClientCodec {
    /// The message, which is complete.
    fn end(&mut self) -> Option<Response<Vec<u8>>> {
        let (head, body) = self.begun.take()?;
        Some(head.map(|()| body.into_bytes()))
    }
}

fn cut_short() -> io::Error {
    let message = "the connection ended in the middle of a message";
    io::Error::new(io::ErrorKind::UnexpectedEof, message)
}

/// Whether a client waits to be asked for the body.
fn asks(head: &Request<()>) -> bool {
    let expects = head.headers().get(EXPECT);
    head.version() == Version::HTTP_11
        && expects.is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"100-continue"))
}

/// The head of a request, if it has come.
fn request_head(bytes: &mut BytesMut) -> io::Result<Option<(Request<()>, Body)>> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut head = httparse::Request::new(&mut headers);
    let Status::Complete(length) = complete(head.parse(bytes), bytes.len())? else {
        return Ok(None);
    };
    let mut request = Request::new(());
    *request.method_mut() =
        (head.method.unwrap_or_default().parse()).map_err(|_| wrong("this is no method"))?;
    *request.uri_mut() =
        (head.path.unwrap_or_default().parse()).map_err(|_| wrong("this is no path"))?;
    *request.version_mut() = version(head.version);
    *request.headers_mut() = header_map(head.headers)?;
    bytes.advance(length);
    let body = Body::new(request.headers(), false, LONGEST_BODY)?;
    Ok(Some((request, body)))
}

/// The head of a response, if it has come.
fn response_head(
    bytes: &mut BytesMut,
    head_only: bool,
) -> io::Result<Option<(Response<()>, Body)>> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut head = httparse::Response::new(&mut headers);
    let Status::Complete(length) = complete(head.parse(bytes), bytes.len())? else {
        return Ok(None);
    };
    let mut response = Response::new(());
    *response.status_mut() = (StatusCode::from_u16(head.code.unwrap_or_default()))
        .map_err(|_| wrong("this is no status"))?;
    *response.version_mut() = version(head.version);
    *response.headers_mut() = header_map(head.headers)?;
    bytes.advance(length);
    let status = response.status();
    let body = match head_only
        || status.is_informational()
        || status == StatusCode::NO_CONTENT
        || status == StatusCode::NOT_MODIFIED
    {
        true => Body::none(),
        false => Body::new(response.headers(), true, LONGEST_BODY)?,
    };
    Ok(Some((response, body)))
}

/// What the parser says, with a limit to what it may wait for.
fn complete(parsed: httparse::Result<usize>, length: usize) -> io::Result<Status<usize>> {
    match parsed {
        Err(error) => Err(io::Error::new(io::ErrorKind::InvalidData, error)),
        Ok(Status::Partial) if length > LONGEST_HEAD => Err(wrong("a head is too long")),
        Ok(status) => Ok(status),
    }
}

fn version(minor: Option<u8>) -> Version {
    match minor {
        Some(0) => Version::HTTP_10,
        _ => Version::HTTP_11,
    }
}

fn header_map(headers: &[httparse::Header<'_>]) -> io::Result<HeaderMap> {
    let mut map = HeaderMap::with_capacity(headers.len());
    for header in headers {
        let name = HeaderName::from_bytes(header.name.as_bytes());
        let value = HeaderValue::from_bytes(header.value);
        let (Ok(name), Ok(value)) = (name, value) else {
            return Err(wrong("this is no header"));
        };
        map.append(name, value);
    }
    Ok(map)
}

/// Whether the connection serves for another message after this one.
pub(crate) fn keeps_alive(version: Version, headers: &HeaderMap) -> bool {
    let says = |option: &str| {
        let values = headers.get_all(CONNECTION).iter();
        let mut options = values
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','));
        options.any(|one| one.trim().eq_ignore_ascii_case(option))
    };
    match version {
        Version::HTTP_10 => says("keep-alive"),
        _ => !says("close"),
    }
}

impl Encoder<Request<Vec<u8>>> for ClientCodec {
    fn encode(&mut self, request: &Request<Vec<u8>>, bytes: &mut BytesMut) -> io::Result<()> {
        let path = request
            .uri()
            .path_and_query()
            .map_or("/", |path| path.as_str());
        let mut head = bytes.writer();
        write!(head, "{} {path} HTTP/1.1\r\n", request.method())?;
        let is_bodiless =
            request.body().is_empty() && matches!(*request.method(), Method::GET | Method::HEAD);
        put_headers(
            request.headers(),
            (!is_bodiless).then_some(request.body().len()),
            bytes,
        );
        bytes.extend_from_slice(request.body());
        Ok(())
    }
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

impl Encoder<Answer> for ServerCodec {
    fn encode(&mut self, answer: &Answer, bytes: &mut BytesMut) -> io::Result<()> {
        let Answer {
            response,
            head_only,
        } = answer;
        write!(bytes.writer(), "HTTP/1.1 {}\r\n", response.status())?;
        let status = response.status();
        let has_body = !status.is_informational() && status != StatusCode::NO_CONTENT;
        put_headers(
            response.headers(),
            has_body.then_some(response.body().len()),
            bytes,
        );
        if has_body && !head_only {
            bytes.extend_from_slice(response.body());
        }
        Ok(())
    }
}

/// The headers, the length of the body, and the empty line.
fn put_headers(headers: &HeaderMap, length: Option<usize>, bytes: &mut BytesMut) {
    let given = headers
        .iter()
        .filter(|(name, _)| **name != CONTENT_LENGTH && **name != TRANSFER_ENCODING);
    for (name, value) in given {
        bytes.extend_from_slice(name.as_str().as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    if let Some(length) = length {
        bytes.extend_from_slice(format!("content-length: {length}\r\n").as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
}
