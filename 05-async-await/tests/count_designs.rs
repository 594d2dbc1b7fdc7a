//! The same tests for the count server in all its designs.

use std::collections::HashSet;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener as StdListener, TcpStream as StdStream};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use async_await::counting::{LONGEST_REQUEST, number};
use async_await::{
    countclients, countserver, countserver_actor, countserver_callbacks, countserver_sequential,
    countserver_threaded,
};
use futures::StreamExt;
use reactor::{Runtime, TcpListener, TcpStream, sleep};

/// Nothing here takes this long. It is a limit to a hang, and no measure.
const LIMIT: Duration = Duration::from_secs(100);

/// A server that takes so many clients, and then ends.
#[derive(Clone, Copy)]
struct Design {
    name: &'static str,
    /// Serves, and says before where.
    run: fn(usize, mpsc::Sender<SocketAddr>),
}

const SEQUENTIAL: Design = Design {
    name: "sequential",
    run: |clients, address| {
        let listener = listener(&address);
        countserver_sequential::serve(listener.incoming().take(clients));
    },
};

const OTHERS: [Design; 4] = [
    Design {
        name: "threaded",
        run: |clients, address| {
            let listener = listener(&address);
            countserver_threaded::serve(listener.incoming().take(clients));
        },
    },
    Design {
        name: "async",
        run: |clients, address| {
            on_a_runtime(&address, async |listener| {
                countserver::serve(listener.incoming().take(clients)).await;
            });
        },
    },
    Design {
        name: "actor",
        run: |clients, address| {
            on_a_runtime(&address, async |listener| {
                countserver_actor::serve(listener.incoming().take(clients)).await;
            });
        },
    },
    Design {
        name: "callbacks",
        run: |clients, address| {
            let listener = mio::net::TcpListener::bind(any()).unwrap();
            address.send(listener.local_addr().unwrap()).unwrap();
            countserver_callbacks::serve(listener, clients).unwrap();
        },
    },
];

fn any() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

fn listener(address: &mpsc::Sender<SocketAddr>) -> StdListener {
    let listener = StdListener::bind(any()).unwrap();
    address.send(listener.local_addr().unwrap()).unwrap();
    listener
}

/// Runs a server, and those of its tasks that it leaves.
fn on_a_runtime(address: &mpsc::Sender<SocketAddr>, serve: impl AsyncFnOnce(&TcpListener)) {
    let mut runtime = Runtime::new().unwrap();
    let reactor = runtime.reactor().clone();
    runtime.block_on(async {
        let listener = TcpListener::bind(any()).unwrap();
        address.send(listener.local_addr().unwrap()).unwrap();
        serve(&listener).await;
        while reactor.sources() > 1 {
            sleep(Duration::from_millis(1)).await;
        }
    });
}

/// Runs a server of this design for so many clients, who are all done when `test` returns.
fn with_server(design: Design, clients: usize, test: impl FnOnce(SocketAddr)) {
    let (sender, address) = mpsc::channel();
    let (over, is_over) = mpsc::channel::<()>();
    let server = thread::spawn(move || {
        let _over = over;
        (design.run)(clients, sender);
    });
    test(address.recv().unwrap());
    assert!(ends(&is_over), "the {} server does not end", design.name);
    server.join().unwrap();
}

fn ends(server: &Receiver<()>) -> bool {
    server.recv_timeout(LIMIT) == Err(RecvTimeoutError::Disconnected)
}

fn connect(address: SocketAddr) -> StdStream {
    let stream = StdStream::connect(address).unwrap();
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    stream
}

/// What is left to be read from a connection, or nothing, if that fails.
fn rest(mut stream: StdStream) -> String {
    let mut rest = String::new();
    let _ = stream.read_to_string(&mut rest);
    rest
}

fn must_be_contiguous(design: Design, numbers: io::Result<Vec<u64>>, first: u64) {
    let numbers = numbers.unwrap();
    let distinct: HashSet<u64> = numbers.iter().copied().collect();
    let range: HashSet<u64> = (first..first + numbers.len() as u64).collect();
    assert_eq!(distinct, range, "{}", design.name);
}

