//! hyper, which knows no runtime, on this course's.

use std::future::Future;
use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use async_await::{HttpClient, Shutdown, get};
use bytes::Bytes;
use executor::JoinHandle;
use futures::io::{AsyncReadExt, AsyncWriteExt};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{Request, Response};
use peers::echo::{Load, Server};
use peers::http::{self, HyperOnOurs, HyperOnTokio, Own};
use peers::hyper_io::{HyperIo, HyperTimer};
use peers::hyper_server;
use reactor::{Runtime, TcpListener, TcpStream, timeout};

/// Nothing here takes this long. It is a limit to a hang, and no measure.
const LIMIT: Duration = Duration::from_secs(60);

/// Less than hyper's server waits for a head: who is idle and is not told of the end would still end by that.
const GRACE: Duration = Duration::from_secs(8);

type Tested = Result<(), Box<dyn std::error::Error>>;

fn run(test: impl Future<Output = Tested>) {
    let mut runtime = Runtime::new().unwrap();
    let tested = runtime.block_on(async { timeout(LIMIT, test).await });
    tested.expect("it hangs").unwrap();
}

/// hyper's server in a task.
fn hyper_server(shutdown: &Shutdown) -> io::Result<(SocketAddr, JoinHandle<usize>)> {
    let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
    let address = listener.local_addr()?;
    let server = hyper_server::serve(listener, shutdown.clone(), GRACE);
    Ok((address, executor::spawn(server)))
}

/// hyper's client: its connection runs in a task.
async fn hyper_client(
    address: SocketAddr,
) -> Result<SendRequest<Full<Bytes>>, Box<dyn std::error::Error>> {
    let stream = TcpStream::connect(address).await?;
    let (client, connection) = http1::handshake(HyperIo::new(stream)).await?;
    executor::spawn(connection);
    Ok(client)
}

fn post(path: &str, body: Vec<u8>) -> Request<Full<Bytes>> {
    let request = Request::post(path).header("host", "localhost");
    request.body(Full::new(body.into())).unwrap()
}

#[test]
fn our_client_asks_hyper_again_and_again_on_one_connection() {
    run(async {
        let (address, server) = hyper_server(&Shutdown::new())?;
        let mut client = HttpClient::connect(address).await?;
        for round in 0..100 {
            let path = format!("/{round}");
            let response = client.request(&get("localhost", &path)).await?;
            assert_eq!(response.body(), format!("GET {path}\n").as_bytes());
            assert!(client.is_open());
        }
        let large = vec![b'x'; 1 << 20];
        let request = Request::post("/").header("host", "localhost");
        let response = client.request(&request.body(large).unwrap()).await?;
        assert_eq!(response.body().len(), "POST /\n".len() + (1 << 20));
        server.abort();
        Ok(())
    });
}

#[test]
fn many_of_hypers_clients_ask_hyper() {
    run(async {
        let shutdown = Shutdown::new();
        let (address, server) = hyper_server(&shutdown)?;
        let clients: Vec<_> = (0..50)
            .map(|number| {
                executor::spawn(async move {
                    let mut client = hyper_client(address).await.unwrap();
                    for round in 0..20 {
                        let body = format!("{number}, {round}");
                        let request = post("/path", body.clone().into());
                        let response = client.send_request(request).await.unwrap();
                        let answer = response.into_body().collect().await.unwrap().to_bytes();
                        assert_eq!(answer, format!("POST /path\n{body}"));
                    }
                })
            })
            .collect();
        for client in clients {
            client.await?;
        }
        shutdown.begin();
        assert_eq!(server.await?, 0);
        Ok(())
    });
}

