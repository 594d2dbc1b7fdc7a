//! The whole stack: one program through all six layers, and through code that others wrote. An HTTP server, a chat, and
//! hyper, client and server, on one thread.
//!
//! Whatever of the layers is the learner's, the program does the same. Each step waits for the one before it, so
//! the order of the trace is no matter of luck.

use std::error::Error;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use async_await::{
    FramedRead, FramedWrite, HttpClient, LinesCodec, Shutdown,
    chat::{self, FromClient, FromServer, Groups, LONGEST_LINE, line, message},
    get, join, next,
};
use bytes::Bytes;
use course::{Exercise, ThreadLog as Log, grade};
use executor::spawn;
use futures::{AsyncReadExt, SinkExt};
use http_body_util::{BodyExt, Full};
use peers::hyper_io::HyperIo;
use peers::hyper_server;
use pinning::{
    Effect, Notify, SelfReference, finally, pin_projected, poll_and_keep, projection, sum_by_hand,
    typed_states::Session,
};
use reactor::selector::{self, MioSelector};
use reactor::{Runtime, TcpListener, TcpStream, sleep, timeout};
use waker_timer::clock::{self, RealClock};

const STACK: Exercise = Exercise {
    name: "stack",
    folder: env!("CARGO_MANIFEST_DIR"),
    stage: "06-pinning",
    // The files are swapped in other packages: this one only sees what they do.
    learners: false,
};

const A_MOMENT: Duration = Duration::from_millis(1);

/// Nothing here takes this long. It is a limit to a hang, and no measure.
const LIMIT: Duration = Duration::from_secs(60);

/// Far more than anything here needs.
const GRACE: Duration = Duration::from_secs(5);

type Outcome = Result<(), Box<dyn Error>>;