#[test]
fn all_clients_get_distinct_and_contiguous_numbers() {
    const CLIENTS: usize = 40;
    for design in [SEQUENTIAL].into_iter().chain(OTHERS) {
        with_server(design, 3 * CLIENTS, |server| {
            let numbers = countclients::sequential(server, CLIENTS).unwrap();
            let in_order: Vec<u64> = (1..=CLIENTS as u64).collect();
            assert_eq!(numbers, in_order, "{}", design.name);
            let numbers = countclients::threaded(server, CLIENTS);
            must_be_contiguous(design, numbers, CLIENTS as u64 + 1);
            let mut runtime = Runtime::new().unwrap();
            let numbers = runtime.block_on(countclients::concurrent(server, CLIENTS));
            must_be_contiguous(design, numbers, 2 * CLIENTS as u64 + 1);
        });
    }
}

#[test]
fn who_leaves_without_a_line_uses_up_no_number() {
    for design in [SEQUENTIAL].into_iter().chain(OTHERS) {
        with_server(design, 4, |server| {
            let silent = connect(server);
            silent.shutdown(Shutdown::Write).unwrap();
            assert_eq!(rest(silent), "", "{}", design.name);
            let mut endless = connect(server);
            let _ = endless.write_all(&[b'x'; 10_000]);
            assert_eq!(rest(endless), "", "{}", design.name);
            drop(connect(server));
            assert_eq!(countclients::ask_blocking(server).unwrap(), 1);
        });
    }
}

#[test]
fn all_designs_have_the_same_lines() {
    let line = |length, end| ["x".repeat(length).as_str(), end].concat().into_bytes();
    let right = [
        line(0, "\n"),
        line(LONGEST_REQUEST, "\n"),
        line(LONGEST_REQUEST, "\r\n"),
    ];
    let wrong = [
        line(LONGEST_REQUEST + 1, "\n"),
        line(LONGEST_REQUEST + 1, "\r\n"),
        b"\xff\n".to_vec(),
    ];
    for design in [SEQUENTIAL].into_iter().chain(OTHERS) {
        with_server(design, right.len() + wrong.len(), |server| {
            let answered = |line: &[u8]| {
                let mut client = connect(server);
                client.write_all(line).unwrap();
                rest(client)
            };
            for line in &wrong {
                assert_eq!(answered(line), "", "{}: {line:?}", design.name);
            }
            for (line, number) in right.iter().zip(1..) {
                assert_eq!(
                    answered(line),
                    format!("{number}\n"),
                    "{}: {line:?}",
                    design.name
                );
            }
        });
    }
}

#[test]
fn a_line_may_come_in_pieces() {
    for design in [SEQUENTIAL].into_iter().chain(OTHERS) {
        with_server(design, 1, |server| {
            let mut client = connect(server);
            client.set_nodelay(true).unwrap();
            for byte in b"please\r\n" {
                client.write_all(&[*byte]).unwrap();
                // It is another thread's turn: mostly, the bytes then arrive one by one.
                thread::yield_now();
            }
            assert_eq!(number(&rest(client)).unwrap(), 1, "{}", design.name);
        });
    }
}

#[test]
fn who_says_nothing_holds_up_nobody() {
    // All but one design: the first is the one that the others are there for.
    for design in OTHERS {
        with_server(design, 22, |server| {
            let [mut early, mut late] = [connect(server), connect(server)];
            let numbers = countclients::threaded(server, 20);
            must_be_contiguous(design, numbers, 1);
            late.write_all(b"now I do\n").unwrap();
            assert_eq!(number(&rest(late)).unwrap(), 21, "{}", design.name);
            early.write_all(b"so do I\n").unwrap();
            assert_eq!(number(&rest(early)).unwrap(), 22, "{}", design.name);
        });
    }
}

#[test]
fn hundreds_of_connections_are_open_at_once_and_half_of_them_vanish() {
    const CLIENTS: usize = 300;
    for design in &OTHERS[1..] {
        with_server(*design, CLIENTS, |server| {
            let mut runtime = Runtime::new().unwrap();
            let numbers = runtime.block_on(async {
                let mut streams = Vec::new();
                for _ in 0..CLIENTS {
                    streams.push(TcpStream::connect(server).await?);
                }
                // All of them are connected, and none has said anything.
                drop(streams.split_off(CLIENTS / 2));
                let asked: Vec<_> = streams.into_iter().map(ask).collect();
                (async_await::join_all(asked).await).into_iter().collect()
            });
            must_be_contiguous(*design, numbers, 1);
        });
    }
}

/// Asks for a number on a connection.
async fn ask(mut stream: TcpStream) -> io::Result<u64> {
    use futures::io::{AsyncReadExt, AsyncWriteExt};
    stream.write_all(b"me\n").await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    number(&answer)
}
