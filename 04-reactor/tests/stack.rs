//! One program through the layers of four stages: real sockets, timers of two kinds, and tasks that wait for each
//! other, all on one thread.
//!
//! Whatever of the layers is the learner's, the program does the same. Each step waits for the one before it, so
//! the order of the trace is no matter of luck.

use std::{
    io::{self, Write as _},
    net::SocketAddr,
    sync::Arc,
    thread,
    time::Duration,
};

use course::{Exercise, ThreadLog as Log, grade};
use executor::{JoinError, Spawner, spawn, yield_now};
use futures::{AsyncReadExt, AsyncWriteExt, future::join};
use reactor::{
    Registered, Runtime, SocketRead, TcpListener, TcpStream,
    selector::{self, MioSelector},
    sleep, timeout,
};
use waker_timer::{
    Delay, Notify, TimerFuture,
    clock::{self, RealClock},
};

const STACK: Exercise = Exercise {
    name: "stack",
    folder: env!("CARGO_MANIFEST_DIR"),
    stage: "04-reactor",
    learners: cfg!(any(
        feature = "my-async-socket-read",
        feature = "my-connect-accept",
        feature = "my-event-loop",
        feature = "my-event-map",
        feature = "my-io-blocker",
        feature = "my-tcp-read-write",
        feature = "my-timers",
        feature = "my-wake-from-outside",
    )),
};

const A_MOMENT: Duration = Duration::from_millis(1);

/// More than the system keeps for a connection: who writes it has to wait for whoever reads it.
const MUCH: usize = 8 << 20;

#[test]
fn tasks_and_sockets_share_one_thread() {
    grade!(STACK, lesson, |rec| {
        let _clock = clock::replace(Arc::new(RealClock));
        let _selector = selector::replace(Arc::new(MioSelector));
        let log = Log::here(rec);
        let mut runtime = Runtime::new().expect("the system has a selector");
        let (reactor, spawner) = (runtime.reactor().clone(), runtime.spawner());
        let done = runtime.block_on(program(log, spawner));
        done.expect("loopback connections do not fail");
        rec.note(format!(
            "sockets and timers left: {}, {}",
            reactor.sources(),
            reactor.timers()
        ));
    });
}

async fn program(log: Log, spawner: Spawner) -> io::Result<()> {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let address = listener.local_addr()?;
    let bell = Arc::new(Notify::new());
    let server = spawn(server(log.clone(), listener, Arc::clone(&bell)));
    let client = spawn(client(log.clone(), address));
    let (served, asked) = (ended(server.await)?, ended(client.await)?);
    log.note(format!(
        "server has counted {served} bytes, client has sent {asked}"
    ));
    bell.notified().await;
    log.note("the bell has rung");
    outside(&log, spawner).await?;
    leaving(&log).await
}

/// What a task left, with its panic as an error.
fn ended<T>(result: Result<io::Result<T>, JoinError>) -> io::Result<T> {
    result.unwrap_or_else(|error| Err(io::Error::other(format!("{error:?}"))))
}

/// Greets one client, answers it, and counts what it sends besides.
async fn server(log: Log, listener: TcpListener, bell: Arc<Notify>) -> io::Result<usize> {
    let (mut stream, _) = listener.accept().await?;
    // A timer of stage 02, on a thread of its own; and one of this stage, on the loop.
    TimerFuture::new(A_MOMENT).await;
    sleep(A_MOMENT).await;
    stream.write_all(b"hello").await?;
    let mut question = [0; 4];
    stream.read_exact(&mut question).await?;
    log.note(format!(
        "server hears {:?}",
        String::from_utf8_lossy(&question)
    ));
    let (mut from, mut to) = stream.split();
    // Both directions at once.
    let (counted, sent) = join(
        async {
            let (mut counted, mut bytes) = (0, vec![0; 1 << 16]);
            while counted < MUCH {
                counted += from.read(&mut bytes).await?;
                yield_now().await;
            }
            io::Result::Ok(counted)
        },
        write_much(&mut to),
    )
    .await;
    sent?;
    bell.notify_one();
    counted
}

