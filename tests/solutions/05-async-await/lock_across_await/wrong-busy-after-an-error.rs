// expect: fail lost-lock
//! The writer is taken out of its place, and not put back when the line ends with an error (S5-25 class: no guard).

use std::io;
use std::pin::pin;
use std::sync;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use async_await::{Either, Semaphore, select};
use futures::AsyncWriteExt;
use futures::io::AsyncWrite;

/// A journal that many tasks write.
pub struct Journal<W> {
    /// Kept from the beginning of a line to its end.
    turn: Semaphore,
    writer: sync::Mutex<Option<W>>,
    /// How many lines are written: nobody has to wait for the writer to know that.
    lines: AtomicUsize,
}

impl<W: AsyncWrite + Unpin> Journal<W> {
    /// An empty journal.
    pub fn new(writer: W) -> Self {
        Self {
            turn: Semaphore::new(1),
            writer: sync::Mutex::new(Some(writer)),
            lines: AtomicUsize::new(0),
        }
    }

    /// How many lines are written.
    pub fn lines(&self) -> usize {
        self.lines.load(SeqCst)
    }

    /// Writes a line.
    pub async fn write(&self, line: &str) -> io::Result<()> {
        self.turn.acquire(1).await.forget();
        self.put(line).await
    }

    /// Writes a line, with a mark if it has to wait for longer than until the deadline.
    pub async fn write_before(
        &self,
        deadline: impl Future<Output = ()>,
        line: &str,
    ) -> io::Result<()> {
        match select(self.turn.acquire(1), pin!(deadline)).await {
            Either::Left((turn, _)) => {
                turn.forget();
                self.put(line).await
            }
            Either::Right(((), acquire)) => {
                acquire.await.forget();
                self.put(&format!("{line} (late)")).await
            }
        }
    }

    /// A line, by the one who has the writer.
    async fn put(&self, line: &str) -> io::Result<()> {
        let mut writer = self
            .writer
            .lock()
            .unwrap()
            .take()
            .expect("one turn at a time");
        writer.write_all(format!("{line}\n").as_bytes()).await?;
        writer.flush().await?;
        self.lines.fetch_add(1, SeqCst);
        *self.writer.lock().unwrap() = Some(writer);
        self.turn.release(1);
        Ok(())
    }
}
