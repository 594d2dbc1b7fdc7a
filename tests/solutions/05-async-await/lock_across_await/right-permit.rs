// expect: pass
//! A semaphore says whose turn it is; who has the permit takes the writer out of a mutex of std, and puts it back.

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
        let _turn = self.turn.acquire(1).await;
        self.put(line).await
    }

    /// Writes a line, with a mark if it has to wait for longer than until the deadline.
    pub async fn write_before(
        &self,
        deadline: impl Future<Output = ()>,
        line: &str,
    ) -> io::Result<()> {
        match select(self.turn.acquire(1), pin!(deadline)).await {
            Either::Left((_turn, _)) => self.put(line).await,
            Either::Right(((), acquire)) => {
                let _turn = acquire.await;
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
        let text = format!("{line}\n");
        let mut written = writer.write_all(text.as_bytes()).await;
        if written.is_ok() {
            written = writer.flush().await;
        }
        if written.is_ok() {
            self.lines.fetch_add(1, SeqCst);
        }
        *self.writer.lock().unwrap() = Some(writer);
        written
    }
}
