//! One program through the layers of five stages: servers and their clients, on one thread.
//!
//! Whatever of the layers is the learner's, the program does the same. Each step waits for the one before it, so
//! the order of the trace is no matter of luck.

use std::{
    future::pending,
    io,
    net::SocketAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use async_await::{
    FramedRead, FramedWrite, HttpClient, LinesCodec, Mutex, Shutdown,
    chat::{self, FromClient, FromServer, Groups, LONGEST_LINE, line, message},
    countclients, countserver, filter, get, get_two_sites, map, mpsc, next, oneshot,
    song_and_dance, work_and_listen,
};
use course::{Exercise, ThreadLog as Log, grade};
use executor::{JoinError, spawn, yield_now};
use futures::{
    AsyncReadExt, SinkExt,
    io::{ReadHalf, WriteHalf},
};
use http::{Request, Response};
use reactor::{
    Runtime, TcpListener, TcpStream,
    selector::{self, MioSelector},
    sleep, timeout,
};
use waker_timer::clock::{self, RealClock};

const STACK: Exercise = Exercise {
    name: "stack",
    folder: env!("CARGO_MANIFEST_DIR"),
    stage: "05-async-await",
    learners: cfg!(any(
        feature = "my-chat-broadcast",
        feature = "my-concurrent",
        feature = "my-countserver",
        feature = "my-download",
        feature = "my-graceful-shutdown",
        feature = "my-http-client",
        feature = "my-mpsc",
        feature = "my-mutex",
        feature = "my-oneshot",
        feature = "my-sink",
        feature = "my-stream",
        feature = "my-timeout-select",
    )),
};

const A_MOMENT: Duration = Duration::from_millis(1);

/// Far more than a connection on this machine needs for its end.
const GRACE: Duration = Duration::from_secs(5);

#[test]
fn servers_and_clients_share_one_thread() {
    grade!(STACK, lesson, |rec| {
        let _clock = clock::replace(Arc::new(RealClock));
        let _selector = selector::replace(Arc::new(MioSelector));
        let log = Log::here(rec);
        let mut runtime = Runtime::new().expect("the system has a selector");
        let reactor = runtime.reactor().clone();
        let done = runtime.block_on(async {
            let done = program(&log).await;
            // What the clients did last, the servers have yet to hear.
            let gone = timeout(GRACE, async {
                while reactor.sources() > 0 {
                    sleep(A_MOMENT).await;
                }
            });
            // If some are left, the trace says so.
            let _ = gone.await;
            done
        });
        done.expect("loopback connections do not fail");
        rec.note(format!(
            "sockets and timers left: {}, {}",
            reactor.sources(),
            reactor.timers()
        ));
    });
}

async fn program(log: &Log) -> io::Result<()> {
    passing_on(log).await?;
    listening(log).await;
    taking_turns(log).await?;
    http(log).await?;
    counting(log).await?;
    chatting(log).await
}

fn listen() -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// What a task left, with its panic as an error.
fn ended<T>(result: Result<T, JoinError>) -> io::Result<T> {
    result.map_err(|error| io::Error::other(format!("{error:?}")))
}

/// Numbers go through a channel with room for one, and their squares through two streams.
async fn passing_on(log: &Log) -> io::Result<()> {
    let (numbers, received) = mpsc::channel(1);
    let producer = spawn(async move {
        for number in 1..=9_u32 {
            if numbers.send(number).await.is_err() {
                return number;
            }
        }
        0
    });
    let squares = map(received, |number| number * number);
    let mut odd = filter(squares, |square| square % 2 == 1);
    let mut sum = 0;
    while let Some(square) = next(&mut odd).await {
        sum += square;
    }
    let refused = ended(producer.await)?;
    log.note(format!(
        "the odd squares add up to {sum}, and {refused} numbers were refused"
    ));
    Ok(())
}

/// Work and a stream, under a deadline that does not come, and under one that does.
async fn listening(log: &Log) {
    let (numbers, mut received) = mpsc::channel(2);
    let mut heard = 0;
    let work = async move {
        for number in 1..=100 {
            let _ = numbers.send(number).await;
        }
        sleep(A_MOMENT).await;
        "the work is done"
    };
    let done = work_and_listen(GRACE, work, &mut received, |_| heard += 1).await;
    log.note(format!("{done:?}, heard: {heard}"));
    let (_silent, mut received) = mpsc::channel::<()>(1);
    let done = work_and_listen(A_MOMENT, pending::<()>(), &mut received, drop).await;
    log.note(format!("{done:?}"));
}

/// Tasks that hold a lock while they wait, and one that waits for a single value.
async fn taking_turns(log: &Log) -> io::Result<()> {
    let count = Arc::new(Mutex::new(0));
    let (sender, receiver) = oneshot::channel();
    let mut done = Some(sender);
    let tasks: Vec<_> = (0..5)
        .map(|_| {
            let (count, done) = (Arc::clone(&count), done.take());
            spawn(async move {
                for _ in 0..10 {
                    let mut count = count.lock().await;
                    let seen = *count;
                    yield_now().await;
                    *count = seen + 1;
                }
                sleep(A_MOMENT).await;
                if let Some(done) = done {
                    let _ = done.send("the first has had all his turns");
                }
            })
        })
        .collect();
    let word = receiver.await;
    log.note(word.unwrap_or("the first has gone without a word"));
    for task in tasks {
        ended(task.await)?;
    }
    log.note(format!(
        "five tasks have counted to {}",
        *count.lock().await
    ));
    Ok(())
}

/// One connection for several requests, and two connections at once.
async fn http(log: &Log) -> io::Result<()> {
    let (listener, address) = listen()?;
    let shutdown = Shutdown::new();
    let handler = async |request: Request<Vec<u8>>| {
        let path = request.uri().path().to_owned();
        Response::new(format!("you have asked for {path}").into_bytes())
    };
    let end = shutdown.clone();
    let server = spawn(async_await::serve(
        listener,
        move |request| Box::pin(handler(request)) as Answer,
        end,
        GRACE,
    ));
    let mut client = HttpClient::connect(address).await?;
    let learn = async || ask(&mut client, "/song").await;
    let sung = OnceLock::new();
    let sing = async |song: io::Result<String>| {
        let _ = sung.set(song.unwrap_or_else(|error| error.to_string()));
    };
    song_and_dance(learn, sing, async || yield_now().await).await;
    log.note(format!("the song: {:?}", sung.get()));
    log.note(format!("and again: {:?}", ask(&mut client, "/more").await?));
    let fetch = async |path: &str| {
        let mut client = HttpClient::connect(address).await?;
        ask(&mut client, path).await
    };
    let (one, other) = get_two_sites(fetch, "/one", "/other").await?;
    log.note(format!("two at once: {one:?}, {other:?}"));
    shutdown.begin();
    log.note(format!("cut off at the end: {}", ended(server.await)?));
    Ok(())
}

type Answer = std::pin::Pin<Box<dyn Future<Output = Response<Vec<u8>>> + Send>>;

async fn ask(client: &mut HttpClient, path: &str) -> io::Result<String> {
    let response = client.request(&get("localhost", path)).await?;
    Ok(String::from_utf8_lossy(response.body()).into_owned())
}

/// Many clients, and no number twice.
async fn counting(log: &Log) -> io::Result<()> {
    let (listener, address) = listen()?;
    let server = spawn(async move { countserver::serve(listener.incoming()).await });
    // Connected, and silent, to the end.
    let _silent = TcpStream::connect(address).await?;
    let mut numbers = countclients::concurrent(address, 8).await?;
    numbers.sort_unstable();
    log.note(format!("eight clients have got {numbers:?}"));
    server.abort();
    let stopped = server.await.is_err();
    log.note(format!("the count server was stopped: {stopped}"));
    Ok(())
}

/// Two who hear each other, and one who does not listen.
async fn chatting(log: &Log) -> io::Result<()> {
    let (listener, address) = listen()?;
    let (groups, shutdown) = (Groups::new(), Shutdown::new());
    let server = spawn(chat::serve(
        listener,
        groups.clone(),
        shutdown.clone(),
        GRACE,
    ));
    let mut deaf = Client::connect(address).await?;
    let mut anna = Client::connect(address).await?;
    let mut bob = Client::connect(address).await?;
    for client in [&mut deaf, &mut anna, &mut bob] {
        client.joins("rust").await?;
    }
    for number in 0..100 {
        anna.posts("rust", &format!("message {number}")).await?;
    }
    let (by_anna, by_bob) = (anna.hears_up_to(99).await?, bob.hears_up_to(99).await?);
    log.note(format!("anna has heard {by_anna}, bob {by_bob}"));
    bob.posts("nobody", "hello?").await?;
    let is_told = matches!(bob.hears().await?, FromServer::Error(_));
    log.note(format!("bob is told that nobody is there: {is_told}"));
    shutdown.begin();
    log.note(format!(
        "the chat is over; cut off at the end: {}, groups left: {}",
        ended(server.await)?,
        groups.len()
    ));
    Ok(())
}

/// Somebody in the chat.
struct Client {
    lines: FramedRead<ReadHalf<TcpStream>, LinesCodec>,
    says: FramedWrite<WriteHalf<TcpStream>, LinesCodec>,
}

impl Client {
    async fn connect(address: SocketAddr) -> io::Result<Self> {
        let (reader, writer) = TcpStream::connect(address).await?.split();
        Ok(Self {
            lines: FramedRead::new(reader, LinesCodec::new(LONGEST_LINE)),
            says: FramedWrite::new(writer, LinesCodec::new(LONGEST_LINE)),
        })
    }

    async fn say(&mut self, what: &FromClient) -> io::Result<()> {
        self.says.send(line(what).as_str()).await
    }

    /// Joins a group, and waits until a post comes back from it.
    async fn joins(&mut self, group: &str) -> io::Result<()> {
        let joins = FromClient::Join {
            group: group.into(),
        };
        self.say(&joins).await?;
        self.posts(group, "message 0").await?;
        self.hears_up_to(0).await.map(drop)
    }

    async fn posts(&mut self, group: &str, message: &str) -> io::Result<()> {
        let (group, message) = (group.into(), message.into());
        self.say(&FromClient::Post { group, message }).await
    }

    async fn hears(&mut self) -> io::Result<FromServer> {
        let line = next(&mut self.lines).await;
        message(&line.ok_or(io::ErrorKind::UnexpectedEof)??)
    }

    /// How many different messages come, up to the one with this number.
    async fn hears_up_to(&mut self, last: usize) -> io::Result<usize> {
        let mut heard = 0;
        loop {
            let FromServer::Message { message, .. } = self.hears().await? else {
                continue;
            };
            let number = message.strip_prefix("message ");
            if number == Some(&heard.to_string()) {
                heard += 1;
            }
            if number == Some(&last.to_string()) {
                return Ok(heard);
            }
        }
    }
}
