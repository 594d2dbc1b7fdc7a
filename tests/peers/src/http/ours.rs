//! hyper on stage 04.

use std::io;
use std::net::SocketAddr;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use reactor::TcpListener;

use super::hello;
use crate::echo::{ANYWHERE, Server};
use crate::hyper_io::{HyperIo, HyperTimer};
use crate::runtimes::{OursIo, Runtime};

/// hyper, on one thread of ours.
#[derive(Debug)]
pub struct HyperOnOurs(OursIo);

impl Server for HyperOnOurs {
    const SERVER: &'static str = "hyper on ours";

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
                let connection = http1::Builder::new()
                    .timer(HyperTimer)
                    .serve_connection(HyperIo::new(stream), service_fn(hello));
                handles.push(OursIo::spawn(connection));
            }
            for handle in handles {
                handle.await.map_err(io::Error::other)?;
            }
            Ok(())
        })
    }
}
