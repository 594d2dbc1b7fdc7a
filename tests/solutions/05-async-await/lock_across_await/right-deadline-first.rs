// expect: pass
//! Looks at the deadline first: a line is late if it has passed, also if the journal is free.

use std::io;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use async_await::{Either, select};
use futures::AsyncWriteExt;
use futures::io::AsyncWrite;
use futures::lock::Mutex;

/// A journal that many tasks write.
pub struct Journal<W> {
    /// Kept from the beginning of a line to its end.
    writer: Mutex<W>,
    /// How many lines are written: nobody has to wait for the writer to know that.
    lines: AtomicUsize,
}

impl<W: AsyncWrite + Unpin> Journal<W> {
    /// An empty journal.
    pub fn new(writer: W) -> Self {
        Self {
            writer: Mutex::new(writer),
            lines: AtomicUsize::new(0),
        }
    }

    /// How many lines are written.
    pub fn lines(&self) -> usize {
        self.lines.load(SeqCst)
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
        match select(pin!(deadline), self.writer.lock()).await {
            Either::Right((mut writer, _)) => self.put(&mut writer, line).await,
            // It keeps its place in the queue.
            Either::Left(((), lock)) => {
                let mut writer = lock.await;
                self.put(&mut writer, &format!("{line} (late)")).await
            }
        }
    }

    /// A line, by the one who has the writer.
    async fn put(&self, writer: &mut W, line: &str) -> io::Result<()> {
        writer.write_all(line.as_bytes()).await?;
        writer.write_all(b"\n").await?;
        writer.flush().await?;
        self.lines.fetch_add(1, SeqCst);
        Ok(())
    }
}
