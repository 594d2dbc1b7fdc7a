//! HTTP messages into bytes.

use std::io::{self, Write};

use bytes::{BufMut, BytesMut};
use http::header::{CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};

/// A GET of `path`.
///
/// # Panics
///
/// Panics if `path` or `host` cannot be in a request.
#[must_use]
pub fn get(host: &str, path: &str) -> Request<Vec<u8>> {
    let host = HeaderValue::from_str(host).expect("a host is a header's value");
    let request = Request::get(path).header(HOST, host).body(Vec::new());
    request.expect("a path begins with a slash")
}

/// A request as it goes over the line, with its body and the header that says how long that is.
pub(crate) fn request_bytes(request: &Request<Vec<u8>>) -> BytesMut {
    let mut bytes = BytesMut::new();
    let path = request.uri().path_and_query();
    let path = path.map_or("/", |path| path.as_str());
    for part in [request.method().as_str(), " ", path, " HTTP/1.1\r\n"] {
        bytes.extend_from_slice(part.as_bytes());
    }
    let is_bodiless =
        request.body().is_empty() && matches!(*request.method(), Method::GET | Method::HEAD);
    let length = (!is_bodiless).then_some(request.body().len());
    put_headers(request.headers(), length, &mut bytes);
    bytes.extend_from_slice(request.body());
    bytes
}

/// A response as it goes over the line. `head_only`: the answer to a HEAD has no body.
pub(crate) fn put_response(
    response: &Response<Vec<u8>>,
    head_only: bool,
    bytes: &mut BytesMut,
) -> io::Result<()> {
    write!(bytes.writer(), "HTTP/1.1 {}\r\n", response.status())?;
    let status = response.status();
    // A client reads none after these: it would take a body for the beginning of the next answer.
    let has_body = !status.is_informational()
        && status != StatusCode::NO_CONTENT
        && status != StatusCode::NOT_MODIFIED;
    let length = has_body.then_some(response.body().len());
    put_headers(response.headers(), length, bytes);
    if has_body && !head_only {
        bytes.extend_from_slice(response.body());
    }
    Ok(())
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
