//! # http_client: one request, one answer
//!
//! Write an HTTP client: it sends a request over a connection, reads the answer to its end and no
//! further, and uses the connection again. You need not know HTTP for it: what is text is done by
//! functions that are there.
//!
//! - `request_bytes(&request)` is the request as it goes over the line, body and all.
//! - `response_head(&mut bytes, method)` takes the head of an answer from the front of `bytes`, when it
//!   is there to its last byte, and gives it, with what it says of the body behind it
//!   (`BodyLength`). While it is not complete, that is `None`, and `bytes` stays as it is: come
//!   again with more.
//! - `Chunks` puts a body together that comes in chunks: `take_from(&mut bytes)` until it says `true`,
//!   then `into_body()`.
//! - `keeps_alive(version, headers)` says whether an answer leaves the connection open.
//!
//! What is checked:
//!
//! 1. The whole request goes out, however little the connection takes at once, and is flushed. Then the
//!    answer is read.
//! 2. The answer may arrive in any pieces. A read ends anywhere: after one byte, in the middle of the empty
//!    line, or with half of the body behind the head.
//! 3. A body of a known length (`BodyLength::Exactly`) ends with its last byte. The connection stays
//!    open, and nothing more comes: who waits for its end waits for ever. So does one in chunks
//!    (`Chunked`). Without a length (`UntilClose`) it ends with the connection.
//! 4. If the connection ends before the answer does, that is an error, `UnexpectedEof`: in the head, in a
//!    body of a known length, between two chunks, or before anything has come. Other errors of the
//!    connection are passed on.
//! 5. `100 Continue` and the like (`status().is_informational()`) come before the answer. They are not it.
//! 6. After an answer the next request takes the same connection, and each request gets its own answer.
//! 7. `is_open` says whether there can be another request. There can not: after an answer that does not keep
//!    the connection alive or that ended with it; if bytes have come behind the answer, which nobody has
//!    asked for; after an error; and after a request that was dropped in the middle, whose answer is
//!    still on its way. A request then is an error, `NotConnected`, and sends nothing.
//!
//! Settled: when a connection has served, you may drop it at once, or keep it until the client is
//! dropped. Whether the head or the body is limited in length is up to you (`response_head` and
//! `Chunks` have limits of their own). One read may ask for as many bytes as you like.
//!
//! Read first: README.md, "Bytes become messages" and "One request, one answer". About 45 minutes.
//!
//! Check: `cargo xtask check-stage 5 --exercise http_client`. Stuck: `cargo xtask hint http_client`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_imports, unused_variables)]

use std::io;
use std::net::SocketAddr;

use bytes::BytesMut;
use futures::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use http::{Method, Request, Response};
use reactor::TcpStream;

use crate::http_body::BodyLength;
use crate::http_chunks::Chunks;
use crate::http_head::{keeps_alive, response_head};
use crate::http_message::request_bytes;

/// A connection to a server, used for one request after the other.
#[derive(Debug)]
pub struct HttpClient<S = TcpStream> {
    // What belongs here besides, or instead? The field is yours.
    stream: S,
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
        todo!("nothing is sent yet")
    }

    /// Whether another request can be made on this connection.
    #[must_use]
    pub fn is_open(&self) -> bool {
        todo!("not when it has served")
    }

    /// Sends a request and reads the whole answer.
    ///
    /// # Errors
    ///
    /// `NotConnected` if the connection has served; `UnexpectedEof` if it ended before the answer
    /// did; `InvalidData` if the answer is no HTTP; else what the system says.
    pub async fn request(&mut self, request: &Request<Vec<u8>>) -> io::Result<Response<Vec<u8>>> {
        todo!("send, read the head, read the body; and can the connection be used again?")
    }
}
