//! The smallest HTTP client: one connection, one request, and whatever comes until the end.

use std::io;
use std::net::{IpAddr, Ipv6Addr, SocketAddr, ToSocketAddrs};

use executor::spawn_blocking;
use futures::io::{AsyncReadExt, AsyncWriteExt};
use reactor::TcpStream;

/// Asks `host` for `path`, and gives all that it answers: head, empty line and body, as they came.
///
/// The request says `Connection: close`. HTTP/1.1 keeps a connection open for the next request otherwise,
/// and who reads to its end waits until the server has had enough. (To close our own half instead is no
/// way out: some servers take that for somebody who has left.)
///
/// ```no_run
/// use async_await::cheapo_request;
/// use reactor::Runtime;
///
/// let answer = Runtime::new()?.block_on(cheapo_request("localhost", 8080, "/"))?;
/// println!("{answer}");
/// # Ok::<_, std::io::Error>(())
/// ```
///
/// # Errors
///
/// If the host has no address, or nobody answers there, or the answer is not UTF-8.
pub async fn cheapo_request(host: &str, port: u16, path: &str) -> io::Result<String> {
    let mut stream = connect(host, port).await?;
    // The colons of such an address are not the one before the port.
    let host = match host.parse::<Ipv6Addr>() {
        Ok(address) => format!("[{address}]"),
        Err(_) => host.to_owned(),
    };
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

/// Tries the addresses of a host, one after the other.
async fn connect(host: &str, port: u16) -> io::Result<TcpStream> {
    let mut failed = io::Error::new(io::ErrorKind::NotFound, "the host has no address");
    for address in addresses(host, port).await? {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

/// The addresses of a host.
async fn addresses(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    let host = host.to_owned();
    // The system's look-up blocks, perhaps for seconds: not on a thread that has other tasks.
    let found = spawn_blocking(move || (host, port).to_socket_addrs()).await;
    Ok(found.expect("a look-up does not panic")?.collect())
}
