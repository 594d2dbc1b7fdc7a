//! Who answers at which address: the grader, who has said so before.

#![allow(dead_code, unreachable_pub)]

use std::{
    io::{self, ErrorKind},
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU16, Ordering::SeqCst},
    },
};

use course::Recorder;

use super::{
    desk::{Desk, TcpListener},
    line::{Answer, Line, TcpStream},
    network::Network,
    peer::Peer,
};

/// What is to be found at an address.
enum Place {
    /// One who may be called, once.
    Line(Arc<Line>),
    /// One whom no call reaches: it fails at once.
    Nowhere(ErrorKind),
    /// One who was called.
    Called(Recorder),
    /// Where one may listen.
    Desk(Arc<Desk>),
}

static PLACES: Mutex<Vec<(SocketAddr, Place)>> = Mutex::new(Vec::new());

fn places() -> MutexGuard<'static, Vec<(SocketAddr, Place)>> {
    PLACES.lock().unwrap_or_else(PoisonError::into_inner)
}

fn put(place: Place) -> SocketAddr {
    static NEXT: AtomicU16 = AtomicU16::new(1);
    let addr = SocketAddr::from(([127, 0, 0, 1], NEXT.fetch_add(1, SeqCst)));
    places().push((addr, place));
    addr
}

fn take(addr: SocketAddr) -> Option<Place> {
    let mut places = places();
    let index = places.iter().position(|(at, _)| *at == addr)?;
    Some(places.swap_remove(index).1)
}

impl Network {
    /// An address that may be called once, and whoever is there: he has not answered yet.
    pub fn callable(&self) -> (SocketAddr, Peer) {
        let line = Line::new(self.events());
        line.state().answer = Answer::Awaited;
        (put(Place::Line(Arc::clone(&line))), Peer::over(&line))
    }

    /// An address that cannot be called at all.
    pub fn nowhere(&self, kind: ErrorKind) -> SocketAddr {
        put(Place::Nowhere(kind))
    }

    /// An address to listen at, and whoever calls there.
    pub fn listenable(&self) -> (SocketAddr, Arc<Desk>) {
        let desk = Desk::new(self.events());
        (put(Place::Desk(Arc::clone(&desk))), desk)
    }
}

/// Whether whoever is at this address has been called.
pub fn is_called(addr: SocketAddr) -> bool {
    let called = |place: &Place| matches!(place, Place::Called(_));
    places()
        .iter()
        .any(|(at, place)| *at == addr && called(place))
}

impl TcpStream {
    /// Calls: the answer comes later, as an event.
    pub fn connect(addr: SocketAddr) -> io::Result<Self> {
        match take(addr) {
            Some(Place::Line(line)) => {
                let recorder = line.events.recorder.clone();
                places().push((addr, Place::Called(recorder)));
                Ok(TcpStream::over(&line))
            }
            Some(Place::Called(recorder)) => recorder.fail(
                "wait-per-poll",
                "one `connect` has called twice: each poll makes a call of its own",
            ),
            Some(Place::Nowhere(kind)) => Err(kind.into()),
            _ => Err(ErrorKind::ConnectionRefused.into()),
        }
    }
}

impl TcpListener {
    pub fn bind(addr: SocketAddr) -> io::Result<Self> {
        match take(addr) {
            Some(Place::Desk(desk)) => Ok(TcpListener::over(&desk, addr)),
            _ => Err(ErrorKind::AddrInUse.into()),
        }
    }
}
