//! The grader of `predict_readiness`: the events of real sockets, against what was written down before.

use std::{
    io::{self, Read, Write},
    net,
    time::Duration,
};

use course::{Exercise, Recorder, grade_race, prediction};
use mio::net::TcpStream;
use reactor::{Event, IoBlocker, Signals};

const PREDICT_READINESS: Exercise = course::exercise!(
    "predict_readiness",
    stage = "04-reactor",
    feature = "my-predict-readiness"
);

const READABLE: Signals = Signals::READABLE;
const WRITABLE: Signals = Signals::WRITABLE;

/// Quoted in the exercise.
fn program(rec: &Recorder) -> io::Result<()> {
    let mut socket = Socket::connect(rec)?;
    socket.peer_sends("hello")?;
    socket.register(READABLE)?;
    socket.look()?;
    socket.read(2)?;
    socket.look()?;
    socket.read(9)?;
    socket.read(9)?;
    socket.look()?;

    rec.note("more is sent");
    socket.peer_sends("world")?;
    socket.look()?;
    socket.look()?;
    socket.read(9)?;
    socket.read(9)?;

    rec.note("the last word");
    socket.peer_sends("bye")?;
    socket.peer_closes()?;
    socket.look()?;
    socket.read(3)?;
    socket.look()?;
    socket.read(9)?;

    rec.note("another connection, on which nothing is ever sent");
    let mut socket = Socket::connect(rec)?;
    socket.register(WRITABLE)?;
    socket.look()?;
    socket.look()
}

/// One end of a connection, and a selector of its own that looks after it.
struct Socket<'a> {
    rec: &'a Recorder,
    stream: TcpStream,
    blocker: IoBlocker,
    /// The other end.
    peer: net::TcpStream,
    /// A second connection, used after the first: what has arrived there tells that what was sent before
    /// it has arrived, too.
    witness: (net::TcpStream, net::TcpStream),
    /// How many bytes have been sent and not been read.
    unread: usize,
}

impl<'a> Socket<'a> {
    fn connect(rec: &'a Recorder) -> io::Result<Self> {
        let (stream, peer) = connection()?;
        stream.set_nonblocking(true)?;
        Ok(Socket {
            rec,
            stream: TcpStream::from_std(stream),
            blocker: IoBlocker::new()?,
            peer,
            witness: connection()?,
            unread: 0,
        })
    }

    fn register(&mut self, signals: Signals) -> io::Result<()> {
        let interest = Event { id: 1, signals };
        self.blocker
            .add_io_event_interest(&mut self.stream, interest)
    }

    fn peer_sends(&mut self, words: &str) -> io::Result<()> {
        self.peer.write_all(words.as_bytes())?;
        self.unread += words.len();
        self.arrives()
    }

    fn peer_closes(&mut self) -> io::Result<()> {
        self.peer.shutdown(net::Shutdown::Write)?;
        self.arrives()
    }

    /// Waits until everything that was sent is there, so that no look comes too early.
    fn arrives(&mut self) -> io::Result<()> {
        self.witness.0.write_all(b"!")?;
        self.witness.1.read_exact(&mut [0])?;
        let mut bytes = [0; 32];
        loop {
            match self.stream.peek(&mut bytes) {
                Ok(bytes) if bytes == self.unread => return Ok(()),
                Err(error) if error.kind() != io::ErrorKind::WouldBlock => return Err(error),
                _ => std::thread::yield_now(),
            }
        }
    }

    /// Asks the selector what has happened, without waiting.
    fn look(&mut self) -> io::Result<()> {
        let mut events = Vec::new();
        self.blocker.block(Some(Duration::ZERO), &mut events)?;
        if events.is_empty() {
            self.rec.note("look → nothing");
        }
        for event in events {
            self.rec.note(format!("look → {:?}", event.signals));
        }
        Ok(())
    }

    /// Reads at most so many bytes.
    fn read(&mut self, most: usize) -> io::Result<()> {
        let mut bytes = vec![0; most];
        match self.stream.read(&mut bytes) {
            Ok(read) => {
                self.unread -= read;
                let words = String::from_utf8_lossy(&bytes[..read]);
                self.rec.note(format!("read → {words:?}"));
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                self.rec.note("read → WouldBlock");
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

/// Both ends of a connection.
fn connection() -> io::Result<(net::TcpStream, net::TcpStream)> {
    let listener = net::TcpListener::bind("127.0.0.1:0")?;
    let peer = net::TcpStream::connect(listener.local_addr()?)?;
    peer.set_nodelay(true)?;
    Ok((listener.accept()?.0, peer))
}

#[test]
fn the_run_is_the_one_that_was_predicted() {
    // Not compared with a snapshot: a snapshot would be shown beside a wrong prediction.
    grade_race!(PREDICT_READINESS, |rec| {
        program(rec).expect("connections within this machine work");
        prediction::must_match(rec, PREDICT_READINESS);
    });
}
