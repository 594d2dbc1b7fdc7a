//! An echo server on one thread, and clients of every kind, over the selector of the system.

#[path = "support/watchdog.rs"]
mod watchdog;

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream as StdStream};
use std::thread;
use std::time::Duration;

use futures::channel::oneshot;
use futures::io::{AsyncReadExt, AsyncWriteExt, copy};
use reactor::{PoolRuntime, Runtime, TcpListener, TcpStream, sleep};
use watchdog::Watchdog;

const ANY: &str = "127.0.0.1:0";

/// Sends back what comes, until the other side has no more to say.
async fn echo(stream: TcpStream) -> io::Result<u64> {
    let copied = copy(&stream, &mut &stream).await?;
    (&stream).close().await?;
    Ok(copied)
}

/// Accepts for ever.
async fn serve(listener: TcpListener) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        executor::spawn(echo(stream));
    }
}

/// Bytes of which no two neighbours, and no two clients' are alike.
fn pattern(client: usize, count: usize) -> Vec<u8> {
    let byte = |place: usize| (place.wrapping_mul(31) ^ (place >> 8) ^ client) as u8;
    (0..count).map(byte).collect()
}

/// Runs `clients` on threads of their own against an echo server on this one, which is alone with its
/// listener when they are done.
fn with_server(clients: impl FnOnce(SocketAddr) + Send + 'static) {
    let _watchdog = Watchdog::start();
    let mut runtime = Runtime::new().unwrap();
    let reactor = runtime.reactor().clone();
    runtime.block_on(async {
        let listener = TcpListener::bind(ANY.parse().unwrap()).unwrap();
        let address = listener.local_addr().unwrap();
        let server = executor::spawn(serve(listener));
        on_a_thread(move || clients(address)).await;
        // What the clients did last, the server has yet to see.
        while reactor.sources() > 1 {
            sleep(Duration::from_millis(1)).await;
        }
        server.abort();
        assert!(server.await.unwrap_err().is_cancelled());
    });
    assert_eq!((reactor.sources(), reactor.timers()), (0, 0));
}

/// Ready when `act` is done on a thread of its own.
async fn on_a_thread(act: impl FnOnce() + Send + 'static) {
    let (done, is_done) = oneshot::channel();
    let thread = thread::spawn(move || {
        act();
        let _ = done.send(());
    });
    let result = is_done.await;
    thread.join().unwrap();
    result.unwrap();
}

/// Sends `message` and reads it back. Both sides' buffers may be full on the way.
fn exchange(mut stream: &StdStream, message: &[u8]) {
    let sender = stream.try_clone().unwrap();
    thread::scope(|scope| {
        scope.spawn(move || (&sender).write_all(message).unwrap());
        let mut back = vec![0; message.len()];
        stream.read_exact(&mut back).unwrap();
        assert!(back == message, "other bytes came back");
    });
}

#[test]
fn every_client_gets_its_own_bytes_back() {
    with_server(|address| {
        thread::scope(|scope| {
            for client in 0..20 {
                scope.spawn(move || {
                    let stream = StdStream::connect(address).unwrap();
                    for size in [1, 4_096, 70_000, 2] {
                        exchange(&stream, &pattern(client, size));
                    }
                });
            }
        });
    });
}

#[test]
fn connections_that_are_idle_keep_nobody_waiting() {
    with_server(|address| {
        let idle: Vec<_> = (0..100)
            .map(|_| StdStream::connect(address).unwrap())
            .collect();
        let busy = StdStream::connect(address).unwrap();
        for round in 0..100 {
            exchange(&busy, &pattern(round, 100));
        }
        // They are served all the same, once they speak.
        exchange(&idle[50], b"hello");
    });
}

#[test]
fn a_client_that_has_said_all_still_gets_its_answer() {
    with_server(|address| {
        let mut client = StdStream::connect(address).unwrap();
        let message = pattern(1, 50_000);
        client.write_all(&message).unwrap();
        client.shutdown(Shutdown::Write).unwrap();
        let mut back = Vec::new();
        client.read_to_end(&mut back).unwrap();
        assert!(back == message);
    });
}

