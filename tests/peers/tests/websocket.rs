//! WebSockets over the course's sockets, by a crate that asks for the traits of `futures::io`.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use async_await::{Connections, Shutdown, serve_connections};
use async_tungstenite::tungstenite::{Error, Message};
use async_tungstenite::{accept_async, client_async};
use futures::{SinkExt, StreamExt};
use reactor::{Runtime, TcpListener, TcpStream, timeout};

/// Nothing here takes this long. It is a limit to a hang, and no measure.
const LIMIT: Duration = Duration::from_secs(60);

/// Gives back what a client says, until he closes.
async fn echo(stream: TcpStream) -> Result<(), Error> {
    let mut socket = accept_async(stream).await?;
    while let Some(message) = socket.next().await {
        match message? {
            message @ (Message::Text(_) | Message::Binary(_)) => socket.send(message).await?,
            // The crate answers these itself.
            _ => socket.flush().await?,
        }
    }
    Ok(())
}

/// Says some things, and hears them again.
async fn converse(address: SocketAddr, number: usize) -> Result<(), Error> {
    let stream = TcpStream::connect(address).await?;
    let (mut socket, response) = client_async("ws://localhost/echo", stream).await?;
    assert_eq!(response.status(), 101);
    let large = vec![number as u8; 300_000];
    for message in [
        Message::text(format!("howdy from {number}")),
        Message::binary(large),
        Message::text(""),
    ] {
        socket.send(message.clone()).await?;
        assert_eq!(socket.next().await.transpose()?, Some(message));
    }
    socket.close(None).await?;
    while let Some(message) = socket.next().await {
        assert!(message?.is_close());
    }
    Ok(())
}

#[test]
fn many_clients_hear_their_echoes() {
    let test = async {
        let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
        let address = listener.local_addr()?;
        let shutdown = Shutdown::new();
        let end = shutdown.clone();
        let server = executor::spawn(async move {
            let serve = async |stream| echo(stream).await.unwrap();
            serve_connections(Connections::of(listener), serve, end, LIMIT).await
        });
        let clients: Vec<_> = (0..20)
            .map(|number| executor::spawn(converse(address, number)))
            .collect();
        for client in clients {
            client.await.unwrap().unwrap();
        }
        shutdown.begin();
        assert_eq!(server.await.unwrap(), 0);
        io::Result::Ok(())
    };
    let mut runtime = Runtime::new().unwrap();
    let tested = runtime.block_on(async { timeout(LIMIT, test).await });
    tested.expect("it hangs").unwrap();
}
