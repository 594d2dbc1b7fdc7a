//! A proxy between clients and a server, with ends that come in any order.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener as StdListener, TcpStream as StdStream};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::thread;
use std::time::Duration;

use async_await::proxy;
use futures::channel::oneshot;
use futures::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufWriter};
use reactor::{Runtime, TcpListener, TcpStream, sleep, timeout};

/// Nothing here takes this long. It is a limit to a hang, and no measure.
const LIMIT: Duration = Duration::from_secs(100);

/// More than the system keeps for a connection.
const MUCH: usize = 8 << 20;

fn any() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

/// Runs a proxy to `server`, and `client` with the proxy's address. Afterwards all connections are gone.
fn with_proxy(server: SocketAddr, client: impl FnOnce(SocketAddr) + Send + 'static) {
    let mut runtime = Runtime::new().unwrap();
    let reactor = runtime.reactor().clone();
    runtime.block_on(async {
        let listener = TcpListener::bind(any()).unwrap();
        let address = listener.local_addr().unwrap();
        let (done, is_done) = oneshot::channel();
        let client = thread::spawn(move || {
            client(address);
            let _ = done.send(());
        });
        let accept = executor::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                executor::spawn(async move {
                    let server = TcpStream::connect(server).await?;
                    proxy(stream, server).await
                });
            }
        });
        let _ = is_done.await;
        client.join().unwrap();
        while reactor.sources() > 1 {
            sleep(Duration::from_millis(1)).await;
        }
        accept.abort();
        assert!(accept.await.unwrap_err().is_cancelled());
    });
    assert_eq!((reactor.sources(), reactor.timers()), (0, 0));
}

fn connect(address: SocketAddr) -> StdStream {
    let stream = StdStream::connect(address).unwrap();
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    stream.set_write_timeout(Some(LIMIT)).unwrap();
    stream
}

/// Somebody to be called, on a thread for each caller.
fn server(serve: impl Fn(StdStream) -> io::Result<()> + Clone + Send + 'static) -> SocketAddr {
    let listener = StdListener::bind(any()).unwrap();
    let address = listener.local_addr().unwrap();
    // It ends with the program.
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (serve, stream) = (serve.clone(), stream.unwrap());
            stream.set_read_timeout(Some(LIMIT)).unwrap();
            thread::spawn(move || serve(stream));
        }
    });
    address
}

fn pattern(seed: usize, count: usize) -> Vec<u8> {
    (0..count)
        .map(|place| (place.wrapping_mul(31) ^ (place >> 8) ^ seed) as u8)
        .collect()
}

fn rest(mut stream: impl Read) -> Vec<u8> {
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).unwrap();
    rest
}

#[test]
fn both_directions_go_through_at_once() {
    // Sends its own, and only then reads: with one direction at a time, nobody would go on.
    let server = server(|mut stream| {
        stream.write_all(&pattern(1, MUCH))?;
        stream.shutdown(Shutdown::Write)?;
        let came = rest(&stream);
        assert!(came == pattern(2, MUCH));
        Ok(())
    });
    with_proxy(server, |proxy| {
        let mut stream = connect(proxy);
        let mut reader = stream.try_clone().unwrap();
        let reads = thread::spawn(move || rest(&mut reader));
        stream.write_all(&pattern(2, MUCH)).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        assert!(reads.join().unwrap() == pattern(1, MUCH));
    });
}

#[test]
fn who_has_said_all_still_gets_his_answer() {
    let server = server(|mut stream| {
        let question = rest(&stream);
        stream.write_all(&question)?;
        stream.write_all(b", and goodbye")
    });
    with_proxy(server, |proxy| {
        let mut stream = connect(proxy);
        stream.write_all(b"hello").unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        assert_eq!(rest(stream), b"hello, and goodbye");
    });
}

#[test]
fn a_server_that_has_said_all_can_still_be_talked_to() {
    let server = server(|mut stream| {
        stream.write_all(b"I am listening")?;
        stream.shutdown(Shutdown::Write)?;
        assert!(rest(&stream) == pattern(3, MUCH));
        Ok(())
    });
    with_proxy(server, |proxy| {
        let mut stream = connect(proxy);
        let mut greeting = Vec::new();
        // To the end, which is passed on at once.
        stream.read_to_end(&mut greeting).unwrap();
        assert_eq!(greeting, b"I am listening");
        stream.write_all(&pattern(3, MUCH)).unwrap();
    });
}

#[test]
fn when_one_side_breaks_off_the_other_hears_of_it() {
    let server = server(|mut stream| {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        // With bytes unread, to close is to break off.
        drop(stream);
        Ok(())
    });
    with_proxy(server, |proxy| {
        let mut stream = connect(proxy);
        let mut reader = stream.try_clone().unwrap();
        // The write fails sooner or later, and the read ends, with an error or without.
        while stream.write_all(&pattern(4, 10_000)).is_ok() {}
        let _ = reader.read_to_end(&mut Vec::new());
    });
}

#[test]
fn a_server_that_nobody_answers_for_ends_the_connection() {
    let nobody = StdListener::bind(any()).unwrap().local_addr().unwrap();
    with_proxy(nobody, |proxy| {
        let _ = connect(proxy).read_to_end(&mut Vec::new());
    });
}

#[test]
fn nothing_stays_in_a_buffer_while_an_answer_is_awaited() {
    // The server's side comes through a buffer, as it would with TLS.
    let mut runtime = Runtime::new().unwrap();
    let talk = async {
        let (door, server) = (TcpListener::bind(any())?, TcpListener::bind(any())?);
        let mut client = TcpStream::connect(door.local_addr()?).await?;
        let (left, _) = door.accept().await?;
        let right = Buffered(BufWriter::new(
            TcpStream::connect(server.local_addr()?).await?,
        ));
        let passed = executor::spawn(proxy(left, right));
        let (mut served, _) = server.accept().await?;
        for _ in 0..3 {
            client.write_all(b"question").await?;
            let mut question = [0; 8];
            served.read_exact(&mut question).await?;
            served.write_all(b"answer").await?;
            let mut answer = [0; 6];
            client.read_exact(&mut answer).await?;
            assert_eq!((&question, &answer), (b"question", b"answer"));
        }
        drop((client, served));
        let _ = passed.await.unwrap();
        io::Result::Ok(())
    };
    let talked = runtime.block_on(async { timeout(LIMIT, talk).await });
    talked.expect("it hangs").unwrap();
}

/// A connection that keeps what is written until it is flushed.
struct Buffered(BufWriter<TcpStream>);

impl AsyncRead for Buffered {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl AsyncWrite for Buffered {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_close(cx)
    }
}

#[test]
fn many_connections_at_once_do_not_mix() {
    let echo = server(|mut stream| {
        let mut writer = stream.try_clone()?;
        io::copy(&mut stream, &mut writer)?;
        writer.shutdown(Shutdown::Write)
    });
    with_proxy(echo, |proxy| {
        thread::scope(|scope| {
            for client in 0..20 {
                scope.spawn(move || {
                    let mut stream = connect(proxy);
                    for round in 0..20 {
                        let message = pattern(client, 1_000 + round);
                        stream.write_all(&message).unwrap();
                        let mut back = vec![0; message.len()];
                        stream.read_exact(&mut back).unwrap();
                        assert!(back == message);
                    }
                });
            }
        });
    });
}
