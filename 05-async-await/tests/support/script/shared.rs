//! What both ends of a scripted connection share, and what each call comes to.

use std::{
    collections::VecDeque,
    io,
    io::ErrorKind,
    sync::{Mutex, MutexGuard, PoisonError},
    task::{Poll, Waker},
};

use course::Recorder;

use super::{Read, Take};

/// How often one poll may ask in vain: who goes on is waiting inside it.
const MOST_IN_VAIN: usize = 100;

pub struct Shared {
    pub recorder: Recorder,
    /// How the graded end is called in the trace: `socket`.
    pub socket: String,
    /// How the grader's end is called in the trace: `peer`.
    pub peer: String,
    state: Mutex<State>,
}

#[derive(Default)]
pub struct State {
    pub reads: VecDeque<Read>,
    pub writes: VecDeque<Take>,
    pub flushes: VecDeque<Take>,
    pub closes: VecDeque<Take>,
    /// How many bytes may still be written before there is no room.
    pub room: usize,
    /// What was written and the other side has not fetched.
    pub written: Vec<u8>,
    /// How many of those were flushed.
    pub flushed: usize,
    pub closed: bool,
    /// Who waits for bytes.
    pub reader: Waiting,
    /// Who waits until something was written, flushed or closed.
    pub writer: Waiting,
    pub calls: Calls,
    /// The latest poll in which something was asked in vain, and how often in that poll.
    in_vain: (usize, usize),
}

/// Who waits, in one direction.
#[derive(Default)]
pub struct Waiting {
    pub waker: Option<Waker>,
    /// How often those who wait were woken: whoever found that it has to wait, and sees another number
    /// when it leaves its waker, has missed one.
    pub wakes: usize,
    /// Whether there was somebody to wake the last time.
    pub woke: bool,
    /// Whether the latest call in this direction was told to wait.
    pub told_to_wait: bool,
    /// The latest operation that was told to wait, in which poll, and after how many wakes: until one of
    /// the last two has changed, that operation is told so again.
    pub still: Option<(&'static str, usize, usize)>,
}

/// What was asked of the connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Calls {
    pub reads: usize,
    pub writes: usize,
    pub flushes: usize,
    pub closes: usize,
}

impl Shared {
    pub fn new(recorder: &Recorder, socket: String, peer: String) -> Self {
        let state = State {
            room: usize::MAX,
            ..State::default()
        };
        Self {
            recorder: recorder.clone(),
            socket,
            peer,
            state: Mutex::new(state),
        }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a call that was in vain.
    ///
    /// Fails with `blocking-poll` where one poll asks again and again, and with `zero-write` if the answers were no
    /// promise of a wake, but writes that took nothing.
    pub fn count_in_vain(&self, call: &str, answer: &str) {
        let poll = self.recorder.polls_begun();
        let times = {
            let mut state = self.state();
            let (round, so_far) = state.in_vain;
            // Before the first recorded poll nobody can say which calls belong together.
            let times = if poll > 0 && round == poll {
                so_far + 1
            } else {
                1
            };
            state.in_vain = (poll, times);
            times
        };
        if times > MOST_IN_VAIN && call.starts_with("write") && answer == "0 bytes" {
            self.recorder.fail(
                "zero-write",
                format!(
                    "one poll has asked the {} {times} times, the last time for `{call}`; it takes nothing, and the poll \
                     goes on: a write that takes nothing is an error, WriteZero",
                    self.socket
                ),
            );
        }
        if times > MOST_IN_VAIN {
            self.recorder.fail(
                "blocking-poll",
                format!(
                    "one poll has asked the {} {times} times in vain, and does not return; the last \
                     time it was `{call}`, and the answer `{answer}`",
                    self.socket
                ),
            );
        }
    }
}

impl Waiting {
    /// Whoever waits, to be woken without a lock.
    pub fn woken(&mut self) -> Option<Waker> {
        self.wakes += 1;
        self.woke = self.waker.is_some();
        self.waker.take()
    }
}

impl State {
    pub fn read(&mut self, buf: &mut [u8]) -> Poll<io::Result<usize>> {
        self.calls.reads += 1;
        match self.reads.front_mut() {
            Some(Read::Bytes(bytes)) => {
                let count = bytes.len().min(buf.len());
                buf[..count].copy_from_slice(&bytes[..count]);
                bytes.drain(..count);
                if bytes.is_empty() {
                    self.reads.pop_front();
                }
                Poll::Ready(Ok(count))
            }
            Some(Read::End) => Poll::Ready(Ok(0)),
            Some(Read::Error(kind)) => {
                let kind = *kind;
                self.reads.pop_front();
                Poll::Ready(Err(kind.into()))
            }
            Some(Read::Pending) => {
                self.reads.pop_front();
                Poll::Pending
            }
            None => Poll::Pending,
        }
    }

    pub fn write(&mut self, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.calls.writes += 1;
        if self.closed {
            return Poll::Ready(Err(ErrorKind::BrokenPipe.into()));
        }
        let most = match next(&mut self.writes) {
            Poll::Ready(Ok(most)) => most.min(self.room),
            other => return other,
        };
        if self.room == 0 && !buf.is_empty() {
            return Poll::Pending;
        }
        let count = most.min(buf.len());
        self.room -= count;
        self.written.extend_from_slice(&buf[..count]);
        Poll::Ready(Ok(count))
    }

    pub fn flush(&mut self) -> Poll<io::Result<usize>> {
        self.calls.flushes += 1;
        next(&mut self.flushes).map_ok(|_| {
            self.flushed = self.written.len();
            self.flushed
        })
    }

    pub fn close(&mut self) -> Poll<io::Result<usize>> {
        self.calls.closes += 1;
        next(&mut self.closes).map_ok(|_| {
            self.closed = true;
            self.flushed = self.written.len();
            self.written.len()
        })
    }
}

/// What the next step is. Without one all goes well.
fn next(steps: &mut VecDeque<Take>) -> Poll<io::Result<usize>> {
    match steps.pop_front() {
        None => Poll::Ready(Ok(usize::MAX)),
        Some(Take::UpTo(most)) => Poll::Ready(Ok(most)),
        Some(Take::Pending) => Poll::Pending,
        Some(Take::Error(kind)) => Poll::Ready(Err(kind.into())),
    }
}