/// Asks the server, and exchanges much with it in both directions at once.
async fn client(log: Log, address: SocketAddr) -> io::Result<usize> {
    let mut stream = TcpStream::connect(address).await?;
    let mut greeting = [0; 5];
    stream.read_exact(&mut greeting).await?;
    log.note(format!(
        "client hears {:?}",
        String::from_utf8_lossy(&greeting)
    ));
    Delay::new(A_MOMENT).await;
    stream.write_all(b"why?").await?;
    let (mut from, mut to) = stream.split();
    let (read, sent) = join(
        async {
            // To the end: the server closes when it has all.
            let (mut counted, mut bytes) = (0, vec![0; 1 << 16]);
            loop {
                match from.read(&mut bytes).await? {
                    0 => return io::Result::Ok(counted),
                    length => counted += length,
                }
            }
        },
        write_much(&mut to),
    )
    .await;
    sent?;
    log.note(format!("client has read {} bytes", read?));
    Ok(MUCH)
}

async fn write_much(to: &mut (impl futures::AsyncWrite + Unpin)) -> io::Result<()> {
    let bytes = [7; 1 << 15];
    for _ in 0..MUCH / bytes.len() {
        to.write_all(&bytes).await?;
    }
    to.flush().await
}

/// Another thread brings a task, and later a word.
async fn outside(log: &Log, spawner: Spawner) -> io::Result<()> {
    let (ours, mut theirs) = connection()?;
    let (inner, go) = (log.clone(), Arc::new(Notify::new()));
    let theirs_to_go = Arc::clone(&go);
    let brought = thread::spawn(move || {
        // The loop has nothing to do by now, and may be asleep.
        let task = spawner.spawn(async move {
            theirs_to_go.notified().await;
            inner.note("a task from another thread runs here");
            sleep(A_MOMENT).await;
        });
        let said = theirs.write_all(b"howdy");
        (task, said)
    });
    let word = SocketRead::new(&ours).await?;
    log.note(format!(
        "another thread says {:?}",
        String::from_utf8_lossy(&word)
    ));
    go.notify_one();
    let (task, said) = brought.join().expect("it does not panic");
    said?;
    let outcome = task.await;
    log.note(format!("its task has ended well: {}", outcome.is_ok()));
    Ok(())
}

/// Reads that nobody answers: one has a time limit, one is aborted, one task panics beside them.
async fn leaving(log: &Log) -> io::Result<()> {
    let (ours, _theirs) = connection()?;
    let ours = Arc::new(ours);
    let late = timeout(A_MOMENT, SocketRead::new(&ours)).await;
    log.note(format!(
        "a read has come to its time limit: {}",
        late.is_err()
    ));
    let socket = Arc::clone(&ours);
    let waits = spawn(async move { SocketRead::new(&socket).await.map(|bytes| bytes.len()) });
    let panics = spawn(async {
        yield_now().await;
        std::panic::panic_any("no luck")
    });
    let panicked: Result<(), _> = panics.await;
    log.note(format!(
        "a task has panicked: {}",
        matches!(panicked, Err(JoinError::Panicked(_)))
    ));
    waits.abort();
    let aborted = waits.await;
    log.note(format!(
        "a read was aborted: {}",
        matches!(aborted, Err(JoinError::Cancelled))
    ));
    log.note(format!(
        "it has let go of its socket: {}",
        Arc::strong_count(&ours) == 1
    ));
    Ok(())
}

/// Our end of a connection, and that of another thread.
fn connection() -> io::Result<(Registered<mio::net::TcpStream>, std::net::TcpStream)> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    let theirs = std::net::TcpStream::connect(listener.local_addr()?)?;
    let (ours, _) = listener.accept()?;
    ours.set_nonblocking(true)?;
    let ours = Registered::new(mio::net::TcpStream::from_std(ours))?;
    Ok((ours, theirs))
}
