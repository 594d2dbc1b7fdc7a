//! Stage 05's own HTTP, on stage 04.

use std::io;
use std::net::SocketAddr;

use async_await::{Shutdown, connection};
use hyper::{Request, Response};

use super::{BODY, ours::accept};
use crate::echo::Server;
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
        let serve = |stream| connection(stream, hello, Shutdown::new());
        self.0.run(accept(connections, ready, serve))
    }
}

async fn hello(_: Request<Vec<u8>>) -> Response<Vec<u8>> {
    Response::new(BODY.into())
}