#[test]
fn hypers_client_asks_our_server() {
    run(async {
        let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
        let address = listener.local_addr()?;
        let echo = |request: Request<Vec<u8>>| async { Response::new(request.into_body()) };
        let shutdown = Shutdown::new();
        let server = executor::spawn(async_await::serve(listener, echo, shutdown.clone(), GRACE));
        let mut client = hyper_client(address).await?;
        // Small ones go out with the head in one piece, large ones in parts.
        for length in [0, 1, 8_000, 8_192, 1 << 20] {
            let body: Vec<u8> = (0..length).map(|place| (place % 251) as u8).collect();
            let response = client.send_request(post("/", body.clone())).await?;
            let answer = response.into_body().collect().await?.to_bytes();
            assert!(answer == body, "{length} bytes come back as they were sent");
            client.ready().await?;
        }
        shutdown.begin();
        assert_eq!(server.await?, 0, "an idle connection ends at once");
        Ok(())
    });
}

#[test]
fn hyper_hears_of_the_end() {
    run(async {
        let shutdown = Shutdown::new();
        let (address, server) = hyper_server(&shutdown)?;
        let mut idle = HttpClient::connect(address).await?;
        idle.request(&get("localhost", "/")).await?;
        shutdown.begin();
        assert_eq!(server.await?, 0);
        assert!(idle.request(&get("localhost", "/")).await.is_err());
        assert!(
            HttpClient::connect(address).await.is_err(),
            "nobody gets in"
        );
        Ok(())
    });
}

#[test]
fn hyper_gives_its_answer_to_who_is_being_served_and_says_that_it_is_the_last() {
    run(async {
        let shutdown = Shutdown::new();
        let (address, server) = hyper_server(&shutdown)?;
        let mut stream = TcpStream::connect(address).await?;
        let head = "POST /slow HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\n";
        stream.write_all(head.as_bytes()).await?;
        // It is asked for the body: so it is being served.
        let mut go_on = [0; b"HTTP/1.1 100 Continue\r\n\r\n".len()];
        stream.read_exact(&mut go_on).await?;
        shutdown.begin();
        // All who are told of the end have their turn before the body comes.
        executor::yield_now().await;
        stream.write_all(b"howdy").await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
        assert!(answer.ends_with("\r\n\r\nPOST /slow\nhowdy"), "{answer}");
        assert_eq!(server.await?, 0);
        Ok(())
    });
}

#[test]
fn hypers_time_limit_is_one_of_our_timers() {
    run(async {
        let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
        let address = listener.local_addr()?;
        let slow = thread::spawn(move || {
            let mut stream = std::net::TcpStream::connect(address)?;
            stream.write_all(b"GET / HTTP/1.1\r\nhost: ")?;
            // The rest of the head never comes. The server closes.
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).map(|_| answer)
        });
        let (stream, _) = listener.accept().await?;
        let connection = hyper::server::conn::http1::Builder::new()
            .timer(HyperTimer)
            .header_read_timeout(Duration::from_millis(1))
            .serve_connection(
                HyperIo::new(stream),
                hyper::service::service_fn(async |_| {
                    Ok::<_, hyper::Error>(Response::new(Full::new(Bytes::new())))
                }),
            );
        let ended = connection.await.unwrap_err();
        assert!(ended.is_timeout(), "{ended}");
        slow.join().unwrap()?;
        Ok(())
    });
}

#[test]
fn what_the_benchmark_measures_is_answers() {
    fn check<S: Server>() {
        let load = Load {
            connections: 3,
            active: 3,
            warm_up: Duration::from_millis(1),
            measured: Duration::from_millis(20),
        };
        let measured = http::measure_here(&mut S::start(), load).unwrap();
        assert!(measured.rate > 0.0, "{}: {measured:?}", S::SERVER);
    }
    // On a thread that may be left behind: the benchmark's client waits without a limit.
    let (done, is_done) = mpsc::channel();
    thread::spawn(move || {
        check::<HyperOnTokio>();
        check::<HyperOnOurs>();
        check::<Own>();
        done.send(())
    });
    match is_done.recv_timeout(LIMIT) {
        Ok(()) => {}
        Err(RecvTimeoutError::Timeout) => panic!("it hangs"),
        Err(RecvTimeoutError::Disconnected) => panic!("what went wrong is said above"),
    }
}
