//! # Lock across await: two tasks, one thread, one lock
//!
//! Several tasks write into one journal, a line each. It worked as long as the disk was fast. Then a writer had to
//! wait in the middle of its line, another task wanted to write as well, and since then the whole program stands still,
//! without any load. Repair the journal.
//!
//! What is checked:
//!
//! 1. A line is written whole: its text, a line feed, and no other line in between. After that, the writer is flushed.
//! 2. While one task waits in the middle of its line, another one that wants to write waits *as a task*: its poll comes
//!    back, it wakes nobody, and it is woken when the journal is free. That also holds if the line before
//!    ended with an error, and if somebody who waited is dropped.
//! 3. `lines` gives the number of lines that are written, at any time, and does not wait.
//! 4. `write_before` writes the line as it is if it gets the journal before the deadline. What it has begun then, it
//!    brings to an end. If the deadline comes first, it goes on waiting, and writes the line with the mark ` (late)`, once.
//! 5. When a deadline has passed, everybody goes on: the one who is late, those who wait behind it, and those who come
//!    later.
//! 6. The futures may move between threads, if the writer may: they are `Send`.
//!
//! Settled: the names and signatures stay, the fields are yours. Nobody drops a `write` in the middle of its line. A std mutex is
//! right where no await comes between lock and unlock. The order of lines that wait is not checked. A line may count as written
//! before its flush, or after it. If the journal is free and the deadline has passed, both when they are looked at, the line is
//! written with the mark or without it.
//!
//! Read first: README.md, "A lock across an await". It goes before `mutex`, which builds the lock of this repair. About
//! 25 minutes.
//!
//! Check: `cargo xtask check-stage 5 --exercise lock_across_await`. Stuck: `cargo xtask hint lock_across_await`.

use std::io;
use std::pin::pin;
use std::sync::Mutex;

use async_await::{Either, select};
use futures::AsyncWriteExt;
use futures::io::AsyncWrite;

/// A journal that many tasks write.
pub struct Journal<W> {
    state: Mutex<State<W>>,
}

struct State<W> {
    writer: W,
    /// How many lines are written.
    lines: usize,
}

impl<W: AsyncWrite + Unpin> Journal<W> {
    /// An empty journal.
    pub fn new(writer: W) -> Self {
        Self {
            state: Mutex::new(State { writer, lines: 0 }),
        }
    }

    /// How many lines are written.
    pub fn lines(&self) -> usize {
        self.state.lock().unwrap().lines
    }

    /// Writes a line.
    pub async fn write(&self, line: &str) -> io::Result<()> {
        let mut state = self.state.lock().unwrap();
        state.writer.write_all(line.as_bytes()).await?;
        state.writer.write_all(b"\n").await?;
        state.writer.flush().await?;
        state.lines += 1;
        Ok(())
    }

    /// Writes a line, with a mark if it has to wait for longer than until the deadline.
    pub async fn write_before(
        &self,
        deadline: impl Future<Output = ()>,
        line: &str,
    ) -> io::Result<()> {
        let write = pin!(self.write(line));
        match select(write, pin!(deadline)).await {
            Either::Left((written, _)) => written,
            Either::Right(((), _write)) => self.write(&format!("{line} (late)")).await,
        }
    }
}
