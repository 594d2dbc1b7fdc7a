//! An HTTP server for the examples, so that they need no network.

use std::io;
use std::net::SocketAddr;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use async_await::{Shutdown, serve};
use http::{Request, Response};
use reactor::{Runtime, TcpListener, sleep};

/// Starts a server on a thread of its own, which thinks for a while before each answer. It ends with the
/// process.
pub(crate) fn start(delay: Duration) -> io::Result<SocketAddr> {
    let (started, start) = mpsc::channel();
    thread::spawn(move || match bind() {
        Ok((mut runtime, listener)) => {
            let _ = started.send(listener.local_addr());
            let answer = move |request| answer(request, delay);
            runtime.block_on(serve(listener, answer, Shutdown::new(), delay));
        }
        Err(error) => {
            let _ = started.send(Err(error));
        }
    });
    start.recv().expect("the thread says how it went")
}

/// A runtime, and a listener on it at any free port.
fn bind() -> io::Result<(Runtime, TcpListener)> {
    let mut runtime = Runtime::new()?;
    let listener =
        runtime.block_on(async { TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))) })?;
    Ok((runtime, listener))
}

async fn answer(request: Request<Vec<u8>>, delay: Duration) -> Response<Vec<u8>> {
    sleep(delay).await;
    Response::new(format!("This is {}.\n", request.uri()).into_bytes())
}
