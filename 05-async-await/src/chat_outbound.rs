//! The way to one client of a chat: lines that do not mix.

use std::fmt;
use std::io;

use futures::SinkExt;
use futures::io::AsyncWrite;

use crate::chat_message::{FromServer, LONGEST_SERVER_LINE, line};
use crate::sync::Arc;
use crate::{FramedWrite, LinesCodec, Mutex};

/// The way to a client, shared by all who have something to say to him.
pub struct Outbound<W> {
    /// One line at a time.
    lines: Arc<Mutex<FramedWrite<W, LinesCodec>>>,
}

impl<W: AsyncWrite + Unpin> Outbound<W> {
    /// The way to a client through `writer`.
    pub fn new(writer: W) -> Self {
        let lines = FramedWrite::new(writer, LinesCodec::new(LONGEST_SERVER_LINE));
        Self {
            lines: Arc::new(Mutex::new(lines)),
        }
    }

    /// Says something, and waits until it is on its way.
    ///
    /// # Errors
    ///
    /// If the connection is gone.
    pub async fn say(&self, message: &FromServer) -> io::Result<()> {
        self.say_line(&line(message)).await
    }

    /// Says a line that was made before, once for many.
    ///
    /// Cancellation: dropped before it is ready, it has said all of the line or nothing: what is
    /// not written yet goes before the next line.
    ///
    /// # Errors
    ///
    /// If the connection is gone.
    pub async fn say_line(&self, line: &str) -> io::Result<()> {
        self.lines.lock().await.send(line).await
    }
}

impl<W> Clone for Outbound<W> {
    fn clone(&self) -> Self {
        Self {
            lines: Arc::clone(&self.lines),
        }
    }
}

impl<W> fmt::Debug for Outbound<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbound").finish_non_exhaustive()
    }
}
