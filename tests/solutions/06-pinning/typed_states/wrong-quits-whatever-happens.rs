// expect: fail swallowed-error
//! It says that it has closed the connection when it could not.

use std::fmt;
use std::io;
use std::marker::PhantomData;

use futures::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};

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
    connection: BufReader<S>,
    /// Where the conversation is. Nothing of it is there at run time.
    state: PhantomData<State>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Session<S, Connected> {
    /// A session on a new connection.
    pub fn new(stream: S) -> Self {
        Self {
            connection: BufReader::new(stream),
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
        let stream = self.connection.get_mut();
        stream.write_all(question.as_bytes()).await?;
        stream.write_all(b"\n").await?;
        stream.flush().await?;
        Ok(self.turn())
    }

    /// Ends the conversation.
    ///
    /// # Errors
    ///
    /// What the connection says.
    pub async fn quit(mut self) -> io::Result<()> {
        let _ = self.connection.close().await;
        Ok(())
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
        let mut line = String::new();
        if self.connection.read_line(&mut line).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }

    /// The same session in its next state.
    fn turn<Next>(self) -> Session<S, Next> {
        Session {
            connection: self.connection,
            state: PhantomData,
        }
    }
}

impl<S, State> fmt::Debug for Session<S, State> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").finish_non_exhaustive()
    }
}
