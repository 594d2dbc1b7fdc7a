//! The other side of a conversation, in memory: what it says is written down before, and what it is told afterwards.

use std::{
    cell::RefCell,
    io,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

use futures::io::{AsyncRead, AsyncWrite};

/// A connection to it. It is never pending; where its words end, the connection ends.
pub struct Wire {
    words: &'static [u8],
    heard: Rc<Heard>,
}

/// What it has been told.
#[derive(Default)]
pub struct Heard {
    /// What has been flushed.
    pub text: RefCell<String>,
    /// What has been written, and not flushed.
    waiting: RefCell<Vec<u8>>,
    /// Whether the connection was closed.
    pub is_closed: RefCell<bool>,
}

impl Wire {
    /// A connection to somebody who says these lines.
    pub fn to(words: &'static str) -> (Self, Rc<Heard>) {
        let heard = Rc::new(Heard::default());
        let wire = Wire {
            words: words.as_bytes(),
            heard: Rc::clone(&heard),
        };
        (wire, heard)
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        // A few bytes at a time: lines do not come in one piece.
        let count = buffer.len().min(self.words.len()).min(5);
        let (now, later) = self.words.split_at(count);
        buffer[..count].copy_from_slice(now);
        self.words = later;
        Poll::Ready(Ok(count))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.heard.waiting.borrow_mut().extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let bytes = self.heard.waiting.take();
        let text = String::from_utf8_lossy(&bytes);
        self.heard.text.borrow_mut().push_str(&text);
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        *self.heard.is_closed.borrow_mut() = true;
        self.poll_flush(cx)
    }
}
