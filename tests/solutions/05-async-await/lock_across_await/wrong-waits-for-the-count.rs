// expect: fail blocking-call
//! The count lies beside the writer, so `lines` waits until the writer is free: on the thread whose tasks would free it.

use std::io;
use std::pin::pin;

use async_await::{Either, Mutex, select};
use futures::AsyncWriteExt;
use futures::io::AsyncWrite;

/// A journal that many tasks write.
pub struct Journal<W> {
    /// Kept from the beginning of a line to its end.
    writer: Mutex<(W, usize)>,
}

impl<W: AsyncWrite + Unpin> Journal<W> {
    /// An empty journal.
    pub fn new(writer: W) -> Self {
        Self {
            writer: Mutex::new((writer, 0)),
        }
    }

    /// How many lines are written.
    pub fn lines(&self) -> usize {
        executor::block_on(self.writer.lock()).1
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
            // It keeps its place in the queue.
            Either::Right(((), lock)) => {
                let mut writer = lock.await;
                self.put(&mut writer, &format!("{line} (late)")).await
            }
        }
    }

    /// A line, by the one who has the writer.
    async fn put(&self, (writer, lines): &mut (W, usize), line: &str) -> io::Result<()> {
        writer.write_all(line.as_bytes()).await?;
        writer.write_all(b"\n").await?;
        writer.flush().await?;
        *lines += 1;
        Ok(())
    }
}
