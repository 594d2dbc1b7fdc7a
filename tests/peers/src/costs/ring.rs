//! The counter-case: bytes go round a ring of sockets on one core.
//!
//! Whoever gets a byte from the one before sends one to the next. Each step is a wake-up by the
//! system: a thread is woken by its `read`, a task by the selector, which has to be asked as well.
//! The figure is processor time: on one core something of the ring always runs or wants to, and what
//! others do on that core does not count.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use cpu_time::ProcessTime;
use futures::{AsyncReadExt, AsyncWriteExt};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::runtimes::{OursIo, Runtime, TokioIo};

/// How many stand in the ring, how many bytes are on the way, how often each goes round.
#[derive(Clone, Copy, Debug)]
pub struct Ring {
    /// Threads or tasks.
    pub members: usize,
    /// Bytes that are on the way at once.
    pub bytes: usize,
    /// How often each member passes each of them on.
    pub rounds: usize,
}

/// Where a member reads, and where it writes.
type Sockets = (TcpStream, TcpStream);

impl Ring {
    /// Steps in all.
    #[must_use]
    pub fn steps(self) -> usize {
        self.members * self.bytes * self.rounds
    }

    /// Bytes that each member passes on.
    fn each(self) -> usize {
        self.bytes * self.rounds
    }

    /// A thread each, with blocking reads.
    pub fn of_threads(self) -> io::Result<Duration> {
        let (sockets, first) = self.sockets()?;
        let here = Arc::new(Barrier::new(self.members + 1));
        let member = |(index, sockets)| {
            let mut left = self.passed_on(index);
            let (mut from, mut to): Sockets = sockets;
            let here = Arc::clone(&here);
            thread::spawn(move || {
                let mut buffer = [0];
                here.wait();
                for _ in 0..self.each() {
                    from.read_exact(&mut buffer)?;
                    if left > 0 {
                        to.write_all(&buffer)?;
                        left -= 1;
                    }
                }
                Ok::<_, io::Error>((from, to))
            })
        };
        let threads: Vec<_> = sockets.into_iter().enumerate().map(member).collect();
        here.wait();
        let start = self.start(first)?;
        for thread in threads {
            thread.join().expect("errors are returned")?;
        }
        Ok(start.elapsed())
    }

    /// A task each, on tokio's `current_thread`.
    pub fn of_tokio_tasks(self) -> io::Result<Duration> {
        let (sockets, first) = self.sockets()?;
        TokioIo::new().run(async move {
            let mut handles = Vec::new();
            for (index, (from, to)) in sockets.into_iter().enumerate() {
                let mut left = self.passed_on(index);
                let (mut from, mut to) = (tokio_stream(from)?, tokio_stream(to)?);
                handles.push(TokioIo::spawn(async move {
                    let mut buffer = [0];
                    for _ in 0..self.each() {
                        from.read_exact(&mut buffer).await?;
                        if left > 0 {
                            to.write_all(&buffer).await?;
                            left -= 1;
                        }
                    }
                    Ok::<_, io::Error>((from, to))
                }));
            }
            let start = self.start(first)?;
            for handle in handles {
                handle.await?;
            }
            Ok(start.elapsed())
        })
    }

    /// A task each, on this course's runtime.
    pub fn of_our_tasks(self) -> io::Result<Duration> {
        let (sockets, first) = self.sockets()?;
        OursIo::new().run(async move {
            let mut handles = Vec::new();
            for (index, (from, to)) in sockets.into_iter().enumerate() {
                let mut left = self.passed_on(index);
                let mut from = reactor::TcpStream::from_std(from)?;
                let mut to = reactor::TcpStream::from_std(to)?;
                handles.push(OursIo::spawn(async move {
                    let mut buffer = [0];
                    for _ in 0..self.each() {
                        from.read_exact(&mut buffer).await?;
                        if left > 0 {
                            to.write_all(&buffer).await?;
                            left -= 1;
                        }
                    }
                    Ok::<_, io::Error>((from, to))
                }));
            }
            let start = self.start(first)?;
            for handle in handles {
                handle.await?;
            }
            Ok(start.elapsed())
        })
    }

    /// How many bytes the member at `index` sends: with the last receipt by the last member, a
    /// byte's way ends.
    fn passed_on(self, index: usize) -> usize {
        if index + 1 == self.members {
            self.each() - self.bytes
        } else {
            self.each()
        }
    }

    /// A ring of connections, and one more way to its first member.
    fn sockets(self) -> io::Result<(Vec<Sockets>, TcpStream)> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let (mut from, mut to) = (Vec::new(), Vec::new());
        for _ in 0..self.members {
            let sender = TcpStream::connect(listener.local_addr()?)?;
            sender.set_nodelay(true)?;
            to.push(sender);
            from.push(listener.accept()?.0);
        }
        // What a member sends arrives at the next one.
        to.rotate_left(1);
        let last = to.last().expect("a ring has members");
        let first = last.try_clone()?;
        Ok((from.into_iter().zip(to).collect(), first))
    }

    /// Starts the clock, and puts the bytes on their way.
    fn start(self, mut first: TcpStream) -> io::Result<ProcessTime> {
        let start = ProcessTime::now();
        first.write_all(&vec![1; self.bytes])?;
        Ok(start)
    }
}

fn tokio_stream(stream: TcpStream) -> io::Result<tokio::net::TcpStream> {
    stream.set_nonblocking(true)?;
    tokio::net::TcpStream::from_std(stream)
}
