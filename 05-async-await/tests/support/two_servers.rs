//! Two real servers, neither of which answers before both were asked.

#![allow(dead_code, unreachable_pub)]

use std::{
    io::{self, BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex, PoisonError},
    thread,
    time::Duration,
};

/// How long a server waits for the other one to be asked. It only ends what would never end: both are
/// asked in one poll.
const PATIENCE: Duration = Duration::from_secs(5);

/// The servers' addresses, and what they know of each other.
#[derive(Debug)]
pub struct TwoServers {
    pub one: SocketAddr,
    pub other: SocketAddr,
    asked: Arc<Asked>,
}

#[derive(Debug, Default)]
struct Asked {
    /// How many were asked, and whether one has had no patience any more.
    servers: Mutex<(usize, bool)>,
    more: Condvar,
}

impl TwoServers {
    /// Starts both, each for one request, with these pages.
    pub fn start(one: &'static str, other: &'static str) -> io::Result<Self> {
        let asked = Arc::new(Asked::default());
        let start = |page: &'static str| {
            let listener = TcpListener::bind("127.0.0.1:0")?;
            let (address, asked) = (listener.local_addr()?, Arc::clone(&asked));
            thread::spawn(move || serve(&listener.accept()?.0, page, &asked));
            io::Result::Ok(address)
        };
        Ok(TwoServers {
            one: start(one)?,
            other: start(other)?,
            asked,
        })
    }

    /// Whether one of them was asked, and in vain waited for the other one to be asked too.
    pub fn was_alone(&self) -> bool {
        let servers = self.asked.servers.lock();
        servers.unwrap_or_else(PoisonError::into_inner).1
    }
}

/// Answers one request, when the other server has been asked too.
fn serve(mut stream: &TcpStream, page: &str, asked: &Asked) -> io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    while !lines.next().transpose()?.unwrap_or_default().is_empty() {}
    let mut servers = asked.servers.lock().unwrap_or_else(PoisonError::into_inner);
    servers.0 += 1;
    asked.more.notify_all();
    let waited = (asked.more).wait_timeout_while(servers, PATIENCE, |(asked, _)| *asked < 2);
    let (mut servers, waited) = waited.unwrap_or_else(PoisonError::into_inner);
    servers.1 |= waited.timed_out();
    drop(servers);
    write!(stream, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{page}")
}
