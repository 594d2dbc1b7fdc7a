//! Two hundred clients in a chat, of whom one sleeps and one vanishes.

#[path = "support/alone.rs"]
mod alone;

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use alone::{alone, beside};
use async_await::chat::{
    BACKLOG, FromClient, FromServer, Groups, LONGEST_LINE, LONGEST_SERVER_LINE, line, message,
    serve, talk,
};
use async_await::{FramedRead, FramedWrite, LinesCodec, Shutdown, next};
use course::memory;
use futures::SinkExt;
use futures::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadHalf, WriteHalf};
use reactor::{Runtime, TcpListener, TcpStream, sleep, timeout};

/// Nothing here takes this long. It is a limit to a hang, and no measure.
const LIMIT: Duration = Duration::from_secs(100);

/// Runs a chat server and a test beside it; all connections are gone afterwards.
fn with_chat<F>(test: impl FnOnce(SocketAddr, Groups) -> F)
where
    F: Future<Output = io::Result<()>>,
{
    let mut runtime = Runtime::new().unwrap();
    let reactor = runtime.reactor().clone();
    let result = runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
        let address = listener.local_addr()?;
        let (groups, shutdown) = (Groups::new(), Shutdown::new());
        let server = serve(listener, groups.clone(), shutdown.clone(), LIMIT);
        let server = executor::spawn(server);
        timeout(LIMIT, test(address, groups))
            .await
            .expect("it hangs")?;
        shutdown.begin();
        assert_eq!(server.await.unwrap(), 0);
        Ok::<_, io::Error>(())
    });
    result.unwrap();
    drop(runtime);
    assert_eq!((reactor.sources(), reactor.timers()), (0, 0));
}

struct Client {
    lines: FramedRead<ReadHalf<TcpStream>, LinesCodec>,
    says: FramedWrite<WriteHalf<TcpStream>, LinesCodec>,
}

impl Client {
    async fn connect(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (reader, writer) = stream.split();
        Ok(Self {
            lines: FramedRead::new(reader, LinesCodec::new(LONGEST_SERVER_LINE)),
            says: FramedWrite::new(writer, LinesCodec::new(LONGEST_LINE)),
        })
    }

    async fn say(&mut self, what: &FromClient) -> io::Result<()> {
        self.says.send(line(what).as_str()).await
    }

    /// Joins a group, and waits until a post comes back from it.
    async fn join(&mut self, group: &str) -> io::Result<()> {
        self.say(&join(group)).await?;
        self.say(&post(group, "hello")).await?;
        while self.hear().await? != said(group, "hello") {}
        Ok(())
    }

    async fn hear(&mut self) -> io::Result<FromServer> {
        let line = next(&mut self.lines).await;
        message(&line.ok_or(io::ErrorKind::UnexpectedEof)??)
    }
}

fn join(group: &str) -> FromClient {
    let group = group.into();
    FromClient::Join { group }
}

fn post(group: &str, message: &str) -> FromClient {
    let (group, message) = (group.into(), message.into());
    FromClient::Post { group, message }
}

fn said(group: &str, message: &str) -> FromServer {
    let (group, message) = (group.into(), message.into());
    FromServer::Message { group, message }
}

#[test]
fn everybody_in_a_group_hears_what_is_posted_to_it_and_nobody_else() {
    let _beside = beside();
    with_chat(|address, groups| async move {
        let mut ann = Client::connect(address).await?;
        let mut bob = Client::connect(address).await?;
        ann.join("rust").await?;
        bob.join("go").await?;
        ann.say(&post("go", "from outside")).await?;
        assert_eq!(bob.hear().await?, said("go", "from outside"));
        // Twice is as good as once.
        bob.say(&join("rust")).await?;
        bob.say(&join("rust")).await?;
        bob.say(&post("rust", "howdy")).await?;
        assert_eq!(bob.hear().await?, said("rust", "howdy"));
        assert_eq!(ann.hear().await?, said("rust", "howdy"));
        bob.say(&post("rust", "done")).await?;
        assert_eq!(bob.hear().await?, said("rust", "done"));
        assert_eq!(groups.len(), 2);
        Ok(())
    });
}

#[test]
fn what_cannot_be_done_is_said_and_ends_nothing() {
    let _beside = beside();
    with_chat(|address, _| async move {
        let mut ann = Client::connect(address).await?;
        ann.say(&post("nobody", "hello?")).await?;
        assert!(matches!(ann.hear().await?, FromServer::Error(error) if error.contains("nobody")));
        ann.says.send("{\"Join\": 7}").await?;
        assert!(matches!(ann.hear().await?, FromServer::Error(_)));
        ann.join("still here").await
    });
}

#[test]
fn a_group_goes_with_its_last_member() {
    let _beside = beside();
    with_chat(|address, groups| async move {
        for round in 0..10 {
            let mut ann = Client::connect(address).await?;
            ann.join(&format!("room {round}")).await?;
            drop(ann);
        }
        // The server hears of it when it hears of it.
        while groups.len() > 1 {
            sleep(Duration::from_millis(1)).await;
            let mut bob = Client::connect(address).await?;
            bob.join("room 0").await?;
        }
        Ok(())
    });
}

