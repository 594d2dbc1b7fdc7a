// expect: pass
//! A decoder, and the layer's own `FramedRead` and `FramedWrite` around the connection.

use std::io;
use std::net::SocketAddr;

use bytes::BytesMut;
use futures::SinkExt;
use futures::io::{AsyncRead, AsyncReadExt, AsyncWrite};
use http::{Method, Request, Response};
use reactor::TcpStream;

use crate::http_body::BodyLength;
use crate::http_chunks::Chunks;
use crate::http_head::{keeps_alive, response_head};
use crate::http_message::request_bytes;
use crate::{Decoder, Encoder, FramedRead, FramedWrite, next};

/// A connection to a server, used for one request after the other.
#[derive(Debug)]
pub struct HttpClient<S = TcpStream> {
    stream: Option<S>,
}

/// An answer, as far as it has come.
#[derive(Default)]
struct Answers {
    method: Method,
    begun: Option<(Response<()>, BodyLength)>,
    chunks: Chunks,
    ended: bool,
}

impl Decoder for Answers {
    type Item = (Response<Vec<u8>>, bool);

    fn decode(&mut self, bytes: &mut BytesMut) -> io::Result<Option<Self::Item>> {
        while self.begun.is_none() {
            match response_head(bytes, &self.method)? {
                Some((head, _)) if head.status().is_informational() => {}
                Some(begun) => self.begun = Some(begun),
                None => return Ok(None),
            }
        }
        let (_, length) = self.begun.as_ref().expect("it has begun");
        let body = match *length {
            BodyLength::Exactly(length) if bytes.len() >= length => bytes.split_to(length).to_vec(),
            BodyLength::Chunked if self.chunks.take_from(bytes)? => {
                std::mem::take(&mut self.chunks).into_body()
            }
            BodyLength::UntilClose if self.ended => bytes.split().to_vec(),
            _ => return Ok(None),
        };
        let (head, length) = self.begun.take().expect("it has begun");
        let keeps = keeps_alive(head.version(), head.headers())
            && length != BodyLength::UntilClose
            && bytes.is_empty();
        Ok(Some((head.map(|()| body), keeps)))
    }

    fn decode_last(&mut self, bytes: &mut BytesMut) -> io::Result<Option<Self::Item>> {
        self.ended = true;
        match self.decode(bytes)? {
            Some(answer) => Ok(Some(answer)),
            None => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }
}

/// A request is bytes already.
struct Bytes;

impl Encoder<Request<Vec<u8>>> for Bytes {
    fn encode(&mut self, request: &Request<Vec<u8>>, bytes: &mut BytesMut) -> io::Result<()> {
        bytes.unsplit(request_bytes(request));
        Ok(())
    }
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
    /// # Errors
    ///
    /// As the connection and the answer have it.
    pub async fn request(&mut self, request: &Request<Vec<u8>>) -> io::Result<Response<Vec<u8>>> {
        let mut stream = self.stream.take().ok_or(io::ErrorKind::NotConnected)?;
        let (reader, writer) = (&mut stream).split();
        let mut requests = FramedWrite::<_, _, Request<Vec<u8>>>::new(writer, Bytes);
        requests.send(request).await?;
        let decoder = Answers {
            method: request.method().clone(),
            ..Answers::default()
        };
        let mut answers = FramedRead::new(reader, decoder);
        let answer = next(&mut answers).await;
        let (response, keeps) = answer.ok_or(io::ErrorKind::UnexpectedEof)??;
        drop((requests, answers));
        if keeps {
            self.stream = Some(stream);
        }
        Ok(response)
    }
}
