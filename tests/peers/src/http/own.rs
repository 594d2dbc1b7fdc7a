//! Stage 05's own HTTP, on stage 04.

use std::io;
use std::net::SocketAddr;

use async_await::{Shutdown, connection};
use hyper::{Request, Response};
use reactor::TcpListener;

use super::BODY;
use crate::echo::{ANYWHERE, Server};
use crate::runtimes::{OursIo, Runtime};

/// The course's server. It has no time limit for slow clients, and sends no date.
#[derive(Debug)]
pub struct Own(OursIo);

impl Server for Own {
    const SERVER: &'static str = "stage 05's own server";

    fn start() -> Self {
        Self(OursIo::new())
    }

    fn serve<const BYTES: usize>(
        &mut self,
        connections: usize,
        ready: impl FnOnce(SocketAddr) + Send + 'static,
    ) -> io::Result<()> {
        self.0.run(async move {
            let listener = TcpListener::bind(ANYWHERE)?;
            ready(listener.local_addr()?);
            let mut handles = Vec::with_capacity(connections);
            for _ in 0..connections {
                let (stream, _) = listener.accept().await?;
                stream.set_nodelay(true)?;
                handles.push(OursIo::spawn(connection(stream, hello, Shutdown::new())));
            }
            for handle in handles {
                handle.await?;
            }
            Ok(())
        })
    }
}

async fn hello(_: Request<Vec<u8>>) -> Response<Vec<u8>> {
    Response::new(BODY.into())
}