/// Everybody hears these posts, in this order; the speaker, too, who posts at his own pace. Gives the listeners.
async fn all_hear(
    speaker: &mut Client,
    listeners: Vec<Client>,
    posts: Vec<String>,
) -> io::Result<Vec<Client>> {
    let posts = Arc::new(posts);
    let listeners: Vec<_> = (listeners.into_iter())
        .map(|mut client| {
            let posts = Arc::clone(&posts);
            executor::spawn(async move {
                for post in &*posts {
                    // Those who joined later have said hello.
                    while client.hear().await? != said("all", post) {}
                }
                Ok::<_, io::Error>(client)
            })
        })
        .collect();
    for message in &*posts {
        speaker.say(&post("all", message)).await?;
        while speaker.hear().await? != said("all", message) {}
    }
    let mut heard = Vec::new();
    for listener in listeners {
        heard.push(listener.await.unwrap()?);
    }
    Ok(heard)
}

#[test]
fn one_who_sleeps_and_one_who_vanishes_hold_up_none_of_two_hundred() {
    let _beside = beside();
    with_chat(|address, _| async move {
        let mut clients = Vec::new();
        for _ in 0..202 {
            let mut client = Client::connect(address).await?;
            client.join("all").await?;
            clients.push(client);
        }
        let mut speaker = clients.pop().unwrap();
        let _sleeps = clients.pop();
        let mut vanishes = clients.pop().unwrap();
        let posts = |first: usize| {
            (first..first + 25)
                .map(|number| number.to_string())
                .collect()
        };
        vanishes.say(&post("all", "I am off")).await?;
        drop(vanishes);
        let others = clients.split_off(100);
        all_hear(&mut speaker, clients, posts(0)).await?;
        all_hear(&mut speaker, others, posts(100)).await?;
        Ok(())
    });
}

#[test]
fn who_sleeps_too_long_is_told_what_he_has_missed() {
    const POSTS: usize = 3 * BACKLOG;
    // Less than the last third of the posts.
    const LIMIT_OF_MEMORY: usize = 6 << 20;
    let _alone = alone();
    with_chat(|address, _| async move {
        let mut sleeper = Client::connect(address).await?;
        sleeper.join("all").await?;
        let mut listener = Client::connect(address).await?;
        listener.join("all").await?;
        let mut speaker = Client::connect(address).await?;
        speaker.join("all").await?;
        // Long enough that the buffers of the system do not hold a third of them.
        let text = |number: usize| format!("{number:>6}{}", " ".repeat(10_000));
        let (first, last) = (0..2 * BACKLOG, 2 * BACKLOG..POSTS);
        let listener = all_hear(&mut speaker, vec![listener], first.map(text).collect()).await?;
        let in_use = memory::in_use();
        let listener = all_hear(&mut speaker, listener, last.map(text).collect()).await?;
        let more = memory::in_use().saturating_sub(in_use);
        assert!(more < LIMIT_OF_MEMORY, "{more} bytes more are kept for him");
        drop(listener);
        let mut missed = None;
        loop {
            match sleeper.hear().await? {
                FromServer::Error(error) => missed = Some(error),
                message if message == said("all", &text(POSTS - 1)) => break,
                FromServer::Message { .. } => {}
            }
        }
        let missed = missed.expect("he has missed some");
        assert!(missed.starts_with("you have missed "), "{missed}");
        Ok(())
    });
}

#[test]
fn a_line_without_end_is_not_kept() {
    let _beside = beside();
    with_chat(|address, _| async move {
        let mut stream = TcpStream::connect(address).await?;
        let flood = vec![b'x'; 2 * LONGEST_LINE];
        // The server goes away in the middle of it.
        let _ = stream.write_all(&flood).await;
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
        assert!(rest.is_empty());
        Ok(())
    });
}

#[test]
fn the_longest_line_is_heard_and_its_like_in_an_error_too() {
    let _beside = beside();
    with_chat(|address, _| async move {
        let mut ann = Client::connect(address).await?;
        ann.join("rust").await?;
        let room = LONGEST_LINE - line(&post("rust", "")).len();
        let words = "x".repeat(room);
        ann.say(&post("rust", &words)).await?;
        assert_eq!(ann.hear().await?, said("rust", &words));
        // Nothing grows more than these, in a name that nobody has.
        let name = "\u{7f}".repeat(LONGEST_LINE - line(&post("", "")).len());
        ann.say(&post(&name, "")).await?;
        assert!(matches!(ann.hear().await?, FromServer::Error(_)));
        ann.say(&post("rust", "still here")).await?;
        assert_eq!(ann.hear().await?, said("rust", "still here"));
        Ok(())
    });
}

#[test]
fn one_who_talks_and_talks_leaves_others_their_turn() {
    let said = format!("{}\n", line(&post("nobody's", "hello"))).repeat(1_000);
    let stream = Talks(said.as_bytes().to_vec().into());
    let mut talks = Box::pin(talk(stream, Groups::new()));
    let mut cx = Context::from_waker(Waker::noop());
    let mut polls = 1;
    while talks.as_mut().poll(&mut cx).is_pending() {
        polls += 1;
    }
    assert!(polls > 10, "{polls} polls for all he has to say");
}

/// Has said all this, and takes what comes.
struct Talks(VecDeque<u8>);

impl AsyncRead for Talks {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
        buf: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(io::Read::read(&mut self.0, buf))
    }
}

impl AsyncWrite for Talks {
    fn poll_write(
        self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(buf.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
