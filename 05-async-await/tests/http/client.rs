//! Our client against servers that send what they like, as they like.

use std::io::{self, Read, Write};
use std::net::TcpStream;

use async_await::{HttpClient, get};
use http::{Method, Request, Response};

use crate::{plain_server, run};

/// Reads the head of a request.
fn read_head(mut stream: &TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap()
}

/// What the client makes of these answers, given one to each request, byte by byte. The connection
/// stays open after the last, if it is to; else it is closed.
fn answers(
    method: &Method,
    answers: &'static [&'static str],
    stays: bool,
) -> Vec<io::Result<Response<Vec<u8>>>> {
    let (address, server) = plain_server(move |mut stream| {
        stream.set_nodelay(true).unwrap();
        for answer in answers {
            assert!(read_head(&stream).contains("HTTP/1.1\r\n"));
            for byte in answer.as_bytes() {
                // A client that has read enough to know better may have gone.
                if stream.write_all(&[*byte]).is_err() {
                    return;
                }
            }
        }
        if stays {
            let _ = stream.read(&mut [0]);
        }
    });
    let mut responses = Vec::new();
    run(async {
        let mut client = HttpClient::connect(address).await?;
        for _ in answers {
            let mut request = get("localhost", "/path?query");
            *request.method_mut() = method.clone();
            responses.push(client.request(&request).await);
        }
        Ok(())
    });
    server.join().unwrap();
    responses
}

fn bodies(responses: Vec<io::Result<Response<Vec<u8>>>>) -> Vec<String> {
    let body = |response: io::Result<Response<Vec<u8>>>| {
        String::from_utf8(response.unwrap().into_body()).unwrap()
    };
    responses.into_iter().map(body).collect()
}

#[test]
fn a_connection_that_stays_open_serves_again() {
    let responses = answers(
        &Method::GET,
        &[
            "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhowdy",
            "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3;x=y\r\ndon\r\n2\r\ne!\r\n0\r\nmore: x\r\n\r\n",
            "HTTP/1.1 204 No Content\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nend",
        ],
        true,
    );
    assert_eq!(bodies(responses), ["howdy", "", "done!", "", "end"]);
}

#[test]
fn the_answer_to_a_head_has_a_length_and_no_body() {
    const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n";
    let responses = answers(&Method::HEAD, &[HEAD, HEAD], true);
    assert_eq!(bodies(responses), ["", ""]);
}

#[test]
fn without_a_length_the_end_of_the_connection_is_the_end() {
    let mut responses = answers(&Method::GET, &["HTTP/1.1 200 OK\r\n\r\nall of it"], false);
    assert_eq!(responses.pop().unwrap().unwrap().into_body(), b"all of it");
}

#[test]
fn a_body_or_a_head_that_is_cut_short_is_an_error() {
    for cut in [
        &["HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhow"],
        &["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhow\r\n"],
        &["HTTP/1.1 200 OK\r\ncontent-len"],
        &[""],
    ] {
        let error = answers(&Method::GET, cut, false)
            .pop()
            .unwrap()
            .unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof, "{cut:?}");
    }
}

#[test]
fn what_is_no_http_is_an_error() {
    for nonsense in [
        &["howdy!\r\n\r\n"],
        &["HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n"],
        &["HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n"],
        &["HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n"],
        &["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nx\r\n"],
        &["HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n"],
    ] {
        let error = answers(&Method::GET, nonsense, true)
            .pop()
            .unwrap()
            .unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{nonsense:?}");
    }
}

#[test]
fn a_connection_that_the_server_closes_serves_no_more() {
    let (address, server) = plain_server(|mut stream| {
        read_head(&stream);
        let answer = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok";
        stream.write_all(answer).unwrap();
    });
    run(async {
        let mut client = HttpClient::connect(address).await?;
        assert_eq!(
            client.request(&get("localhost", "/")).await?.into_body(),
            b"ok"
        );
        assert!(!client.is_open());
        let error = client.request(&get("localhost", "/")).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotConnected);
        Ok(())
    });
    server.join().unwrap();
}

#[test]
fn who_has_asked_for_the_end_asks_no_more() {
    let (address, server) = plain_server(|mut stream| {
        assert!(read_head(&stream).contains("connection: close\r\n"));
        // It may close without a word: it was asked to.
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
        stream.write_all(answer).unwrap();
    });
    run(async {
        let mut client = HttpClient::connect(address).await?;
        let mut last = get("localhost", "/");
        let close = http::HeaderValue::from_static("close");
        last.headers_mut().insert("connection", close);
        assert_eq!(client.request(&last).await?.into_body(), b"ok");
        assert!(!client.is_open());
        Ok(())
    });
    server.join().unwrap();
}

#[test]
fn the_request_says_what_it_should() {
    let (address, server) = plain_server(|mut stream| {
        let head = read_head(&stream);
        assert!(head.starts_with("POST /form HTTP/1.1\r\n"), "{head}");
        assert!(head.contains("host: localhost\r\n"), "{head}");
        assert!(head.contains("content-length: 3\r\n"), "{head}");
        let mut body = [0; 3];
        stream.read_exact(&mut body).unwrap();
        assert_eq!(&body, b"a=b");
        stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
            .unwrap();
    });
    run(async {
        let mut client = HttpClient::connect(address).await?;
        let request = Request::post("/form").header("host", "localhost");
        let response = client
            .request(&request.body(b"a=b".to_vec()).unwrap())
            .await?;
        assert!(response.status().is_success() && client.is_open());
        Ok(())
    });
    server.join().unwrap();
}
