//! Where a message ends, and who may say so: the codec, without a socket.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use async_await::{Answer, Decoder, Encoder, Incoming, ServerCodec, Shutdown, connection};
use bytes::BytesMut;
use futures::io::{AsyncRead, AsyncWrite};
use http::{Response, StatusCode};

/// The beginning of a request whose body comes in chunks.
const CHUNKED: &str = "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n";

/// What a server makes of these bytes.
fn decoded(bytes: &str) -> io::Result<Option<Incoming>> {
    ServerCodec::default().decode(&mut BytesMut::from(bytes))
}

fn must_be_refused(bytes: &str) {
    let error = decoded(bytes).expect_err(bytes);
    assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{bytes:?}");
}

#[test]
fn a_body_comes_in_chunks_with_all_that_may_be_between_them() {
    let chunks = "3\r\nabc\r\n0A ;name=value\r\n0123456789\r\n000\r\ntrailer: x\r\n\r\n";
    let decoded = decoded(&format!("{CHUNKED}{chunks}")).unwrap();
    let Some(Incoming::Request(request)) = decoded else {
        panic!("it is complete: {decoded:?}");
    };
    assert_eq!(request.body(), b"abc0123456789");
}

#[test]
fn what_others_might_read_in_another_way_is_refused() {
    for head in [
        "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n",
        "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\ntransfer-encoding: identity\r\n\r\n",
        "POST / HTTP/1.1\r\ntransfer-encoding: identity\r\ntransfer-encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\ntransfer-encoding: chunked, identity\r\n\r\n",
        "POST / HTTP/1.0\r\ntransfer-encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\ncontent-length: +5\r\n\r\n",
        "POST / HTTP/1.1\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n",
        "POST / HTTP/1.1\r\ncontent-length : 5\r\n\r\n",
    ] {
        must_be_refused(head);
    }
    for chunks in [
        "\r\n\r\n",
        ";x\r\n\r\n",
        "+1\r\nx\r\n",
        "0x1\r\nx\r\n",
        "1 1\r\nx\r\n",
        "1\nx\r\n",
        "1;a\nb\r\nx\r\n",
        "1;a\rb\r\nx\r\n",
        "1\r\nx\n0\r\n",
        "1\r\nxy\r\n",
        "0\r\ntrailer: x\n\r\n",
        "11111111111111111\r\n",
    ] {
        must_be_refused(&format!("{CHUNKED}{chunks}"));
    }
}

#[test]
fn what_is_no_part_of_the_body_has_a_limit() {
    /// More of each than anybody needs.
    const TIMES: usize = 1_000;
    let piece = "x".repeat(1_000);
    let trailer = format!("{piece}\r\n");
    let chunk = format!("1;{piece}\r\ny\r\n");
    for (begins, goes_on) in [("1;", &piece), ("", &chunk), ("0\r\n", &trailer)] {
        let mut bytes = BytesMut::from(format!("{CHUNKED}{begins}").as_str());
        let mut codec = ServerCodec::default();
        let refused = (0..TIMES).any(|_| {
            bytes.extend_from_slice(goes_on.as_bytes());
            codec.decode(&mut bytes).is_err()
        });
        assert!(refused, "{begins:?}: {} bytes are kept", bytes.len());
    }
}

#[test]
fn an_answer_has_no_body_where_a_client_expects_none() {
    for status in [StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED] {
        let mut response = Response::new(b"HTTP/1.1 200 OK\r\n\r\n".to_vec());
        *response.status_mut() = status;
        let mut bytes = BytesMut::new();
        let mut codec = ServerCodec::default();
        codec.encode(&Answer::new(response), &mut bytes).unwrap();
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
        assert_eq!(end, Some(bytes.len() - 4), "{bytes:?}");
    }
}

/// A client who has sent all this, and takes what comes.
struct Client {
    sends: io::Cursor<Vec<u8>>,
    hears: Arc<Mutex<Vec<u8>>>,
}

impl AsyncRead for Client {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
        buf: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(io::Read::read(&mut self.sends, buf))
    }
}

impl AsyncWrite for Client {
    fn poll_write(
        self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.hears.lock().unwrap().extend_from_slice(buf);
        Poll::Ready(Ok(buf.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// Serves a client who sends this, and how often it takes a poll until he has all answers.
fn served(sends: String) -> (String, usize) {
    let hears = Arc::default();
    let client = Client {
        sends: io::Cursor::new(sends.into_bytes()),
        hears: Arc::clone(&hears),
    };
    let answer = async |_| Response::new(Vec::new());
    let mut served = Box::pin(connection(client, answer, Shutdown::new()));
    let mut cx = Context::from_waker(Waker::noop());
    let mut polls = 1;
    while served.as_mut().poll(&mut cx).is_pending() {
        polls += 1;
    }
    let heard = hears.lock().unwrap().clone();
    (String::from_utf8(heard).unwrap(), polls)
}

#[test]
fn an_old_client_is_told_that_the_connection_goes_on() {
    let ask = |connection| format!("GET / HTTP/1.0\r\nconnection: {connection}\r\n\r\n");
    let (heard, _) = served(ask("keep-alive").repeat(2));
    assert_eq!(
        heard.matches("connection: keep-alive").count(),
        2,
        "{heard}"
    );
    let (heard, _) = served(ask("close, keep-alive").repeat(2));
    assert_eq!(heard.matches("HTTP/1.1 200 OK").count(), 1, "{heard}");
    assert_eq!(heard.matches("connection: close").count(), 1, "{heard}");
}

#[test]
fn a_client_who_asks_and_asks_leaves_others_their_turn() {
    let (heard, polls) = served("GET / HTTP/1.1\r\n\r\n".repeat(1_000));
    assert_eq!(heard.matches("HTTP/1.1 200 OK").count(), 1_000);
    assert!(polls > 10, "{polls} polls for all of them");
}