#[test]
fn a_client_that_does_not_read_holds_up_nobody_else() {
    with_server(|address| {
        let mut slow = StdStream::connect(address).unwrap();
        let message = pattern(2, 8 << 20);
        let mut sender = slow.try_clone().unwrap();
        let sent = message.clone();
        let sender = thread::spawn(move || sender.write_all(&sent).unwrap());
        // The first has come round: the server is at it, and will soon be unable to go on.
        let mut first = [0];
        slow.read_exact(&mut first).unwrap();
        for round in 0..20 {
            exchange(
                &StdStream::connect(address).unwrap(),
                &pattern(round, 1_000),
            );
        }
        let mut back = vec![first[0]; 1];
        back.resize(message.len(), 0);
        for chunk in back[1..].chunks_mut(100_000) {
            slow.read_exact(chunk).unwrap();
        }
        assert!(back == message);
        sender.join().unwrap();
    });
}

#[test]
fn clients_that_vanish_in_the_middle_leave_nothing_behind() {
    with_server(|address| {
        for round in 0..10 {
            let mut client = StdStream::connect(address).unwrap();
            client.set_nonblocking(true).unwrap();
            // As much as fits, and nothing of it is read: closed like that, a connection is reset.
            while client.write(&pattern(round, 10_000)).is_ok() {
                if round % 2 == 0 {
                    break;
                }
            }
        }
        exchange(&StdStream::connect(address).unwrap(), b"still there");
    });
}

#[test]
fn a_runtime_that_is_dropped_in_mid_transfer_closes_its_connections() {
    let _watchdog = Watchdog::start();
    let mut runtime = Runtime::new().unwrap();
    let reactor = runtime.reactor().clone();
    let listener = {
        let _entered = reactor.enter();
        TcpListener::bind(ANY.parse().unwrap()).unwrap()
    };
    let address = listener.local_addr().unwrap();
    let clients: Vec<_> = (0..10)
        .map(|client| {
            thread::spawn(move || {
                let mut stream = StdStream::connect(address).unwrap();
                let mut buffer = pattern(client, 1_000);
                // For ever, were it not for the server.
                while stream.write_all(&buffer).is_ok() && stream.read_exact(&mut buffer).is_ok() {}
            })
        })
        .collect();
    runtime.block_on(async {
        executor::spawn(serve(listener));
        while reactor.sources() < 11 {
            sleep(Duration::from_millis(1)).await;
        }
    });
    drop(runtime);
    for client in clients {
        client.join().unwrap();
    }
    assert_eq!((reactor.sources(), reactor.timers()), (0, 0));
}

#[test]
fn the_same_server_runs_on_a_pool() {
    let _watchdog = Watchdog::start();
    let runtime = PoolRuntime::new(3).unwrap();
    let reactor = runtime.reactor().clone();
    runtime.block_on(async {
        let listener = TcpListener::bind(ANY.parse().unwrap()).unwrap();
        let address = listener.local_addr().unwrap();
        executor::spawn(serve(listener));
        let clients: Vec<_> = (0..100)
            .map(|client| {
                executor::spawn(async move {
                    let mut stream = TcpStream::connect(address).await.unwrap();
                    for round in 0..20 {
                        let message = pattern(client + round, 1_000);
                        stream.write_all(&message).await.unwrap();
                        let mut back = vec![0; message.len()];
                        stream.read_exact(&mut back).await.unwrap();
                        assert!(back == message);
                        sleep(Duration::from_millis(1)).await;
                    }
                })
            })
            .collect();
        for client in clients {
            client.await.unwrap();
        }
    });
    // Some tasks, and the one that accepts, are waiting still.
    drop(runtime);
    assert_eq!((reactor.sources(), reactor.timers()), (0, 0));
}
