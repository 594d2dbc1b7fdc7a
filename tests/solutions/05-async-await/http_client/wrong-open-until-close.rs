// expect: fail used-connection
//! Counts a connection as open as long as its body, which has no length, goes on: the next request is answered
//! by the rest of that.

use std::io;
use std::net::SocketAddr;

use bytes::BytesMut;
use futures::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use http::{Request, Response};
use reactor::TcpStream;

use crate::http_body::BodyLength;
use crate::http_chunks::Chunks;
use crate::http_head::{keeps_alive, response_head};
use crate::http_message::request_bytes;

/// A connection to a server, used for one request after the other.
#[derive(Debug)]
pub struct HttpClient<S = TcpStream> {
    stream: S,
    /// Whether nothing is under way, and nothing went wrong.
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

    /// As many bytes as there are, at least one; 0 is the end.
    async fn more(&mut self, bytes: &mut BytesMut) -> io::Result<usize> {
        let mut piece = [0; 4096];
        let read = self.stream.read(&mut piece).await?;
        bytes.extend_from_slice(&piece[..read]);
        Ok(read)
    }

    /// The same where the end would come too early.
    async fn must(&mut self, bytes: &mut BytesMut) -> io::Result<()> {
        match self.more(bytes).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }

    /// Sends a request and reads the whole answer.
    ///
    /// # Errors
    ///
    /// `NotConnected` if the connection has served; `UnexpectedEof` if it ended before the answer
    /// did; `InvalidData` if the answer is no HTTP; else what the system says.
    pub async fn request(&mut self, request: &Request<Vec<u8>>) -> io::Result<Response<Vec<u8>>> {
        if !self.open {
            return Err(io::ErrorKind::NotConnected.into());
        }
        self.open = false;
        self.stream.write_all(&request_bytes(request)).await?;
        self.stream.flush().await?;
        let mut bytes = BytesMut::new();
        let (head, length) = loop {
            match response_head(&mut bytes, request.method())? {
                Some((head, _)) if head.status().is_informational() => {}
                Some(found) => break found,
                None => self.must(&mut bytes).await?,
            }
        };
        let (body, closed) = match length {
            BodyLength::Exactly(length) => {
                while bytes.len() < length {
                    self.must(&mut bytes).await?;
                }
                (bytes.split_to(length).to_vec(), false)
            }
            BodyLength::Chunked => {
                let mut chunks = Chunks::default();
                while !chunks.take_from(&mut bytes)? {
                    self.must(&mut bytes).await?;
                }
                (chunks.into_body(), false)
            }
            BodyLength::UntilClose => {
                loop {
                    self.open = true;
                    let outcome = self.more(&mut bytes).await;
                    self.open = false;
                    if outcome? == 0 {
                        break;
                    }
                }
                (bytes.split().to_vec(), true)
            }
        };
        self.open = !closed && bytes.is_empty() && keeps_alive(head.version(), head.headers());
        Ok(head.map(|()| body))
    }
}
