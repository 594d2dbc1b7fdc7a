//! The echo server on async-io and async-executor.

use std::io;
use std::net::{SocketAddr, TcpListener};

use async_io::Async;

use super::{ANYWHERE, Server, echo};
use crate::runtimes::{Runtime, Smol};

impl Server for Smol {
    const SERVER: &'static str = "async-executor and async-io";

    fn start() -> Self {
        Self::new()
    }

    fn serve<const BYTES: usize>(
        &mut self,
        connections: usize,
        ready: impl FnOnce(SocketAddr) + Send + 'static,
    ) -> io::Result<()> {
        self.run(async move {
            let listener = Async::<TcpListener>::bind(ANYWHERE)?;
            ready(listener.get_ref().local_addr()?);
            let mut handles = Vec::with_capacity(connections);
            for _ in 0..connections {
                let (stream, _) = listener.accept().await?;
                handles.push(Self::spawn(echo::<_, BYTES>(stream)));
            }
            for handle in handles {
                handle.await?;
            }
            Ok(())
        })
    }
}
