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
    /// Whether it fails instead: where the words end, and whatever it is told.
    is_broken: bool,
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
            is_broken: false,
            heard: Rc::clone(&heard),
        };
        (wire, heard)
    }

    /// A connection that breaks after these lines, and that nothing goes out by.
    pub fn broken(words: &'static str) -> Self {
        let (wire, _) = Wire::to(words);
        Wire {
            is_broken: true,
            ..wire
        }
    }

    fn check(&self) -> io::Result<()> {
        match self.is_broken {
            true => Err(io::ErrorKind::BrokenPipe.into()),
            false => Ok(()),
        }
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
        if count == 0 {
            self.check()?;
        }
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
        self.check()?;
        // And they do not go in one piece.
        let count = bytes.len().min(3);
        self.heard
            .waiting
            .borrow_mut()
            .extend_from_slice(&bytes[..count]);
        Poll::Ready(Ok(count))
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
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
