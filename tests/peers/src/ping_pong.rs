//! Two tasks that send each other one message.

use std::time::{Duration, Instant};

use crate::runtimes::{Ours, OursIo, OursPool, Runtime, Smol, SmolPool, Tokio, TokioIo, TokioPool};

/// A channel of capacity 1.
pub trait Channel: 'static {
    /// The sending half.
    type Sender: Send + 'static;
    /// The receiving half.
    type Receiver: Send + 'static;

    /// Both halves.
    fn new() -> (Self::Sender, Self::Receiver);

    /// Sends, when there is room.
    fn send(sender: &mut Self::Sender, message: u64) -> impl Future<Output = ()> + Send;

    /// The next message, or `None` when the sender is gone.
    fn receive(receiver: &mut Self::Receiver) -> impl Future<Output = Option<u64>> + Send;
}

/// `async_channel::bounded(1)`.
#[derive(Debug)]
pub struct AsyncChannel;

impl Channel for AsyncChannel {
    type Sender = async_channel::Sender<u64>;
    type Receiver = async_channel::Receiver<u64>;

    fn new() -> (Self::Sender, Self::Receiver) {
        async_channel::bounded(1)
    }

    async fn send(sender: &mut Self::Sender, message: u64) {
        sender.send(message).await.expect("the receiver waits");
    }

    async fn receive(receiver: &mut Self::Receiver) -> Option<u64> {
        receiver.recv().await.ok()
    }
}

/// `async_await::mpsc::channel(1)`: stage 05.
#[derive(Debug)]
pub struct OurChannel;

impl Channel for OurChannel {
    type Sender = async_await::mpsc::Sender<u64>;
    type Receiver = async_await::mpsc::Receiver<u64>;

    fn new() -> (Self::Sender, Self::Receiver) {
        async_await::mpsc::channel(1)
    }

    async fn send(sender: &mut Self::Sender, message: u64) {
        sender.send(message).await.expect("the receiver waits");
    }

    async fn receive(receiver: &mut Self::Receiver) -> Option<u64> {
        receiver.recv().await
    }
}

/// `tokio::sync::mpsc::channel(1)`.
#[derive(Debug)]
pub struct TokioChannel;

impl Channel for TokioChannel {
    type Sender = tokio::sync::mpsc::Sender<u64>;
    type Receiver = tokio::sync::mpsc::Receiver<u64>;

    fn new() -> (Self::Sender, Self::Receiver) {
        tokio::sync::mpsc::channel(1)
    }

    async fn send(sender: &mut Self::Sender, message: u64) {
        sender.send(message).await.expect("the receiver waits");
    }

    async fn receive(receiver: &mut Self::Receiver) -> Option<u64> {
        receiver.recv().await
    }
}

/// Runtimes that come with a channel.
pub trait WithChannel: Runtime {
    /// Its own.
    type Own: Channel;
}

macro_rules! own_channels {
    ($($runtime:ty => $channel:ty),+ $(,)?) => {
        $(impl WithChannel for $runtime {
            type Own = $channel;
        })+
    };
}

own_channels! {
    Tokio => TokioChannel,
    TokioIo => TokioChannel,
    TokioPool => TokioChannel,
    Ours => OurChannel,
    OursIo => OurChannel,
    OursPool => OurChannel,
    Smol => AsyncChannel,
    SmolPool => AsyncChannel,
}

/// [`ping_pong`] through the runtime's own channel.
pub fn ping_pong_own<R: WithChannel>(runtime: &mut R, rounds: u64) -> Duration {
    ping_pong::<R, R::Own>(runtime, rounds)
}

/// `rounds` messages go to and fro between two tasks.
pub fn ping_pong<R: Runtime, C: Channel>(runtime: &mut R, rounds: u64) -> Duration {
    let (time, last) = runtime.run(async move {
        let start = Instant::now();
        let (mut ping, mut pinged) = C::new();
        let (mut pong, mut ponged) = C::new();
        let player = R::spawn(async move {
            while let Some(message) = C::receive(&mut pinged).await {
                C::send(&mut pong, message + 1).await;
            }
        });
        let opener = R::spawn(async move {
            let mut message = 0;
            for _ in 0..rounds {
                C::send(&mut ping, message).await;
                message = C::receive(&mut ponged).await.expect("an answer");
            }
            message
        });
        let last = opener.await;
        player.await;
        (start.elapsed(), last)
    });
    assert_eq!(last, rounds, "{}: every message came back", R::NAME);
    time
}
