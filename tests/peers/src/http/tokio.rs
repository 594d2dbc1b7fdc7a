//! hyper on tokio, through the adaptors of `hyper-util`.

use std::io;
use std::net::SocketAddr;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt;
use tokio::net::TcpListener;

use super::hello;
use crate::echo::{ANYWHERE, Server};
use crate::runtimes::{Runtime, TokioIo};

/// hyper, on one thread of tokio's.
#[derive(Debug)]
pub struct HyperOnTokio(TokioIo);

impl Server for HyperOnTokio {
    const SERVER: &'static str = "hyper on tokio current_thread";

    fn start() -> Self {
        Self(TokioIo::new())
    }

    fn serve<const BYTES: usize>(
        &mut self,
        connections: usize,
        ready: impl FnOnce(SocketAddr) + Send + 'static,
    ) -> io::Result<()> {
        self.0.run(async move {
            let listener = TcpListener::bind(ANYWHERE).await?;
            ready(listener.local_addr()?);
            let mut handles = Vec::with_capacity(connections);
            for _ in 0..connections {
                let (stream, _) = listener.accept().await?;
                stream.set_nodelay(true)?;
                let connection = http1::Builder::new()
                    .timer(rt::TokioTimer::new())
                    .serve_connection(rt::TokioIo::new(stream), service_fn(hello));
                handles.push(TokioIo::spawn(connection));
            }
            for handle in handles {
                handle.await.map_err(io::Error::other)?;
            }
            Ok(())
        })
    }
}
