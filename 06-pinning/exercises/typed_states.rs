//! # Typed states: a conversation whose wrong turns do not compile
//!
//! A server greets; then it answers each question by a line. One may ask only when it has greeted, and when no
//! question is open; one may leave only then, too. Below, every session has every method. Make the wrong turns impossible: each
//! state is a type already, and each step gives a session of another.
//!
//! ```text
//! Connected ── greeting ──▶ Idle ── ask ──▶ Asked
//!                            │ ◀── answer ──┘
//!                            └── quit ──▶ (over)
//! ```
//!
//! What is checked:
//!
//! 1. The conversation: `greeting` gives the server's first line, `ask` sends a line and flushes it, `answer` gives the next line,
//!    `quit` closes the connection.
//! 2. In each state there are the methods that the picture shows, and none of the others of the picture; `new` begins with
//!    `Connected`. Each takes the session by value.
//! 3. There is one session to a connection: it cannot be cloned.
//! 4. A state weighs nothing: the session has one size in all of them.
//! 5. If the connection ends before a line, that is the error `UnexpectedEof`. An error of the connection is the step's error.
//!
//! Of functions of your own one thing is checked, by the signature: a public one that goes from one state to another says something
//! or hears something on the way, so it is `async`, or may fail. Whether that is what the state stands for, nobody here can tell: a
//! wrong turn by another name is as wrong.
//!
//! Settled: how lines are read and written is yours. A step that fails takes the session along.
//!
//! Read first: README.md, "States as types". About 20 minutes.
//!
//! Check: `cargo xtask check-stage 6 --exercise typed_states`. Stuck: `cargo xtask hint typed_states`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_imports, unused_mut, unused_variables)]

use std::fmt;
use std::io;
use std::marker::PhantomData;

use async_await::{FramedRead, FramedWrite, LinesCodec, next};
use futures::SinkExt;
use futures::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadHalf, WriteHalf};

/// The longest line that is read, in bytes.
const LONGEST_LINE: usize = 1024;

/// The server has not greeted yet.
#[derive(Debug)]
pub enum Connected {}

/// No question is open.
#[derive(Debug)]
pub enum Idle {}

/// A question is open: its answer is next.
#[derive(Debug)]
pub enum Asked {}

/// A conversation with a server that greets, and then answers each line by a line.
///
/// A step that fails, or is dropped in the middle, takes the session along: nobody knows where the conversation is then.
pub struct Session<S, State> {
    /// What the server says.
    lines: FramedRead<ReadHalf<S>, LinesCodec>,
    /// What it is told.
    words: FramedWrite<WriteHalf<S>, LinesCodec>,
    /// Where the conversation is. Nothing of it is there at run time.
    state: PhantomData<State>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Session<S, Connected> {
    /// A session on a new connection.
    pub fn new(stream: S) -> Self {
        let (reader, writer) = stream.split();
        Self {
            lines: FramedRead::new(reader, LinesCodec::new(LONGEST_LINE)),
            words: FramedWrite::new(writer, LinesCodec::new(LONGEST_LINE)),
            state: PhantomData,
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin, State> Session<S, State> {
    /// Waits for the server's greeting.
    ///
    /// # Errors
    ///
    /// `UnexpectedEof` if the server goes; else what the connection says.
    pub async fn greeting(mut self) -> io::Result<(String, Session<S, Idle>)> {
        todo!("the first line")
    }

    /// Asks something.
    ///
    /// # Errors
    ///
    /// What the connection says.
    pub async fn ask(mut self, question: &str) -> io::Result<Session<S, Asked>> {
        todo!("one line, and not only into a buffer")
    }

    /// Ends the conversation.
    ///
    /// # Errors
    ///
    /// What the connection says.
    pub async fn quit(mut self) -> io::Result<()> {
        todo!("close what the words go to")
    }

    /// Waits for the answer.
    ///
    /// # Errors
    ///
    /// `UnexpectedEof` if the server goes; else what the connection says.
    pub async fn answer(mut self) -> io::Result<(String, Session<S, Idle>)> {
        todo!("the next line")
    }
}

impl<S, State> fmt::Debug for Session<S, State> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").finish_non_exhaustive()
    }
}
