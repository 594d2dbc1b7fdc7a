//! Our server, asked by our client and by bytes of any kind; and its end.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use async_await::{HttpClient, Shutdown, get, oneshot, serve};
use executor::JoinHandle;
use futures::io::{AsyncReadExt, AsyncWriteExt};
use http::{Request, Response};
use reactor::{TcpListener, TcpStream};

use crate::run;

const GRACE: Duration = Duration::from_secs(50);

/// A server that echoes bodies, and says paths. `/panic` panics.
fn start(shutdown: &Shutdown, grace: Duration) -> io::Result<(SocketAddr, JoinHandle<usize>)> {
    let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
    let address = listener.local_addr()?;
    let handler = |request: Request<Vec<u8>>| async move {
        assert!(request.uri().path() != "/panic", "asked to");
        Response::new(match request.body().is_empty() {
            true => request.uri().path().as_bytes().to_vec(),
            false => request.into_body(),
        })
    };
    let server = executor::spawn(serve(listener, handler, shutdown.clone(), grace));
    Ok((address, server))
}

/// Sends bytes, and reads until the connection ends.
async fn converse(address: SocketAddr, bytes: &[u8]) -> io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(bytes).await?;
    stream.close().await?;
    let mut text = String::new();
    stream.read_to_string(&mut text).await?;
    Ok(text)
}

#[test]
fn many_clients_ask_many_times_each() {
    run(async {
        let shutdown = Shutdown::new();
        let (address, server) = start(&shutdown, GRACE)?;
        let clients: Vec<_> = (0..50)
            .map(|number| {
                executor::spawn(async move {
                    let mut client = HttpClient::connect(address).await?;
                    for round in 0..20 {
                        let path = format!("/{number}/{round}");
                        let response = client.request(&get("localhost", &path)).await?;
                        assert_eq!(response.into_body(), path.as_bytes());
                        assert!(client.is_open());
                    }
                    Ok::<_, io::Error>(())
                })
            })
            .collect();
        for client in clients {
            client.await.unwrap()?;
        }
        shutdown.begin();
        assert_eq!(server.await.unwrap(), 0);
        Ok(())
    });
}

#[test]
fn requests_that_come_at_once_or_in_bytes_are_answered_in_turn() {
    run(async {
        let (address, _server) = start(&Shutdown::new(), GRACE)?;
        let two = b"GET /one HTTP/1.1\r\n\r\nPOST /two HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n";
        let text = converse(address, two).await?;
        assert_eq!(text.matches("HTTP/1.1 200 OK").count(), 2, "{text}");
        assert!(
            text.contains("\r\n\r\n/oneHTTP/1.1") && text.ends_with("\r\n\r\nbody"),
            "{text}"
        );
        let mut stream = TcpStream::connect(address).await?;
        for byte in b"HEAD /head HTTP/1.1\r\nconnection: close\r\n\r\n" {
            stream.write_all(&[*byte]).await?;
            executor::yield_now().await;
        }
        let mut text = String::new();
        stream.read_to_string(&mut text).await?;
        assert!(text.ends_with("content-length: 5\r\n\r\n"), "{text}");
        Ok(())
    });
}

#[test]
fn who_asks_before_it_sends_the_body_is_told_to() {
    run(async {
        let (address, _server) = start(&Shutdown::new(), GRACE)?;
        let mut stream = TcpStream::connect(address).await?;
        let head = b"POST / HTTP/1.1\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\n";
        stream.write_all(head).await?;
        let mut go_on = [0; 25];
        stream.read_exact(&mut go_on).await?;
        assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
        stream.write_all(b"howdy").await?;
        stream.close().await?;
        let mut text = String::new();
        stream.read_to_string(&mut text).await?;
        assert!(
            text.starts_with("HTTP/1.1 200") && text.ends_with("\r\n\r\nhowdy"),
            "{text}"
        );
        Ok(())
    });
}

