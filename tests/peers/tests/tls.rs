//! TLS over the course's sockets: rustls knows no runtime, and asks for the traits of `futures::io`.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use async_await::{HttpClient, Shutdown, connection, get, join};
use futures::io::{AsyncReadExt, AsyncWriteExt};
use futures_rustls::pki_types::{PrivatePkcs8KeyDer, ServerName};
use futures_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig};
use futures_rustls::{TlsAcceptor, TlsConnector, client, server};
use http::{Request, Response};
use reactor::{Runtime, TcpListener, TcpStream, timeout};

/// Nothing here takes this long. It is a limit to a hang, and no measure.
const LIMIT: Duration = Duration::from_secs(60);

fn run<F: Future<Output = io::Result<()>>>(test: F) {
    let tested = Runtime::new()
        .unwrap()
        .block_on(async { timeout(LIMIT, test).await });
    tested.expect("it hangs").unwrap();
}

/// Both sides of a trust in one certificate for `localhost`, made for this test.
fn certified() -> (TlsAcceptor, TlsConnector) {
    let made = rcgen::generate_simple_self_signed(["localhost".into()]).unwrap();
    let certificate = made.cert.der().clone();
    let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let mut roots = RootCertStore::empty();
    roots.add(certificate.clone()).unwrap();
    let server = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key.into())
        .unwrap();
    let client = ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth();
    (Arc::new(server).into(), Arc::new(client).into())
}

/// A connection, and both sides' handshakes on this one thread.
async fn connected(
    acceptor: TlsAcceptor,
    connector: TlsConnector,
    name: &'static str,
) -> (
    io::Result<server::TlsStream<TcpStream>>,
    io::Result<client::TlsStream<TcpStream>>,
) {
    let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = listener.local_addr().unwrap();
    let accept = async move {
        let (stream, _) = listener.accept().await?;
        acceptor.accept(stream).await
    };
    let connect = async move {
        let stream = TcpStream::connect(address).await?;
        let name = ServerName::try_from(name).map_err(io::Error::other)?;
        connector.connect(name, stream).await
    };
    join(accept, connect).await
}

#[test]
fn megabytes_go_and_come_back_encrypted() {
    run(async {
        let (acceptor, connector) = certified();
        let (served, client) = connected(acceptor, connector, "localhost").await;
        let (mut reader, mut writer) = served?.split();
        let echo = executor::spawn(async move {
            futures::io::copy(&mut reader, &mut writer).await?;
            writer.close().await
        });
        let sent: Vec<u8> = (0..2 << 20_u32).map(|place| (place % 251) as u8).collect();
        let (mut reader, mut writer) = client?.split();
        let mut back = Vec::new();
        let writing = async {
            writer.write_all(&sent).await?;
            writer.close().await
        };
        let (written, read) = join(writing, reader.read_to_end(&mut back)).await;
        written?;
        read?;
        assert!(back == sent, "{} of {} bytes", back.len(), sent.len());
        echo.await.unwrap()
    });
}

#[test]
fn our_http_runs_over_tls() {
    run(async {
        let (acceptor, connector) = certified();
        let (served, client) = connected(acceptor, connector, "localhost").await;
        let echo = |request: Request<Vec<u8>>| async { Response::new(request.into_body()) };
        let shutdown = Shutdown::new();
        let server = executor::spawn(connection(served?, echo, shutdown.clone()));
        let mut client = HttpClient::new(client?);
        for length in [0, 1, 100_000] {
            let mut request = get("localhost", "/");
            *request.body_mut() = vec![b'x'; length];
            let response = client.request(&request).await?;
            assert_eq!(response.body().len(), length);
            assert!(client.is_open());
        }
        shutdown.begin();
        server.await.unwrap()
    });
}

#[test]
fn who_is_called_by_another_name_is_not_trusted() {
    run(async {
        let (acceptor, connector) = certified();
        let (served, client) = connected(acceptor, connector, "example.org").await;
        assert_eq!(client.unwrap_err().kind(), io::ErrorKind::InvalidData);
        assert!(served.is_err(), "the client has told the server why");
        Ok(())
    });
}
