//! A listener without a system: who calls, and whether he can be taken, the grader says.

#![allow(dead_code, unreachable_pub)]

use std::{
    collections::VecDeque,
    fmt,
    io::{self, ErrorKind},
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use reactor::Signals;
use real_mio::{Interest, Registry, Token, event::Source};

use super::{
    calls::Calls,
    line::{Line, TcpStream},
    network::Events,
};

/// What the system says where no file descriptor is left, on most systems.
pub const EMFILE: i32 = 24;

/// What the listener and the grader share.
pub struct Desk {
    pub events: Events,
    /// What is asked of the listener.
    pub calls: Calls,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    id: Option<usize>,
    /// Who waits, in the order in which they called.
    queue: VecDeque<Caller>,
    /// Whether there are no descriptors left.
    is_short: bool,
}

/// One who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// He waits, and this is his port.
    Waits(u16),
    /// He has left: `accept` says so, once.
    Left,
    /// Nobody: `accept` is interrupted.
    Interruption,
}

impl Desk {
    pub fn new(events: &Events) -> Arc<Self> {
        Arc::new(Desk {
            events: events.clone(),
            calls: Calls::new(&events.recorder),
            state: Mutex::default(),
        })
    }

    /// They call all at once, and it is one event.
    pub fn comes(&self, callers: &[Caller]) {
        let id = {
            let mut state = self.state();
            state.queue.extend(callers);
            state.id
        };
        if let Some(id) = id {
            self.events.deliver(id, Signals::READABLE);
        }
    }

    /// As [`comes`](Self::comes), and notes it.
    pub fn rings(&self, callers: &[Caller]) {
        let waiting = callers.iter().filter(|one| matches!(one, Caller::Waits(_)));
        let text = match (waiting.count(), callers.contains(&Caller::Left)) {
            (0, _) => "somebody calls, and has left again".into(),
            (1, false) => "somebody calls".into(),
            (1, true) => "two call, and one has left again".into(),
            (count, _) => format!("{count} call at once"),
        };
        self.events.recorder.note(text);
        self.comes(callers);
    }

    /// How many wait.
    pub fn waiting(&self) -> usize {
        let state = self.state();
        let waits = |one: &&Caller| matches!(one, Caller::Waits(_));
        state.queue.iter().filter(waits).count()
    }

    /// Whether there are no descriptors left. No event tells of it.
    pub fn is_short_of_files(&self, is_short: bool) {
        self.state().is_short = is_short;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A listener, in the shape of `mio::net::TcpListener`.
pub struct TcpListener {
    desk: Arc<Desk>,
    addr: SocketAddr,
}

impl TcpListener {
    pub fn over(desk: &Arc<Desk>, addr: SocketAddr) -> Self {
        let desk = Arc::clone(desk);
        TcpListener { desk, addr }
    }

    /// There is no system behind it.
    pub fn from_std(_listener: std::net::TcpListener) -> Self {
        unreachable!("the grader hands over its own listeners")
    }

    pub fn accept(&self) -> io::Result<(TcpStream, SocketAddr)> {
        let accepted = self.desk.calls.call("accept()", || {
            let mut state = self.desk.state();
            if state.is_short && !state.queue.is_empty() {
                return Err(io::Error::from_raw_os_error(EMFILE));
            }
            match state.queue.pop_front() {
                None => Err(ErrorKind::WouldBlock.into()),
                Some(Caller::Left) => Err(ErrorKind::ConnectionAborted.into()),
                Some(Caller::Interruption) => Err(ErrorKind::Interrupted.into()),
                Some(Caller::Waits(port)) => Ok(port),
            }
        });
        let line = Line::new(&self.desk.events);
        let from = |port| SocketAddr::from(([127, 0, 0, 1], port));
        accepted.map(|port| (TcpStream::over(&line), from(port)))
    }

    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.addr)
    }

    pub fn set_ttl(&self, _ttl: u32) -> io::Result<()> {
        Ok(())
    }

    pub fn ttl(&self) -> io::Result<u32> {
        Ok(64)
    }

    pub fn take_error(&self) -> io::Result<Option<io::Error>> {
        Ok(None)
    }
}

impl Source for TcpListener {
    fn register(&mut self, _: &Registry, token: Token, _: Interest) -> io::Result<()> {
        let mut state = self.desk.state();
        if state.id.is_some() {
            return Err(ErrorKind::AlreadyExists.into());
        }
        state.id = Some(token.0);
        let waits = !state.queue.is_empty();
        drop(state);
        if waits {
            self.desk.events.inject(token.0, Signals::READABLE);
        }
        Ok(())
    }

    fn reregister(&mut self, _: &Registry, token: Token, _: Interest) -> io::Result<()> {
        self.desk.state().id = Some(token.0);
        Ok(())
    }

    fn deregister(&mut self, _: &Registry) -> io::Result<()> {
        match self.desk.state().id.take() {
            Some(_) => Ok(()),
            None => Err(ErrorKind::NotFound.into()),
        }
    }
}

impl fmt::Debug for TcpListener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TcpListener").finish_non_exhaustive()
    }
}
