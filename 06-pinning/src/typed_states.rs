//! A conversation whose wrong turns do not compile.
//!
//! The state of a state machine is often a field, and each method has to look at it first: "not
//! connected yet", "there is a question open". Here the state is a *type*, and a method takes the session of one state and
//! gives back that of the next. What is not a step has no method, and a session that has gone on cannot be used again: it
//! was moved.
//!
//! ```text
//! Connected ── greeting ──▶ Idle ── ask ──▶ Asked
//!                            │ ◀── answer ──┘
//!                            └── quit ──▶ (over)
//! ```
#![forbid(unsafe_code)]

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
///
/// ```no_run
/// # async fn talk(stream: reactor::TcpStream) -> std::io::Result<()> {
/// use pinning::typed_states::Session;
///
/// let (_greeting, session) = Session::new(stream).greeting().await?;
/// let (answer, session) = session.ask("how many?").await?.answer().await?;
/// println!("{answer}");
/// session.quit().await
/// # }
/// ```
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

    /// Waits for the server's greeting.
    ///
    /// # Errors
    ///
    /// `UnexpectedEof` if the server goes; else what the connection says.
    pub async fn greeting(mut self) -> io::Result<(String, Session<S, Idle>)> {
        let greeting = self.line().await?;
        Ok((greeting, self.turn()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Session<S, Idle> {
    /// Asks something.
    ///
    /// # Errors
    ///
    /// What the connection says.
    pub async fn ask(mut self, question: &str) -> io::Result<Session<S, Asked>> {
        self.words.send(question).await?;
        Ok(self.turn())
    }

    /// Ends the conversation.
    ///
    /// # Errors
    ///
    /// What the connection says.
    pub async fn quit(mut self) -> io::Result<()> {
        SinkExt::<&str>::close(&mut self.words).await
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Session<S, Asked> {
    /// Waits for the answer.
    ///
    /// # Errors
    ///
    /// `UnexpectedEof` if the server goes; else what the connection says.
    pub async fn answer(mut self) -> io::Result<(String, Session<S, Idle>)> {
        let answer = self.line().await?;
        Ok((answer, self.turn()))
    }
}

// Whatever the state is: so neither of these is public.
impl<S: AsyncRead + AsyncWrite + Unpin, State> Session<S, State> {
    /// The server's next line.
    async fn line(&mut self) -> io::Result<String> {
        let line = next(&mut self.lines).await;
        line.ok_or(io::ErrorKind::UnexpectedEof)?
    }

    /// The same session in its next state.
    fn turn<Next>(self) -> Session<S, Next> {
        Session {
            lines: self.lines,
            words: self.words,
            state: PhantomData,
        }
    }
}

impl<S, State> fmt::Debug for Session<S, State> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").finish_non_exhaustive()
    }
}