#[test]
fn old_clients_get_one_answer_and_nonsense_gets_400() {
    run(async {
        let (address, _server) = start(&Shutdown::new(), GRACE)?;
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(b"GET / HTTP/1.0\r\n\r\n").await?;
        let mut text = String::new();
        stream.read_to_string(&mut text).await?;
        assert!(
            text.contains("connection: close") && text.ends_with("\r\n\r\n/"),
            "{text}"
        );
        let text = converse(address, b"howdy\r\n\r\n").await?;
        assert!(text.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{text}");
        let cut = converse(address, b"POST / HTTP/1.1\r\ncontent-length: 9\r\n\r\nhow").await?;
        assert_eq!(cut, "");
        Ok(())
    });
}

#[test]
fn a_handler_that_panics_ends_its_connection_and_no_other() {
    run(async {
        let shutdown = Shutdown::new();
        let (address, server) = start(&shutdown, GRACE)?;
        let mut other = HttpClient::connect(address).await?;
        other.request(&get("localhost", "/")).await?;
        let mut client = HttpClient::connect(address).await?;
        let error = client
            .request(&get("localhost", "/panic"))
            .await
            .unwrap_err();
        assert!(!client.is_open(), "{error}");
        assert_eq!(
            other
                .request(&get("localhost", "/still"))
                .await?
                .into_body(),
            b"/still"
        );
        shutdown.begin();
        assert_eq!(
            server.await.unwrap(),
            0,
            "no connection is counted that is gone"
        );
        Ok(())
    });
}

#[test]
fn the_end_answers_who_is_being_served_and_closes_who_is_idle() {
    run(async {
        let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
        let address = listener.local_addr()?;
        let (arrived, arrives) = oneshot::channel();
        let (go, gone) = oneshot::channel::<()>();
        let once = std::sync::Arc::new(std::sync::Mutex::new(Some((arrived, gone))));
        let handler = move |_request: Request<Vec<u8>>| {
            let once = once.lock().unwrap().take();
            async move {
                if let Some((arrived, gone)) = once {
                    arrived.send(()).unwrap();
                    gone.await.unwrap();
                }
                Response::new(b"answered".to_vec())
            }
        };
        let shutdown = Shutdown::new();
        let server = executor::spawn(serve(listener, handler, shutdown.clone(), GRACE));
        let busy = executor::spawn(async move {
            let mut client = HttpClient::connect(address).await?;
            let response = client.request(&get("localhost", "/")).await?;
            assert!(!client.is_open(), "the answer says that it is the last");
            Ok::<_, io::Error>(response.into_body())
        });
        arrives.await.unwrap();
        let mut idle = HttpClient::connect(address).await?;
        idle.request(&get("localhost", "/")).await?;
        shutdown.begin();
        // The idle one is closed, while the other one is still being served.
        let error = idle.request(&get("localhost", "/")).await.unwrap_err();
        assert!(matches!(
            error.kind(),
            io::ErrorKind::UnexpectedEof
                | io::ErrorKind::ConnectionReset
                | io::ErrorKind::BrokenPipe
        ));
        assert!(
            HttpClient::connect(address).await.is_err(),
            "nobody gets in"
        );
        assert!(!server.is_finished() && !busy.is_finished());
        go.send(()).unwrap();
        assert_eq!(busy.await.unwrap()?, b"answered");
        assert_eq!(server.await.unwrap(), 0);
        Ok(())
    });
}

#[test]
fn the_end_waits_for_who_is_in_the_middle_of_a_request() {
    run(async {
        let shutdown = Shutdown::new();
        let (address, server) = start(&shutdown, GRACE)?;
        let mut stream = TcpStream::connect(address).await?;
        let head = b"POST / HTTP/1.1\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\n";
        stream.write_all(head).await?;
        let mut go_on = [0; 25];
        stream.read_exact(&mut go_on).await?;
        // He was asked to go on.
        shutdown.begin();
        stream.write_all(b"how").await?;
        executor::yield_now().await;
        stream.write_all(b"dy").await?;
        let mut text = String::new();
        stream.read_to_string(&mut text).await?;
        assert!(text.contains("\r\nconnection: close\r\n"), "{text}");
        assert!(text.ends_with("\r\n\r\nhowdy"), "{text}");
        assert_eq!(server.await.unwrap(), 0);
        Ok(())
    });
}

#[test]
fn who_is_not_served_in_time_is_cut_off_and_counted() {
    run(async {
        let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
        let address = listener.local_addr()?;
        let (arrived, arrives) = oneshot::channel();
        let arrived = std::sync::Arc::new(std::sync::Mutex::new(Some(arrived)));
        let handler = move |_request: Request<Vec<u8>>| {
            let arrived = arrived.lock().unwrap().take();
            async move {
                arrived.unwrap().send(()).unwrap();
                std::future::pending().await
            }
        };
        let shutdown = Shutdown::new();
        let server = executor::spawn(serve(
            listener,
            handler,
            shutdown.clone(),
            Duration::from_millis(1),
        ));
        let client = executor::spawn(async move {
            let mut client = HttpClient::connect(address).await?;
            client.request(&get("localhost", "/")).await
        });
        arrives.await.unwrap();
        shutdown.begin();
        assert_eq!(server.await.unwrap(), 1);
        assert!(client.await.unwrap().is_err());
        assert_eq!(shutdown.inside(), 0);
        Ok(())
    });
}
