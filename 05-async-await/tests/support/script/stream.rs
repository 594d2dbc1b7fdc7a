//! The end of a scripted connection that the code under test reads from and writes to.

use std::{
    fmt, io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use futures::io::{AsyncRead, AsyncWrite};

use super::shared::{Shared, State, Waiting};

/// The end for the code under test. Clones are the same one: one to read, one to write.
#[derive(Clone)]
pub struct Stream {
    shared: Arc<Shared>,
}

impl Stream {
    pub fn over(shared: &Arc<Shared>) -> Self {
        Self {
            shared: Arc::clone(shared),
        }
    }

    fn call(
        &self,
        operation: &'static str,
        bytes: Option<usize>,
        cx: &Context<'_>,
        waiting: fn(&mut State) -> &mut Waiting,
        work: impl FnOnce(&mut State) -> Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        let poll = self.shared.recorder.polls_begun();
        let (answer, wakes) = {
            let mut state = self.shared.state();
            let now = (operation, poll, waiting(&mut state).wakes);
            // Within a poll nothing changes by itself: who asks again and again gets no other answer.
            let answer = match waiting(&mut state).still == Some(now) && poll > 0 {
                true => Poll::Pending,
                false => work(&mut state),
            };
            let waiting = waiting(&mut state);
            waiting.told_to_wait = answer.is_pending();
            waiting.still = answer.is_pending().then_some(now);
            (answer, waiting.wakes)
        };
        let call = match bytes {
            Some(bytes) => format!("{operation}({bytes} bytes)"),
            None => operation.to_owned(),
        };
        let call = call.as_str();
        let text = match &answer {
            Poll::Pending => "Pending".into(),
            Poll::Ready(Ok(count)) => format!("{count} bytes"),
            Poll::Ready(Err(error)) => format!("error {:?}", error.kind()),
        };
        let Shared {
            recorder, socket, ..
        } = &*self.shared;
        recorder.called(format!("{socket}.{call} → {text}"));
        match &answer {
            Poll::Pending => {
                self.shared.count_in_vain(call, &text);
                self.wait(cx, waiting, wakes);
            }
            Poll::Ready(Ok(0)) => self.shared.count_in_vain(call, &text),
            Poll::Ready(_) => {}
        }
        answer
    }

    /// Leaves the waker of `cx`, without a lock while it is cloned, woken or dropped: it may be hostile.
    fn wait(&self, cx: &Context<'_>, waiting: fn(&mut State) -> &mut Waiting, wakes: usize) {
        let waker = cx.waker().clone();
        let mut state = self.shared.state();
        let waiting = waiting(&mut state);
        if waiting.wakes != wakes {
            drop(state);
            return waker.wake();
        }
        let earlier = waiting.waker.replace(waker);
        drop(state);
        drop(earlier);
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        self.call(
            "read",
            None,
            cx,
            |state| &mut state.reader,
            |state| state.read(buf),
        )
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.call(
            "write",
            Some(buf.len()),
            cx,
            |state| &mut state.writer,
            |state| state.write(buf),
        )
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let answer = self.call("flush", None, cx, |state| &mut state.writer, State::flush);
        answer.map_ok(drop)
    }

    fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let answer = self.call("close", None, cx, |state| &mut state.writer, State::close);
        answer.map_ok(drop)
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shared.socket)
    }
}
