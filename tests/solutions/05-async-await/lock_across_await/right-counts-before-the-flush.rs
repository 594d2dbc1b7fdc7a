// expect: pass
//! Counts a line when it is written, and flushes it after that.

use std::io;
use std::pin::pin;
use std::sync;

use async_await::{Either, Mutex, select};
use futures::AsyncWriteExt;
use futures::io::AsyncWrite;

/// A journal that many tasks write.
pub struct Journal<W> {
    /// Kept from the beginning of a line to its end.
    writer: Mutex<W>,
    /// How many lines are written: nobody has to wait for the writer to know that.
    lines: sync::Mutex<usize>,
}

impl<W: AsyncWrite + Unpin> Journal<W> {
    /// An empty journal.
    pub fn new(writer: W) -> Self {
        Self {
            writer: Mutex::new(writer),
            lines: sync::Mutex::new(0),
        }
    }

    /// How many lines are written.
    pub fn lines(&self) -> usize {
        *self.lines.lock().unwrap()
    }

    /// Writes a line.
    pub async fn write(&self, line: &str) -> io::Result<()> {
        let mut writer = self.writer.lock().await;
        self.put(&mut writer, line).await
    }

    /// Writes a line, with a mark if it has to wait for longer than until the deadline.
    pub async fn write_before(
        &self,
        deadline: impl Future<Output = ()>,
        line: &str,
    ) -> io::Result<()> {
        match select(self.writer.lock(), pin!(deadline)).await {
            Either::Left((mut writer, _)) => self.put(&mut writer, line).await,
            Either::Right(((), lock)) => {
                drop(lock);
                self.write(&format!("{line} (late)")).await
            }
        }
    }

    /// A line, by the one who has the writer.
    async fn put(&self, writer: &mut W, line: &str) -> io::Result<()> {
        writer.write_all(line.as_bytes()).await?;
        writer.write_all(b"\n").await?;
        *self.lines.lock().unwrap() += 1;
        writer.flush().await
    }
}
