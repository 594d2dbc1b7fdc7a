//! HTTP between our client, our server, and others who are less well-behaved.

mod client;
mod framing;
mod server;

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

use reactor::{Runtime, timeout};

/// Nothing here takes this long. It is a limit to a hang, and no measure.
const LIMIT: Duration = Duration::from_secs(60);

fn run<F: Future<Output = io::Result<()>>>(test: F) {
    let result = Runtime::new()
        .unwrap()
        .block_on(async { timeout(LIMIT, test).await });
    result.expect("it hangs").unwrap();
}

/// A server of plain std on a thread of its own, for one connection.
fn plain_server(
    serve: impl FnOnce(std::net::TcpStream) + Send + 'static,
) -> (SocketAddr, thread::JoinHandle<()>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let thread = thread::spawn(move || serve(listener.accept().unwrap().0));
    (address, thread)
}
