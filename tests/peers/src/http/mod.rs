//! hyper on our thread and on tokio's, and our own server beside them: the same request, again and again.
//!
//! The servers differ in the runtime under hyper, and in nothing else: one thread, keep-alive, hyper's
//! timer for slow clients switched on, and the same service. They are loaded as the echo servers are, by a
//! process of its own with one request in flight on each connection.

use std::convert::Infallible;
use std::io;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::{Request, Response};

use crate::echo::{self, Echoed, Load, Server};

pub mod client;
mod ours;
mod own;
mod tokio;

pub use ours::HyperOnOurs;
pub use own::Own;
pub use tokio::HyperOnTokio;

/// The word that makes a process of this program the client.
pub const CLIENT: &str = "http-client";

/// What every server answers.
pub const BODY: &str = "Hello, World!";

/// Serves one client that runs in a process of its own.
pub fn measure<S: Server>(server: &mut S, load: Load) -> io::Result<Echoed> {
    echo::measure_by(CLIENT, server, load)
}

/// The same with the client on a thread of this process: for tests.
pub fn measure_here<S: Server>(server: &mut S, load: Load) -> io::Result<Echoed> {
    echo::measure_with(server, load, move |address, clock| {
        client::run(address, load, |moment| clock.hear(moment))
    })
}

/// The service of both hypers.
async fn hello(_: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    Ok(Response::new(Full::new(Bytes::from_static(
        BODY.as_bytes(),
    ))))
}
