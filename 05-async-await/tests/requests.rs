//! `cheapo_request` and `many_requests`, against servers of std that write down what they are asked.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use async_await::{Shutdown, cheapo_owning_request, cheapo_request, many_requests, serve};
use http::Response;
use reactor::{Runtime, timeout};

/// Nothing here takes this long. It is a limit to a hang, and no measure.
const LIMIT: Duration = Duration::from_secs(60);

fn run<F: Future>(runtime: &mut Runtime, test: F) -> F::Output {
    let output = runtime.block_on(async { timeout(LIMIT, test).await });
    output.expect("it hangs")
}

/// A server on a thread of its own, for so many connections, each on a thread too.
fn server(
    connections: usize,
    serve: impl Fn(&TcpStream, Vec<String>) -> io::Result<()> + Send + Sync + 'static,
) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let serve = Arc::new(serve);
    thread::spawn(move || {
        for _ in 0..connections {
            let (stream, _) = listener.accept().unwrap();
            let serve = Arc::clone(&serve);
            thread::spawn(move || {
                let head = BufReader::new(&stream).lines().map(Result::unwrap);
                let head = head.take_while(|line| !line.is_empty()).collect();
                serve(&stream, head).unwrap();
            });
        }
    });
    address
}

#[test]
fn the_request_asks_for_the_end_of_the_connection_and_reads_to_it() {
    let address = server(1, |mut stream, head| {
        // What is in the head comes back as the body.
        write!(stream, "HTTP/1.1 200 OK\r\n\r\n")?;
        write!(stream, "{}", head.join("\n"))
    });
    let mut runtime = Runtime::new().unwrap();
    let port = address.port();
    let answer = run(&mut runtime, cheapo_request("127.0.0.1", port, "/a?b=c"));
    let expected = format!(
        "HTTP/1.1 200 OK\r\n\r\nGET /a?b=c HTTP/1.1\nHost: 127.0.0.1:{port}\nConnection: close"
    );
    assert_eq!(answer.unwrap(), expected);
}

#[test]
fn an_address_with_colons_is_told_from_its_port() {
    let Ok(listener) = TcpListener::bind("[::1]:0") else {
        println!("SKIPPED: this system has no IPv6");
        return;
    };
    let port = listener.local_addr().unwrap().port();
    let server = thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let head = BufReader::new(&stream).lines().map(Result::unwrap);
        head.take_while(|line| !line.is_empty()).collect::<Vec<_>>()
    });
    let mut runtime = Runtime::new().unwrap();
    run(&mut runtime, cheapo_request("::1", port, "/")).unwrap();
    assert_eq!(server.join().unwrap()[1], format!("Host: [::1]:{port}"));
}

#[test]
fn our_own_server_ends_the_connection_as_it_is_asked_to() {
    let mut runtime = Runtime::new().unwrap();
    let test = async {
        let listener = reactor::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        let port = listener.local_addr()?.port();
        let answer = async |_| Response::new(b"howdy".to_vec());
        let shutdown = Shutdown::new();
        executor::spawn(serve(listener, answer, shutdown.clone(), Duration::ZERO));
        cheapo_request("127.0.0.1", port, "/").await
    };
    let answer = run(&mut runtime, test).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.ends_with("\r\n\r\nhowdy"), "{answer}");
}

#[test]
fn a_host_may_have_a_name() {
    let address = server(1, |mut stream, _| write!(stream, "howdy"));
    let mut runtime = Runtime::new().unwrap();
    let request = cheapo_request("localhost", address.port(), "/");
    assert_eq!(run(&mut runtime, request).unwrap(), "howdy");
}

#[test]
fn who_is_not_there_is_an_error() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let mut runtime = Runtime::new().unwrap();
    run(&mut runtime, cheapo_request("127.0.0.1", port, "/")).unwrap_err();
}

#[test]
fn an_owning_request_needs_its_arguments_no_more() {
    let address = server(1, |mut stream, head| write!(stream, "{}", head[0]));
    let mut runtime = Runtime::new().unwrap();
    let request = {
        let (host, path) = (String::from("127.0.0.1"), String::from("/gone"));
        cheapo_owning_request(&host, address.port(), &path)
    };
    let answer = run(&mut runtime, request).unwrap();
    assert_eq!(answer, "GET /gone HTTP/1.1");
}

#[test]
fn many_requests_are_on_their_way_at_once_and_answered_in_order() {
    const REQUESTS: usize = 20;
    // Nobody is answered before all have asked.
    let all = Barrier::new(REQUESTS);
    let address = server(REQUESTS, move |mut stream, head| {
        all.wait();
        write!(stream, "{}", head[0])
    });
    let path = |request| format!("/{request}");
    let requests =
        (0..REQUESTS).map(|request| (address.ip().to_string(), address.port(), path(request)));
    let mut runtime = Runtime::new().unwrap();
    let spawner = runtime.spawner();
    let answers = run(&mut runtime, many_requests(&spawner, requests.collect()));
    for (request, answer) in answers.into_iter().enumerate() {
        assert_eq!(answer.unwrap(), format!("GET {} HTTP/1.1", path(request)));
    }
}

#[test]
fn one_that_fails_is_no_ones_misfortune() {
    let address = server(2, |mut stream, head| write!(stream, "{}", head[0]));
    let nobody = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    let requests = [address, nobody, address]
        .map(|server| (server.ip().to_string(), server.port(), "/".into()));
    let mut runtime = Runtime::new().unwrap();
    let spawner = runtime.spawner();
    let answers = run(&mut runtime, many_requests(&spawner, requests.into()));
    let good: Vec<_> = answers.iter().map(Result::is_ok).collect();
    assert_eq!(good, [true, false, true]);
}
