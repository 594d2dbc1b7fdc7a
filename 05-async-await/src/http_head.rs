//! The head of an HTTP message out of bytes.
//!
//! It is parsed by the crate `httparse`, and the types are those of the crate `http`: neither is what
//! this course is about.

use std::io;

use bytes::{Buf, BytesMut};
use http::header::CONNECTION;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Version};
use httparse::Status;

use crate::http_body::{BodyLength, wrong};

/// How many headers a message may have.
const MOST_HEADERS: usize = 64;
/// How long a head may be, in bytes.
const LONGEST_HEAD: usize = 32 * 1024;

/// Takes the head of a request from the front of `bytes`, with what it says of the body behind it.
/// `None`: it has not come to its end yet, and nothing was taken.
pub(crate) fn request_head(bytes: &mut BytesMut) -> io::Result<Option<(Request<()>, BodyLength)>> {
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
    // The client waits for an answer: what has no end has no body.
    let body = BodyLength::announced(request.version(), request.headers())?;
    Ok(Some((request, body.unwrap_or(BodyLength::Exactly(0)))))
}

/// Takes the head of a response from the front of `bytes`, with what it says of the body behind it, as
/// an answer to a request with `method`. `None`: it has not come to its end yet, and nothing was taken.
pub(crate) fn response_head(
    bytes: &mut BytesMut,
    method: &Method,
) -> io::Result<Option<(Response<()>, BodyLength)>> {
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
    // These have none, whatever their headers say.
    let is_bodiless = *method == Method::HEAD
        || status.is_informational()
        || status == StatusCode::NO_CONTENT
        || status == StatusCode::NOT_MODIFIED;
    let body = match is_bodiless {
        true => BodyLength::Exactly(0),
        false => BodyLength::announced(response.version(), response.headers())?
            .unwrap_or(BodyLength::UntilClose),
    };
    Ok(Some((response, body)))
}

/// Whether the connection may serve for another message after this one, as far as its head says.
pub(crate) fn keeps_alive(version: Version, headers: &HeaderMap) -> bool {
    let says = |option: &str| {
        let values = headers.get_all(CONNECTION).iter();
        let mut options = values
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','));
        options.any(|one| one.trim().eq_ignore_ascii_case(option))
    };
    match version {
        Version::HTTP_10 => says("keep-alive") && !says("close"),
        _ => !says("close"),
    }
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
