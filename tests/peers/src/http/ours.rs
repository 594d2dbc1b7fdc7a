//! hyper on stage 04.

use std::io;
use std::net::SocketAddr;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use reactor::{TcpListener, TcpStream};

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
        self.0.run(accept(connections, ready, |stream| async {
            let connection = http1::Builder::new()
                .timer(HyperTimer)
                .serve_connection(HyperIo::new(stream), service_fn(hello));
            connection.await.map_err(io::Error::other)
        }))
    }
}

/// Serves so many connections, each in a task, to their ends.
pub(super) async fn accept<F>(
    connections: usize,
    ready: impl FnOnce(SocketAddr),
    serve: impl Fn(TcpStream) -> F,
) -> io::Result<()>
where
    F: Future<Output = io::Result<()>> + Send + 'static,
{
    let listener = TcpListener::bind(ANYWHERE)?;
    ready(listener.local_addr()?);
    let mut handles = Vec::with_capacity(connections);
    for _ in 0..connections {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        handles.push(OursIo::spawn(serve(stream)));
    }
    for handle in handles {
        handle.await?;
    }
    Ok(())
}
