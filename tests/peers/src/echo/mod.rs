//! What comes in goes out: servers on every runtime, and one client for all of them.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use cpu_time::ProcessTime;

use futures::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::child::Again;
use client::Moment;

pub mod client;
mod mio_loop;
mod ours;
mod smol;
mod tokio;

pub use mio_loop::MioLoop;

/// Bytes of a message.
pub const MESSAGE: usize = 64;

/// Bytes of a server's buffer. Larger than a message, so that a short read tells a server that
/// nothing is left, if it listens to that.
pub const BUFFER: usize = 1024;

/// Any port of this machine.
pub(crate) const ANYWHERE: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// Something that answers.
pub trait Server: 'static {
    /// As the tables print it.
    const SERVER: &'static str;

    /// A server that listens nowhere yet.
    fn start() -> Self;

    /// Listens, tells `ready` where, accepts `connections` connections, gives back what they send
    /// with a buffer of `BYTES` each, and returns when all of them are closed.
    fn serve<const BYTES: usize>(
        &mut self,
        connections: usize,
        ready: impl FnOnce(SocketAddr) + Send + 'static,
    ) -> io::Result<()>;
}

/// How the client loads a server.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Connections in all.
    pub connections: usize,
    /// Of these, how many have a message in flight; the others are silent.
    pub active: usize,
    /// Messages go round this long before the clock starts.
    pub warm_up: Duration,
    /// And then this long with it.
    pub measured: Duration,
}

/// What came of it.
#[derive(Clone, Copy, Debug)]
pub struct Echoed {
    /// Round trips a second.
    pub rate: f64,
    /// Processor time of the server's process for one round trip, while the clock ran.
    pub server_time: Duration,
}

/// Serves one client that runs in a process of its own.
pub fn measure<S: Server>(server: &mut S, load: Load) -> io::Result<Echoed> {
    measure_by("client", server, load)
}

/// The same with another client: that of a process that is started with this word.
pub(crate) fn measure_by<S: Server>(
    client: &'static str,
    server: &mut S,
    load: Load,
) -> io::Result<Echoed> {
    let words = load.to_words();
    measure_with(server, load, move |address, clock| {
        let mut arguments = vec![client.to_owned(), address.to_string()];
        arguments.extend(words);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let mut client = Again::start(&arguments)?;
        for _ in 0..2 {
            let line = client.hear()?;
            clock.hear(Moment::from_line(&line).ok_or_else(|| io::Error::other(line))?);
        }
        Ok(())
    })
}

/// The same with the client on a thread of this process: for tests.
pub fn measure_here<S: Server>(server: &mut S, load: Load) -> io::Result<Echoed> {
    measure_with(server, load, move |address, clock| {
        client::run(address, load, |moment| clock.hear(moment))
    })
}

pub(crate) fn measure_with<S: Server>(
    server: &mut S,
    load: Load,
    client: impl FnOnce(SocketAddr, &mut Clock) -> io::Result<()> + Send + 'static,
) -> io::Result<Echoed> {
    let (sender, report) = mpsc::channel();
    server.serve::<BUFFER>(load.connections, move |address| {
        thread::spawn(move || {
            let mut clock = Clock::default();
            let ended = client(address, &mut clock);
            sender.send(ended.map(|()| clock))
        });
    })?;
    let clock = report.recv().expect("the client's thread sends once")?;
    let (time, count) = clock.read.expect("the client says when it begins and ends");
    Ok(Echoed {
        rate: count as f64 / load.measured.as_secs_f64(),
        server_time: time.div_f64(count as f64),
    })
}

/// The server's processor time, from when the client begins to count to when it ends.
#[derive(Default)]
pub(crate) struct Clock {
    begun: Option<ProcessTime>,
    /// The time, and how many round trips were counted in it.
    read: Option<(Duration, u64)>,
}

impl Clock {
    pub(crate) fn hear(&mut self, moment: Moment) {
        match moment {
            Moment::Begin => self.begun = Some(ProcessTime::now()),
            Moment::End(count) => self.read = self.begun.map(|begun| (begun.elapsed(), count)),
        }
    }
}

impl Load {
    fn to_words(self) -> [String; 4] {
        [
            self.connections.to_string(),
            self.active.to_string(),
            self.warm_up.as_micros().to_string(),
            self.measured.as_micros().to_string(),
        ]
    }

    pub(crate) fn from_words(words: &[String]) -> Option<Self> {
        let [connections, active, warm_up, measured] = words else {
            return None;
        };
        Some(Self {
            connections: connections.parse().ok()?,
            active: active.parse().ok()?,
            warm_up: Duration::from_micros(warm_up.parse().ok()?),
            measured: Duration::from_micros(measured.parse().ok()?),
        })
    }
}

/// One connection, for whoever has the traits of `futures::io`.
async fn echo<S, const BYTES: usize>(mut stream: S) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut buffer = [0; BYTES];
    loop {
        match stream.read(&mut buffer).await? {
            0 => return Ok(()),
            count => stream.write_all(&buffer[..count]).await?,
        }
    }
}
