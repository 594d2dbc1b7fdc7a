//! The other end of a connection, which does what the grader says.

#![allow(dead_code, unreachable_pub)]

use std::{io::ErrorKind, mem, sync::Arc};

use reactor::Signals;

use super::{
    arrival::Arrival,
    line::{Answer, Line},
};

/// The other end. Clones are the same one, on any thread.
#[derive(Clone)]
pub struct Peer {
    line: Arc<Line>,
}

impl Peer {
    pub fn over(line: &Arc<Line>) -> Self {
        Peer {
            line: Arc::clone(line),
        }
    }

    /// The connection itself: what has been asked of this end.
    pub fn line(&self) -> &Line {
        &self.line
    }

    /// Sends a word, and notes it. Who waits for it is woken when this returns.
    pub fn sends(&self, text: &str) {
        self.note(format!("peer sends {text:?}"));
        self.arrives(Arrival::Bytes(text.into()));
    }

    /// Ends what it sends, and notes it.
    pub fn closes(&self) {
        self.note("peer closes the connection");
        self.arrives(Arrival::End);
    }

    /// Breaks the connection off, and notes it.
    pub fn resets(&self) {
        self.note("peer breaks the connection off");
        self.line.state().broken = Some(ErrorKind::BrokenPipe);
        self.arrives(Arrival::Failure(ErrorKind::ConnectionReset));
    }

    /// Takes what was sent, and notes that it did. Who waits for room is woken when this returns.
    pub fn takes(&self) -> Vec<u8> {
        self.note("peer takes what was sent");
        self.frees()
    }

    /// As [`takes`](Self::takes), without a note.
    pub fn frees(&self) -> Vec<u8> {
        let mut state = self.line.state();
        let sent = mem::take(&mut state.sent);
        state.room += sent.len();
        let blocked = mem::take(&mut state.blocked);
        drop(state);
        if blocked {
            self.line.announce(Signals::WRITABLE);
        }
        sent
    }

    /// Lets something arrive, and has the reactor hear of it, without a note.
    pub fn arrives(&self, arrival: Arrival) {
        let signals = arrival.signals();
        self.brings(arrival);
        self.line.announce(signals);
    }

    /// Lets something arrive of which the reactor will hear later, with the next event.
    pub fn brings(&self, arrival: Arrival) {
        let mut state = self.line.state();
        match (state.arrived.back_mut(), arrival) {
            (Some(Arrival::Bytes(before)), Arrival::Bytes(bytes)) => before.extend(bytes),
            (_, arrival) => state.arrived.push_back(arrival),
        }
    }

    /// How many bytes this end may write before there is no room left.
    pub fn has_room_for(&self, bytes: usize) {
        self.line.state().room = bytes;
    }

    /// Has the reactor hear of `signals`, and notes it.
    pub fn announces(&self, signals: Signals, what: &str) {
        self.note(what);
        self.line.announce(signals);
    }

    pub fn note(&self, text: impl Into<String>) {
        self.line.events.recorder.note(text);
    }
}

// Where this end has been called: see `switchboard.rs`.
impl Peer {
    /// Takes the call, and notes it.
    pub fn answers(&self) {
        self.note("the other side takes the call");
        self.says(Answer::Yes);
    }

    /// Refuses the call, and notes it.
    pub fn refuses(&self) {
        self.note("the other side refuses the call");
        self.says(Answer::No(ErrorKind::ConnectionRefused));
    }

    /// Answers the call, without a note.
    pub fn says(&self, answer: Answer) {
        self.line.state().answer = answer;
        let signals = match answer {
            Answer::No(kind) => Arrival::Failure(kind).signals(),
            _ => Signals::WRITABLE,
        };
        self.line.announce(signals);
    }
}
