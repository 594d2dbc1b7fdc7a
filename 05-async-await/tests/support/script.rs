//! A connection without a system: one end for the code under test, and the other in the grader's hand.
//!
//! ```text
//! let script = Script::new(&rec);              // or Script::named(&rec, "anna"), where there are several
//! let reader = script.stream();                // AsyncRead + AsyncWrite; clones are the same connection
//! script.brings([Read::Bytes("ha".into()), Read::Pending, Read::End]);   // one step a call of `poll_read`
//! script.brings_single_bytes("lf\n");
//! script.sends("more");                        // noted; whoever waits for bytes is woken
//! script.takes([Take::UpTo(3), Take::Pending]);        // one step a call of `poll_write`
//! script.flush_takes([Take::Pending]);                 // … of `poll_flush`
//! script.close_takes([Take::Pending]);                 // … of `poll_close`
//! script.wakes_writer("there is room again");  // noted; whoever waits to write, flush or close is woken
//! assert_eq!(script.flushed(), b"…");          // what the other side has got: flushed, not only written
//! ```
//!
//! A read that finds no step left waits. Writes, flushes and closes that find none succeed, as far as
//! there is room; a close flushes. Whatever answers `Pending` keeps the waker that it was given, the latest only, and
//! promises nothing more: the grader wakes. Until then, or until the next poll, the answer stays the same. Every call is in the trace (`socket.read → 2 bytes`); a
//! poll that goes on asking after it was told to wait, or that there is no more, fails with
//! `blocking-poll`.

#![allow(dead_code, unreachable_pub)]

use std::{io::ErrorKind, mem, sync::Arc};

use course::Recorder;

pub use shared::Calls;
use shared::Shared;
pub use stream::Stream;

mod shared;
mod stream;

/// What one read finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    /// These bytes, or as many of them as the reader has room for; the rest is for the next read.
    Bytes(Vec<u8>),
    /// Nothing yet.
    Pending,
    /// One error. What comes after it in the script is there for whoever reads again.
    Error(ErrorKind),
    /// The other side will send no more: from here on each read finds this.
    End,
}

/// What one write (or flush, or close) comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Take {
    /// At most so many bytes are taken. A flush or a close succeeds, whatever the number.
    UpTo(usize),
    /// Nothing yet.
    Pending,
    /// One error.
    Error(ErrorKind),
}

/// The grader's end. Clones are the same one, on any thread.
#[derive(Clone)]
pub struct Script {
    shared: Arc<Shared>,
}

impl Script {
    /// Nothing to read, and room for everything.
    pub fn new(recorder: &Recorder) -> Self {
        Self::make(recorder, "socket".into(), "peer".into())
    }

    /// One of several connections: this one leads to `peer`.
    pub fn named(recorder: &Recorder, peer: &str) -> Self {
        Self::make(recorder, format!("socket to {peer}"), peer.into())
    }

    fn make(recorder: &Recorder, socket: String, peer: String) -> Self {
        Self {
            shared: Arc::new(Shared::new(recorder, socket, peer)),
        }
    }

    /// The end for the code under test.
    pub fn stream(&self) -> Stream {
        Stream::over(&self.shared)
    }

    /// What the next reads will find, one after the other. Nobody is woken, and nothing is noted.
    pub fn brings(&self, steps: impl IntoIterator<Item = Read>) {
        self.shared.state().reads.extend(steps);
    }

    /// The same bytes as if they had come one by one: each read finds one.
    pub fn brings_single_bytes(&self, bytes: impl AsRef<[u8]>) {
        let steps = bytes.as_ref().iter().map(|byte| Read::Bytes(vec![*byte]));
        self.brings(steps);
    }

    /// Brings bytes, notes it, and wakes the reader.
    pub fn sends(&self, bytes: impl AsRef<[u8]>) {
        let bytes = bytes.as_ref();
        let text = String::from_utf8_lossy(bytes);
        self.comes(Read::Bytes(bytes.into()), &format!("sends {text:?}"));
    }

