//! A small HTTP/1.1 server: keep-alive, one task for each connection, and an end.

use std::io;
use std::time::Duration;

use futures::SinkExt;
use futures::io::{AsyncRead, AsyncReadExt, AsyncWrite};
use http::header::CONNECTION;
use http::{HeaderValue, Method, Request, Response, StatusCode, Version};
use reactor::{TcpListener, TcpStream};

use crate::budget::Budget;
use crate::connections::Connections;
use crate::http_codec::{Answer, Incoming, ServerCodec};
use crate::http_head::keeps_alive;
use crate::{FramedRead, FramedWrite, Shutdown, next, serve_connections};

/// Serves HTTP until the shutdown begins, and after that as long as requests are being answered, but
/// not longer than `grace`. Gives the number of connections that were cut off then.
///
/// Each connection is a task. A panic in `handler` ends its connection, and no other. A listener that cannot
/// accept for a while (no file descriptor left, for one) tries again.
pub async fn serve<H, F>(
    listener: TcpListener,
    handler: H,
    shutdown: Shutdown,
    grace: Duration,
) -> usize
where
    H: Fn(Request<Vec<u8>>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response<Vec<u8>>> + Send + 'static,
{
    let end = shutdown.clone();
    let answer = |stream: TcpStream| {
        let _ = stream.set_nodelay(true);
        let (handler, shutdown) = (handler.clone(), shutdown.clone());
        async move {
            connection(stream, handler, shutdown)
                .await
                .unwrap_or_default()
        }
    };
    serve_connections(Connections::of(listener), answer, end, grace).await
}

/// Answers the requests of one connection, one after the other.
///
/// # Errors
///
/// If the connection fails or the client says what is no HTTP.
pub async fn connection<S, H, F>(stream: S, handler: H, shutdown: Shutdown) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
    H: Fn(Request<Vec<u8>>) -> F,
    F: Future<Output = Response<Vec<u8>>>,
{
    let (reader, writer) = stream.split();
    let mut requests = FramedRead::new(reader, ServerCodec::default());
    let mut answers = FramedWrite::<_, _, Answer>::new(writer, ServerCodec::default());
    let mut budget = Budget::default();
    loop {
        // A client may send the next request before it has the answer to the last, and so on.
        budget.spend_one().await;
        let request = match next_request(&mut requests, &shutdown).await {
            Some(Ok(Incoming::Request(request))) => request,
            Some(Ok(Incoming::Asks)) => {
                let go_on = status(StatusCode::CONTINUE, String::new());
                answers.send(&Answer::new(go_on)).await?;
                continue;
            }
            Some(Err(error)) if error.kind() == io::ErrorKind::InvalidData => {
                let mut refusal = status(StatusCode::BAD_REQUEST, error.to_string());
                say_whether_it_goes_on(&mut refusal, Version::HTTP_11, false);
                answers.send(&Answer::new(refusal)).await?;
                return answers.close().await;
            }
            Some(Err(error)) => return Err(error),
            None => return answers.close().await,
        };
        let (head_only, version) = (*request.method() == Method::HEAD, request.version());
        let goes_on = keeps_alive(version, request.headers());
        let mut response = handler(request).await;
        let goes_on =
            goes_on && keeps_alive(response.version(), response.headers()) && !shutdown.is_begun();
        say_whether_it_goes_on(&mut response, version, goes_on);
        let answer = Answer {
            response,
            head_only,
        };
        answers.send(&answer).await?;
        if !goes_on {
            return answers.close().await;
        }
    }
}

/// What a client says next; `None` if that is nothing more, or if it is over.
async fn next_request<R: AsyncRead + Unpin>(
    requests: &mut FramedRead<R, ServerCodec>,
    shutdown: &Shutdown,
) -> Option<io::Result<Incoming>> {
    // The request first: one that has arrived is answered, also if it is over by now.
    match shutdown.or(next(requests)).await {
        // And so is one whose head has arrived: who sends the rest of it is not idle.
        None if requests.decoder().has_begun() => next(requests).await,
        said => said.flatten(),
    }
}

/// A response of the server's own.
fn status(status: StatusCode, text: String) -> Response<Vec<u8>> {
    let mut response = Response::new(text.into_bytes());
    *response.status_mut() = status;
    response
}

/// Says whether the connection ends with this response. That it does not goes without saying, but not to a
/// client that speaks HTTP/1.0.
fn say_whether_it_goes_on(response: &mut Response<Vec<u8>>, client: Version, goes_on: bool) {
    let word = match (goes_on, client) {
        (false, _) => "close",
        (true, Version::HTTP_10) => "keep-alive",
        (true, _) => return,
    };
    let headers = response.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static(word));
}
