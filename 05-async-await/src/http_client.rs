//! A small HTTP/1.1 client.

use std::io;
use std::net::SocketAddr;

use futures::SinkExt;
use futures::io::{AsyncRead, AsyncReadExt, AsyncWrite};
use http::header::HOST;
use http::{HeaderValue, Request, Response};
use reactor::TcpStream;

use crate::http_codec::{ClientCodec, keeps_alive};
use crate::{FramedRead, FramedWrite, next};

/// A connection to a server, used for one request after the other.
///
/// ```no_run
/// use async_await::{HttpClient, get};
/// use reactor::Runtime;
///
/// let address = "127.0.0.1:8080".parse().unwrap();
/// Runtime::new()?.block_on(async {
///     let mut client = HttpClient::connect(address).await?;
///     let first = client.request(&get("localhost", "/")).await?;
///     let second = client.request(&get("localhost", "/more")).await?;
///     println!("{} {}", first.status(), second.status());
///     Ok::<_, std::io::Error>(())
/// })?;
/// # Ok::<_, std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct HttpClient<S = TcpStream> {
    /// The connection. `None` once it has served: the server closes it, or an answer failed.
    stream: Option<S>,
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
        Self {
            stream: Some(stream),
        }
    }

    /// Whether another request can be made on this connection.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.stream.is_some()
    }

    /// Sends a request and reads the whole answer.
    ///
    /// Cancellation: dropped in the middle, the connection is of no further use, and is closed.
    ///
    /// # Errors
    ///
    /// `NotConnected` if the connection has served; `UnexpectedEof` if it ended before the answer
    /// did; else what the system says.
    pub async fn request(&mut self, request: &Request<Vec<u8>>) -> io::Result<Response<Vec<u8>>> {
        // Taken out, and put back when all is well: so it is closed when this future is dropped.
        let stream = self.stream.take().ok_or(io::ErrorKind::NotConnected)?;
        let codec = ClientCodec::new(request.method());
        let (reader, writer) = stream.split();
        let mut requests =
            FramedWrite::<_, _, Request<Vec<u8>>>::new(writer, ClientCodec::default());
        requests.send(request).await?;
        let mut responses = FramedRead::new(reader, codec);
        let response = next(&mut responses).await;
        let response = response.ok_or(io::ErrorKind::UnexpectedEof)??;
        let has_ended = responses.has_ended();
        let (reader, rest) = responses.into_parts();
        // What comes unasked belongs to no answer: better not to go on.
        if keeps_alive(response.version(), response.headers()) && !has_ended && rest.is_empty() {
            let writer = requests.into_writer();
            self.stream = reader.reunite(writer).ok();
        }
        Ok(response)
    }
}

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