    /// Ends what it sends, notes it, and wakes the reader.
    pub fn ends(&self) {
        self.comes(Read::End, "will send no more");
    }

    /// Lets one read fail, notes it, and wakes the reader.
    pub fn fails(&self, kind: ErrorKind) {
        self.comes(Read::Error(kind), &format!("is gone: {kind:?}"));
    }

    fn comes(&self, step: Read, what: &str) {
        self.brings([step]);
        self.wakes_reader(&format!("{} {what}", self.shared.peer));
    }

    /// Notes `what` and wakes whoever waits for bytes.
    pub fn wakes_reader(&self, what: &str) {
        self.shared.recorder.note(what);
        let reader = self.shared.state().reader.woken();
        if let Some(reader) = reader {
            reader.wake();
        }
    }

    /// What the next writes will come to.
    pub fn takes(&self, steps: impl IntoIterator<Item = Take>) {
        self.shared.state().writes.extend(steps);
    }

    /// What the next flushes will come to.
    pub fn flush_takes(&self, steps: impl IntoIterator<Item = Take>) {
        self.shared.state().flushes.extend(steps);
    }

    /// What the next closes will come to.
    pub fn close_takes(&self, steps: impl IntoIterator<Item = Take>) {
        self.shared.state().closes.extend(steps);
    }

    /// From now on so many bytes may be written, until [`fetches`](Self::fetches) makes room again.
    pub fn has_room_for(&self, bytes: usize) {
        self.shared.state().room = bytes;
    }

    /// The other side takes what was written, flushed or not: noted, there is room for as much again,
    /// and whoever waits for room is woken.
    pub fn fetches(&self) -> Vec<u8> {
        let fetched = {
            let mut state = self.shared.state();
            let fetched = mem::take(&mut state.written);
            state.flushed = 0;
            state.room = state.room.saturating_add(fetched.len());
            fetched
        };
        self.wakes_writer(&format!("{} takes what was written", self.shared.peer));
        fetched
    }

    /// Notes `what` and wakes whoever waits to write, to flush or to close.
    pub fn wakes_writer(&self, what: &str) {
        self.shared.recorder.note(what);
        let writer = self.shared.state().writer.woken();
        if let Some(writer) = writer {
            writer.wake();
        }
    }

    /// What was written and not fetched, flushed or not.
    pub fn written(&self) -> Vec<u8> {
        self.shared.state().written.clone()
    }

    /// What was written, flushed and not fetched: what the other side has got for certain.
    pub fn flushed(&self) -> Vec<u8> {
        let state = self.shared.state();
        state.written[..state.flushed].to_vec()
    }

    /// Whether this end has said, with success, that it will write no more.
    pub fn is_closed(&self) -> bool {
        self.shared.state().closed
    }

    /// What was asked of the connection so far.
    pub fn calls(&self) -> Calls {
        self.shared.state().calls
    }

    /// How many steps the reads have not come to.
    pub fn unread(&self) -> usize {
        self.shared.state().reads.len()
    }

    /// Whether the latest write, flush or close was told to wait: then, and only then, the writer will wake.
    pub fn told_writer_to_wait(&self) -> bool {
        self.shared.state().writer.told_to_wait
    }

    /// Whether the latest read was told to wait: then, and only then, the reader will wake.
    pub fn told_reader_to_wait(&self) -> bool {
        self.shared.state().reader.told_to_wait
    }

    /// Whether there was a waker to wake, whosever, when whoever waits to write was last woken.
    pub fn woke_writer(&self) -> bool {
        self.shared.state().writer.woke
    }

    /// Whether there was a waker to wake, whosever, when whoever waits for bytes was last woken.
    pub fn woke_reader(&self) -> bool {
        self.shared.state().reader.woke
    }

    /// Whether somebody's waker waits here for bytes, and whether one waits for writing.
    pub fn waiting(&self) -> (bool, bool) {
        let state = self.shared.state();
        (state.reader.waker.is_some(), state.writer.waker.is_some())
    }
}
