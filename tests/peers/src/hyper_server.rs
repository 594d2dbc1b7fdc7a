//! A server of hyper's on this course's runtime, with stage 05's orderly end.

use std::pin::pin;
use std::time::Duration;

use async_await::{Connections, Either, Shutdown, select, serve_connections};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use reactor::{TcpListener, TcpStream};

use crate::hyper_io::{HyperIo, HyperTimer};

/// Serves until the shutdown begins, and then as long as requests are being answered, but not longer than
/// `grace`. Gives the number of connections that were cut off then.
pub async fn serve(listener: TcpListener, shutdown: Shutdown, grace: Duration) -> usize {
    let end = shutdown.clone();
    let connection = move |stream| connection(stream, shutdown.clone());
    serve_connections(Connections::of(listener), connection, end, grace).await
}

/// Answers the requests of one connection. A client who does not get on with his head has ten seconds.
async fn connection(stream: TcpStream, shutdown: Shutdown) {
    let _ = stream.set_nodelay(true);
    let connection = http1::Builder::new()
        .timer(HyperTimer)
        .header_read_timeout(Duration::from_secs(10))
        .serve_connection(HyperIo::new(stream), service_fn(answer));
    let over = pin!(shutdown.begun());
    // What goes wrong on one connection is the end of that one.
    let _ = match select(pin!(connection), over).await {
        Either::Left((ended, _)) => ended,
        Either::Right(((), mut connection)) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
}

/// Method, path and body.
async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, hyper::Error> {
    let mut text = format!("{} {}\n", request.method(), request.uri()).into_bytes();
    let body = request.into_body().collect().await?;
    text.extend_from_slice(&body.to_bytes());
    Ok(Response::new(Full::new(text.into())))
}
