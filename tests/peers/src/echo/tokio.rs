//! The echo server on tokio.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::{ANYWHERE, Server};
use crate::runtimes::{Runtime, TokioIo};

impl Server for TokioIo {
    const SERVER: &'static str = Self::NAME;

    fn start() -> Self {
        Self::new()
    }

    fn serve<const BYTES: usize>(
        &mut self,
        connections: usize,
        ready: impl FnOnce(SocketAddr) + Send + 'static,
    ) -> io::Result<()> {
        self.run(async move {
            let listener = TcpListener::bind(ANYWHERE).await?;
            ready(listener.local_addr()?);
            let mut handles = Vec::with_capacity(connections);
            for _ in 0..connections {
                let (stream, _) = listener.accept().await?;
                handles.push(Self::spawn(echo::<BYTES>(stream)));
            }
            for handle in handles {
                handle.await?;
            }
            Ok(())
        })
    }
}

async fn echo<const BYTES: usize>(mut stream: TcpStream) -> io::Result<()> {
    let mut buffer = [0; BYTES];
    loop {
        match stream.read(&mut buffer).await? {
            0 => return Ok(()),
            count => stream.write_all(&buffer[..count]).await?,
        }
    }
}
