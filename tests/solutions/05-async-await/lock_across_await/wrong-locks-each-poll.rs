// expect: fail mixed-lines
//! Locks for each poll of the writer, and not for the line: no lock is held across an await, and nothing keeps a line
//! together (S5-03 cured too well).

use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use async_await::{Either, select};
use futures::io::AsyncWrite;

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
        self.put(line).await
    }

    /// Writes a line, with a mark if it has to wait for longer than until the deadline.
    pub async fn write_before(
        &self,
        deadline: impl Future<Output = ()>,
        line: &str,
    ) -> io::Result<()> {
        match select(pin!(self.put(line)), pin!(deadline)).await {
            Either::Left((written, _)) => written,
            Either::Right(((), write)) => write.await,
        }
    }

    /// A line, by the one who has the writer.
    async fn put(&self, line: &str) -> io::Result<()> {
        let text = format!("{line}\n");
        let mut rest = text.as_bytes();
        while !rest.is_empty() {
            let written = poll_fn(|cx| {
                let mut writer = self.writer.lock().unwrap();
                Pin::new(&mut *writer).poll_write(cx, rest)
            });
            rest = &rest[written.await?..];
        }
        poll_fn(|cx| Pin::new(&mut *self.writer.lock().unwrap()).poll_flush(cx)).await?;
        self.lines.fetch_add(1, SeqCst);
        Ok(())
    }
}
