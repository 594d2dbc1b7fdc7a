//! The servers of the course, asked by clients that know nothing of it: `curl`, and the load generator `wrk`.
//!
//! ```text
//! cargo run --release -p peers --example real_clients             # five seconds of load for each server
//! cargo run --release -p peers --example real_clients -- 30
//! ```
//!
//! What is not installed is skipped, and named. It fails if a client reports an error, or if nothing could be tried.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::process::{Command, ExitCode, Output};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use async_await::Shutdown;
use http::{Request, Response};
use peers::hyper_server;
use reactor::{Runtime, TcpListener};

const GRACE: Duration = Duration::from_secs(5);

type Outcome<T> = Result<T, Box<dyn Error>>;

/// A server on a thread of its own.
struct Server {
    name: &'static str,
    address: SocketAddr,
    shutdown: Shutdown,
    /// Gives the number of connections that were cut off in the end.
    thread: JoinHandle<io::Result<usize>>,
}

fn main() -> Outcome<ExitCode> {
    let seconds = match std::env::args().nth(1) {
        Some(seconds) => seconds.parse()?,
        None => 5_u32,
    };
    let mut tried = 0;
    for server in [
        start("the HTTP server of stage 05", |listener, end| {
            let answer = |request: Request<Vec<u8>>| async move {
                let mut text = format!("{} {}\n", request.method(), request.uri()).into_bytes();
                text.extend_from_slice(request.body());
                Response::new(text)
            };
            async_await::serve(listener, answer, end, GRACE)
        })?,
        start("hyper's server on this runtime", |listener, end| {
            hyper_server::serve(listener, end, GRACE)
        })?,
    ] {
        println!("{}, at http://{}", server.name, server.address);
        tried += usize::from(curl(server.address)?);
        tried += usize::from(wrk(server.address, seconds)?);
        server.shutdown.begin();
        let cut_off = server.thread.join().expect("a server does not panic")?;
        println!("  ended; connections that were cut off: {cut_off}");
    }
    if tried == 0 {
        println!("Nothing was tried: install curl and wrk.");
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// Starts a server, and waits until it listens.
fn start<F>(
    name: &'static str,
    serve: impl FnOnce(TcpListener, Shutdown) -> F + Send + 'static,
) -> Outcome<Server>
where
    F: Future<Output = usize>,
{
    let (listens, listening) = mpsc::channel();
    let shutdown = Shutdown::new();
    let end = shutdown.clone();
    let thread = thread::spawn(move || {
        Runtime::new()?.block_on(async {
            let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
            let _ = listens.send(listener.local_addr()?);
            Ok(serve(listener, end).await)
        })
    });
    Ok(Server {
        name,
        address: listening.recv()?,
        shutdown,
        thread,
    })
}

/// Runs a program; `None`, said aloud, if it is not installed.
fn run(program: &str, arguments: &[&str]) -> Outcome<Option<Output>> {
    match Command::new(program).args(arguments).output() {
        Ok(output) => Ok(Some(output)),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            println!("  SKIPPED: {program} is not installed");
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// Several requests on one connection, with and without a body.
fn curl(address: SocketAddr) -> Outcome<bool> {
    let (one, two) = (
        format!("http://{address}/one"),
        format!("http://{address}/two"),
    );
    let large = "x".repeat(100_000);
    let asked = [
        (
            // After each answer, how many connections were made for it.
            vec![
                "--silent",
                "--show-error",
                "--fail",
                "--write-out",
                "%{num_connects}\\n",
                &one,
                &two,
            ],
            "GET /one\n1\nGET /two\n0\n".to_owned(),
        ),
        (
            vec!["--silent", "--show-error", "--fail", "--data", &large, &one],
            format!("POST /one\n{large}"),
        ),
        (
            vec![
                "--silent",
                "--show-error",
                "--fail",
                "--header",
                "Transfer-Encoding: chunked",
                "--data",
                "howdy",
                &two,
            ],
            "POST /two\nhowdy".to_owned(),
        ),
    ];
    for (arguments, right) in asked {
        let Some(output) = run("curl", &arguments)? else {
            return Ok(false);
        };
        let answer = String::from_utf8_lossy(&output.stdout);
        if !output.status.success() || answer != right {
            let words = String::from_utf8_lossy(&output.stderr);
            return Err(format!(
                "curl: {}, {words}{} bytes came",
                output.status,
                answer.len()
            )
            .into());
        }
    }
    println!(
        "  curl: two requests on one connection, 100,000 bytes, a body in chunks: as they should be"
    );
    Ok(true)
}

/// Load from 64 connections.
fn wrk(address: SocketAddr, seconds: u32) -> Outcome<bool> {
    let (duration, address) = (format!("{seconds}s"), format!("http://{address}/"));
    let Some(output) = run("wrk", &["-t1", "-c64", "-d", &duration, &address])? else {
        return Ok(false);
    };
    let words = String::from_utf8_lossy(&output.stdout);
    // What it says only if there was something: "Socket errors: …", "Non-2xx or 3xx responses: …".
    if !output.status.success() || words.contains("errors") || words.contains("Non-2xx") {
        return Err(format!("wrk: {}\n{words}", output.status).into());
    }
    let rate = words.lines().find(|line| line.contains("Requests/sec"));
    println!(
        "  wrk: {} from 64 connections, no error",
        rate.unwrap_or("no rate").trim()
    );
    Ok(true)
}