#[test]
fn everything_runs_on_everything() {
    grade!(STACK, lesson, |rec| {
        let _clock = clock::replace(Arc::new(RealClock));
        let _selector = selector::replace(Arc::new(MioSelector));
        let log = Log::here(rec);
        let mut runtime = Runtime::new().expect("the system has a selector");
        let reactor = runtime.reactor().clone();
        let done = runtime.block_on(async {
            let done = timeout(LIMIT, program(&log)).await;
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
        let done = done.expect("it hangs");
        done.expect("loopback connections do not fail");
        rec.note(format!(
            "sockets and timers left: {}, {}",
            reactor.sources(),
            reactor.timers()
        ));
    });
}

async fn program(log: &Log) -> Outcome {
    pinned(log).await?;
    our_client_and_hypers_server(log).await?;
    hypers_client_and_our_server(log).await?;
    a_conversation(log).await?;
    a_chat(log).await
}

fn listen() -> std::io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Stage 06: what stays where it is.
async fn pinned(log: &Log) -> Outcome {
    let value = SelfReference::boxed("howdy");
    let moved = [value];
    let is_home = moved[0].pointer() == moved[0].address_of_a();
    log.note(format!("the self-reference is right: {is_home}"));
    // Kept after its first poll, on the heap; then awaited.
    let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
    if let Err(kept) = poll_and_keep(executor::yield_now(), &mut cx) {
        kept.await;
    }
    let mut effects = 0;
    let rounds = pin_projected::Map::new(sleep(A_MOMENT), |()| 4);
    let number = |round: u32| {
        pin_projected::Then::new(sleep(A_MOMENT), move |()| async move { u64::from(round) })
    };
    let sum = sum_by_hand(rounds, number, |_: Effect| effects += 1).await;
    log.note(format!("the sum is {sum}, with {effects} effects"));
    let (door, opened) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (theirs, answer) = (Arc::clone(&door), Arc::clone(&opened));
    let other = spawn(async move {
        for _ in 0..100 {
            theirs.notified().await;
            answer.notify_one();
        }
    });
    let clean = log.clone();
    let turns = finally(
        async {
            for _ in 0..100 {
                door.notify_one();
                opened.notified().await;
            }
        },
        move || clean.note("cleaned up"),
    );
    projection::timeout(GRACE, turns).await?;
    other.await?;
    log.note("they took a hundred turns");
    let late = pin!(projection::timeout(A_MOMENT, std::future::pending::<()>()));
    log.note(format!("too late: {:?}", late.await));
    Ok(())
}

/// One connection for several requests to a server that others wrote.
async fn our_client_and_hypers_server(log: &Log) -> Outcome {
    let (listener, address) = listen()?;
    let shutdown = Shutdown::new();
    let server = spawn(hyper_server::serve(listener, shutdown.clone(), GRACE));
    let mut client = HttpClient::connect(address).await?;
    for (path, body) in [("/one", ""), ("/two", "howdy")] {
        let mut request = get("localhost", path);
        *request.body_mut() = body.into();
        let response = client.request(&request).await?;
        let text = String::from_utf8_lossy(response.body());
        log.note(format!("hyper answers {} {text:?}", response.status()));
    }
    shutdown.begin();
    log.note(format!("hyper's server has cut off: {}", server.await?));
    Ok(())
}

/// The other way round.
async fn hypers_client_and_our_server(log: &Log) -> Outcome {
    let (listener, address) = listen()?;
    let handler = |request: http::Request<Vec<u8>>| async move {
        let length = request.body().len();
        http::Response::new(format!("{length} bytes").into_bytes())
    };
    let shutdown = Shutdown::new();
    let server = spawn(async_await::serve(
        listener,
        handler,
        shutdown.clone(),
        GRACE,
    ));
    let stream = TcpStream::connect(address).await?;
    let (mut client, connection) =
        hyper::client::conn::http1::handshake(HyperIo::new(stream)).await?;
    let connection = spawn(connection);
    for length in [0, 1 << 16] {
        let request = hyper::Request::post("/").header("host", "localhost");
        let request = request.body(Full::new(Bytes::from(vec![b'x'; length])))?;
        let answer = client
            .send_request(request)
            .await?
            .into_body()
            .collect()
            .await?;
        log.note(format!("hyper hears {:?}", answer.to_bytes()));
        client.ready().await?;
    }
    drop(client);
    connection.await??;
    shutdown.begin();
    log.note(format!("our server has cut off: {}", server.await?));
    Ok(())
}

/// A session that can only go the right way, and a server for it.
async fn a_conversation(log: &Log) -> Outcome {
    let (listener, address) = listen()?;
    let server = async {
        let (stream, _) = listener.accept().await?;
        let (reader, writer) = stream.split();
        let mut questions = FramedRead::new(reader, LinesCodec::new(100));
        let mut answers = FramedWrite::new(writer, LinesCodec::new(100));
        answers.send("hello").await?;
        while let Some(question) = next(&mut questions).await {
            answers.send(question?.to_uppercase().as_str()).await?;
        }
        Ok::<_, std::io::Error>(())
    };
    let client = async {
        let session = Session::new(TcpStream::connect(address).await?);
        let (greeting, session) = session.greeting().await?;
        let (answer, session) = session.ask("howdy").await?.answer().await?;
        session.quit().await?;
        Ok::<_, std::io::Error>(format!("{greeting}, {answer}"))
    };
    let (served, talked) = join(server, client).await;
    served?;
    log.note(format!("the conversation: {}", talked?));
    Ok(())
}

/// Two who hear each other.
async fn a_chat(log: &Log) -> Outcome {
    let (listener, address) = listen()?;
    let shutdown = Shutdown::new();
    let server = spawn(chat::serve(
        listener,
        Groups::new(),
        shutdown.clone(),
        GRACE,
    ));
    let (mut hears, mut says) = member(address).await?;
    let (mut other_hears, _other_says) = member(address).await?;
    for number in 0..50 {
        let post = FromClient::Post {
            group: "rust".into(),
            message: number.to_string(),
        };
        says.send(line(&post).as_str()).await?;
    }
    let mut heard = [0, 0];
    for (count, lines) in heard.iter_mut().zip([&mut hears, &mut other_hears]) {
        loop {
            let line = next(lines).await.ok_or("the chat has ended")??;
            if let FromServer::Message { message, .. } = message(&line)? {
                // What was said when they came in does not count.
                *count += usize::from(message != "here");
                if message == "49" {
                    break;
                }
            }
        }
    }
    log.note(format!("they have heard {heard:?}"));
    shutdown.begin();
    log.note(format!("the chat has cut off: {}", server.await?));
    Ok(())
}

type Hears = FramedRead<futures::io::ReadHalf<TcpStream>, LinesCodec>;
type Says = FramedWrite<futures::io::WriteHalf<TcpStream>, LinesCodec>;

/// Somebody who is in the group, which is sure once something said there has come back.
async fn member(address: SocketAddr) -> Result<(Hears, Says), Box<dyn Error>> {
    let (reader, writer) = TcpStream::connect(address).await?.split();
    let mut hears = FramedRead::new(reader, LinesCodec::new(LONGEST_LINE));
    let mut says = FramedWrite::new(writer, LinesCodec::new(LONGEST_LINE));
    let group = String::from("rust");
    let joins = FromClient::Join {
        group: group.clone(),
    };
    says.send(line(&joins).as_str()).await?;
    let message = String::from("here");
    let here = FromClient::Post { group, message };
    says.send(line(&here).as_str()).await?;
    next(&mut hears).await.ok_or("the chat has ended")??;
    Ok((hears, says))
}
