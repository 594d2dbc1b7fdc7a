//! A client who listens, or does not: what is written to him are lines.

#![allow(dead_code, unreachable_pub)]

use std::{
    io::{self, ErrorKind},
    mem,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use futures::io::AsyncWrite;

/// The client's end. Clones are the same one. It records nothing, so that many messages cost no memory.
#[derive(Clone, Debug, Default)]
pub struct Letterbox {
    state: Arc<Mutex<State>>,
}

/// The server's end.
#[derive(Debug)]
pub struct Slot {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    /// Whether it takes nothing.
    shut: bool,
    /// Whether the connection is broken.
    broken: bool,
    /// The most bytes that one write brings in, if there is a limit.
    piece: Option<usize>,
    /// What has come in and was not looked at.
    bytes: Vec<u8>,
    /// Who waits for it to be opened.
    waker: Option<Waker>,
}

impl Letterbox {
    /// The other end. There is to be one.
    pub fn slot(&self) -> Slot {
        Slot {
            state: Arc::clone(&self.state),
        }
    }

    /// Takes nothing from now on.
    pub fn shut(&self) {
        self.state().shut = true;
    }

    /// Takes everything from now on.
    pub fn open(&self) {
        self.change(|state| state.shut = false);
    }

    /// From now on each write fails.
    pub fn breaks(&self) {
        self.change(|state| state.broken = true);
    }

    /// From now on a write brings so many bytes at most.
    pub fn takes_pieces(&self, bytes: usize) {
        self.state().piece = Some(bytes);
    }

    /// Looks into it: the whole lines that have come, without their ends.
    pub fn lines(&self) -> Vec<String> {
        let mut state = self.state();
        let end = state.bytes.iter().rposition(|byte| *byte == b'\n');
        let bytes: Vec<u8> = state.bytes.drain(..end.map_or(0, |end| end + 1)).collect();
        drop(state);
        let text = String::from_utf8_lossy(&bytes);
        text.lines().map(Into::into).collect()
    }

    /// Whether the server has dropped its end.
    pub fn is_forgotten(&self) -> bool {
        Arc::strong_count(&self.state) == 1
    }

    fn change(&self, what: impl FnOnce(&mut State)) {
        let waker = {
            let mut state = self.state();
            what(&mut state);
            mem::take(&mut state.waker)
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl AsyncWrite for Slot {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let waker = cx.waker().clone();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.broken {
            return Poll::Ready(Err(ErrorKind::BrokenPipe.into()));
        }
        if state.shut {
            let earlier = state.waker.replace(waker);
            drop(state);
            drop(earlier);
            return Poll::Pending;
        }
        let count = state.piece.map_or(buf.len(), |piece| piece.min(buf.len()));
        state.bytes.extend_from_slice(&buf[..count]);
        Poll::Ready(Ok(count))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
