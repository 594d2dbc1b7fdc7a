// expect: fail interim-answer
//! Passes over the three notices that it has heard of.

use std::io;
use std::net::SocketAddr;

use bytes::BytesMut;
use futures::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use http::{Method, Request, Response};
use reactor::TcpStream;

use crate::http_body::{BodyLength, LONGEST_BODY, too_long};
use crate::http_chunks::Chunks;
use crate::http_head::{keeps_alive, response_head};
use crate::http_message::request_bytes;

/// How much is read at once.
const CHUNK: usize = 8 * 1024;

/// A connection to a server, used for one request after the other.
#[derive(Debug)]
pub struct HttpClient<S = TcpStream> {
    stream: S,
    open: bool,
}

impl HttpClient {
    /// Connects to a server.
    ///
    /// # Errors
    ///
    /// If nobody answers the call.
    pub async fn connect(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self::new(stream))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> HttpClient<S> {
    /// A client on a connection that is there.
    pub fn new(stream: S) -> Self {
        Self { stream, open: true }
    }

    /// Whether another request can be made on this connection.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// Sends a request and reads the whole answer.
    ///
    /// Cancellation: dropped in the middle, the connection is of no further use, and is closed.
    ///
    /// # Errors
    ///
    /// `NotConnected` if the connection has served; `UnexpectedEof` if it ended before the answer
    /// did; `InvalidData` if the answer is no HTTP; else what the system says.
    pub async fn request(&mut self, request: &Request<Vec<u8>>) -> io::Result<Response<Vec<u8>>> {
        if !std::mem::take(&mut self.open) {
            return Err(io::ErrorKind::NotConnected.into());
        }
        let stream = &mut self.stream;
        stream.write_all(&request_bytes(request)).await?;
        stream.flush().await?;
        let mut bytes = BytesMut::new();
        let (head, length) = read_head(stream, &mut bytes, request.method()).await?;
        let body = read_body(stream, &mut bytes, length).await?;
        self.open = keeps_alive(head.version(), head.headers())
            && length != BodyLength::UntilClose
            && bytes.is_empty();
        Ok(head.map(|()| body))
    }
}

/// Reads until the head of the answer is complete. What came behind it stays in `bytes`.
async fn read_head(
    stream: &mut (impl AsyncRead + Unpin),
    bytes: &mut BytesMut,
    method: &Method,
) -> io::Result<(Response<()>, BodyLength)> {
    loop {
        match response_head(bytes, method)? {
            // `100 Continue` and its kind announce that the answer is to come.
            Some((head, _))
                if head.status().as_u16() == 100
                    || head.status().as_u16() == 102
                    || head.status().as_u16() == 103 => {}
            Some(answer) => return Ok(answer),
            None => more(stream, bytes).await?,
        }
    }
}

/// Reads a body to its end. What came behind it stays in `bytes`.
async fn read_body(
    stream: &mut (impl AsyncRead + Unpin),
    bytes: &mut BytesMut,
    length: BodyLength,
) -> io::Result<Vec<u8>> {
    match length {
        BodyLength::Exactly(length) => {
            while bytes.len() < length {
                more(stream, bytes).await?;
            }
            Ok(bytes.split_to(length).into())
        }
        BodyLength::Chunked => {
            let mut chunks = Chunks::default();
            while !chunks.take_from(bytes)? {
                more(stream, bytes).await?;
            }
            Ok(chunks.into_body())
        }
        BodyLength::UntilClose => {
            while bytes.len() <= LONGEST_BODY {
                if read(stream, bytes).await? == 0 {
                    return Ok(bytes.split().into());
                }
            }
            Err(too_long())
        }
    }
}

/// Reads what there is, and there must be something.
async fn more(stream: &mut (impl AsyncRead + Unpin), bytes: &mut BytesMut) -> io::Result<()> {
    match read(stream, bytes).await? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(()),
    }
}

/// Reads what there is, and says how much that was: nothing at the end.
async fn read(stream: &mut (impl AsyncRead + Unpin), bytes: &mut BytesMut) -> io::Result<usize> {
    let filled = bytes.len();
    bytes.resize(filled + CHUNK, 0);
    let count = stream.read(&mut bytes[filled..]).await?;
    bytes.truncate(filled + count);
    Ok(count)
}
