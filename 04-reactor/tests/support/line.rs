//! A connection without a system: this end of it looks like mio's, and the other is in the grader's hand.

#![allow(dead_code, unreachable_pub)]

use std::{
    collections::VecDeque,
    fmt,
    io::{self, ErrorKind, Read, Write},
    net::{Shutdown, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use reactor::Signals;
use real_mio::{Interest, Registry, Token, event::Source};

use super::{arrival::Arrival, calls::Calls, network::Events};

/// What both ends share.
pub struct Line {
    pub events: Events,
    /// What is asked of this end, and when something else happens within that.
    pub calls: Calls,
    state: Mutex<State>,
}

/// What this end knows.
#[derive(Default)]
pub struct State {
    /// As what it is registered.
    pub id: Option<usize>,
    /// What reads will find.
    pub arrived: VecDeque<Arrival>,
    /// How many bytes writes may take before there is no room left.
    pub room: usize,
    /// What was written and the other side has not taken.
    pub sent: Vec<u8>,
    /// Whether a write has found no room since there was last some.
    pub blocked: bool,
    /// What becomes of writes, where the connection is broken.
    pub broken: Option<ErrorKind>,
    /// Whether this end has said that it will send no more.
    pub shut: bool,
    /// Whether this end has said that it will read no more.
    pub deaf: bool,
    /// Whether there is a connection at all.
    pub answer: Answer,
}

/// What the other side has said to being called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Answer {
    /// Nothing so far.
    Awaited,
    /// No, and nobody has asked why.
    No(ErrorKind),
    /// No, and somebody knows.
    Told,
    #[default]
    Yes,
}

impl Line {
    pub fn new(events: &Events) -> Arc<Self> {
        let state = State {
            room: 1 << 16,
            ..State::default()
        };
        Arc::new(Line {
            events: events.clone(),
            calls: Calls::new(&events.recorder),
            state: Mutex::new(state),
        })
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has the reactor hear of `signals`, if this end is registered.
    pub fn announce(&self, signals: Signals) {
        let id = self.state().id;
        if let Some(id) = id {
            self.events.deliver(id, signals);
        }
    }

    fn call<T: fmt::Debug>(
        &self,
        name: &str,
        work: impl FnOnce(&mut State) -> io::Result<T>,
    ) -> io::Result<T> {
        self.calls.call(name, || work(&mut self.state()))
    }
}

/// This end of a connection, in the shape of `mio::net::TcpStream`.
pub struct TcpStream {
    line: Arc<Line>,
}

impl TcpStream {
    pub fn over(line: &Arc<Line>) -> Self {
        TcpStream {
            line: Arc::clone(line),
        }
    }

    /// There is no system behind it.
    pub fn from_std(_stream: std::net::TcpStream) -> Self {
        unreachable!("the grader hands over its own connections")
    }

    pub fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.line.call("peer_addr()", |state| match state.answer {
            Answer::Yes => Ok(SocketAddr::from(([127, 0, 0, 1], 4))),
            _ => Err(ErrorKind::NotConnected.into()),
        })
    }

    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(SocketAddr::from(([127, 0, 0, 1], 3)))
    }

    pub fn take_error(&self) -> io::Result<Option<io::Error>> {
        let taken = self.line.call("take_error()", |state| match state.answer {
            Answer::No(kind) => {
                state.answer = Answer::Told;
                Ok(Some(kind))
            }
            _ => Ok(None),
        });
        taken.map(|kind| kind.map(io::Error::from))
    }

    pub fn shutdown(&self, how: Shutdown) -> io::Result<()> {
        self.line
            .call(&format!("shutdown({how:?})"), |state| match state.answer {
                Answer::Yes if state.broken.is_none() => {
                    state.shut |= how != Shutdown::Read;
                    state.deaf |= how != Shutdown::Write;
                    Ok(())
                }
                _ => Err(ErrorKind::NotConnected.into()),
            })
    }

    pub fn set_nodelay(&self, _nodelay: bool) -> io::Result<()> {
        Ok(())
    }

    pub fn nodelay(&self) -> io::Result<bool> {
        Ok(false)
    }

    pub fn set_ttl(&self, _ttl: u32) -> io::Result<()> {
        Ok(())
    }

    pub fn ttl(&self) -> io::Result<u32> {
        Ok(64)
    }

    pub fn peek(&self, buf: &mut [u8]) -> io::Result<usize> {
        self.line
            .call("peek(…)", |state| take(&mut state.arrived.clone(), buf))
    }

    pub fn try_io<F, T>(&self, work: F) -> io::Result<T>
    where
        F: FnOnce() -> io::Result<T>,
    {
        work()
    }
}

/// What one read finds.
fn take(arrived: &mut VecDeque<Arrival>, buf: &mut [u8]) -> io::Result<usize> {
    match arrived.front_mut() {
        None => Err(ErrorKind::WouldBlock.into()),
        Some(Arrival::Bytes(bytes)) => {
            let count = bytes.len().min(buf.len());
            buf[..count].copy_from_slice(&bytes[..count]);
            bytes.drain(..count);
            if bytes.is_empty() {
                arrived.pop_front();
            }
            Ok(count)
        }
        Some(Arrival::Interruption) => {
            arrived.pop_front();
            Err(ErrorKind::Interrupted.into())
        }
        Some(Arrival::End) => Ok(0),
        Some(Arrival::Failure(kind)) => {
            let kind = *kind;
            arrived[0] = Arrival::End;
            Err(kind.into())
        }
    }
}

impl Read for &TcpStream {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let name = format!("read({} bytes)", buf.len());
        self.line.call(&name, |state| match state.deaf {
            true => Ok(0),
            false => take(&mut state.arrived, buf),
        })
    }
}

impl Write for &TcpStream {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let name = format!("write({} bytes)", buf.len());
        self.line.call(&name, |state| {
            if let Some(kind) = state.broken {
                return Err(kind.into());
            }
            if state.shut {
                return Err(ErrorKind::BrokenPipe.into());
            }
            let count = state.room.min(buf.len());
            state.blocked = count < buf.len();
            if count == 0 && !buf.is_empty() {
                return Err(ErrorKind::WouldBlock.into());
            }
            state.room -= count;
            state.sent.extend_from_slice(&buf[..count]);
            Ok(count)
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Read for TcpStream {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        (&*self).read(buf)
    }
}

impl Write for TcpStream {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        (&*self).write(buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Source for TcpStream {
    fn register(&mut self, _: &Registry, token: Token, _: Interest) -> io::Result<()> {
        let mut state = self.line.state();
        if state.id.is_some() {
            return Err(ErrorKind::AlreadyExists.into());
        }
        state.id = Some(token.0);
        // What is there already is an event, too: the next look finds it.
        let mut signals = Signals::empty();
        if state.answer == Answer::Yes {
            signals |= Signals::WRITABLE;
        }
        for arrival in &state.arrived {
            signals |= arrival.signals();
        }
        drop(state);
        self.line.events.inject(token.0, signals);
        Ok(())
    }

    fn reregister(&mut self, _: &Registry, token: Token, _: Interest) -> io::Result<()> {
        self.line.state().id = Some(token.0);
        Ok(())
    }

    fn deregister(&mut self, _: &Registry) -> io::Result<()> {
        match self.line.state().id.take() {
            Some(_) => Ok(()),
            None => Err(ErrorKind::NotFound.into()),
        }
    }
}

impl fmt::Debug for TcpStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TcpStream").finish_non_exhaustive()
    }
}
