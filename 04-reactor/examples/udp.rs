//! 4.4: a datagram server and its clients, all on one thread.
//!
//! ```text
//! cargo run -p reactor --example udp
//! ```
//!
//! Expect one line for each client, in any order, with what the server made of its word. A client
//! whose datagram was lost would ask again after a second: datagrams may be.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use reactor::{Runtime, UdpSocket, timeout};

fn main() -> io::Result<()> {
    let mut runtime = Runtime::new()?;
    runtime.block_on(async {
        let server = UdpSocket::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        let addr = server.local_addr()?;
        let serving = executor::spawn(serve(server));
        let words = ["read", "write", "wait", "wake"];
        let clients = words.map(|word| executor::spawn(ask(addr, word)));
        for client in clients {
            println!("{}", client.await.expect("clients do not panic")?);
        }
        serving.abort();
        Ok(())
    })
}

/// Answers every datagram with the same in capitals.
async fn serve(socket: UdpSocket) -> io::Result<()> {
    let mut buf = [0; 512];
    loop {
        let (count, sender) = socket.recv_from(&mut buf).await?;
        buf[..count].make_ascii_uppercase();
        socket.send_to(&buf[..count], sender).await?;
    }
}

async fn ask(server: SocketAddr, word: &str) -> io::Result<String> {
    let socket = UdpSocket::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    socket.connect(server)?;
    let mut buf = [0; 512];
    loop {
        socket.send(word.as_bytes()).await?;
        if let Ok(answer) = timeout(Duration::from_secs(1), socket.recv(&mut buf)).await {
            let answer = String::from_utf8_lossy(&buf[..answer?]).into_owned();
            return Ok(format!("{word} -> {answer}"));
        }
    }
}
