//! The echo server on stage 04.

use std::io;
use std::net::SocketAddr;

use reactor::TcpListener;

use super::{ANYWHERE, Server, echo};
use crate::runtimes::{OursIo, Runtime};

impl Server for OursIo {
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
            let listener = TcpListener::bind(ANYWHERE)?;
            ready(listener.local_addr()?);
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
