//! What a socket gave, as a trace shows it.

use std::{fmt, io};

use simple_future::{Poll, SimpleFuture};

/// What a read gave, as text: `"hello"`, or the kind of the error.
#[derive(Clone, PartialEq, Eq)]
pub struct Text(Result<String, io::ErrorKind>);

impl Text {
    /// The text of a read's outcome.
    pub fn of(read: &io::Result<Vec<u8>>) -> Text {
        Text(match read {
            Ok(bytes) => Ok(String::from_utf8_lossy(bytes).into_owned()),
            Err(error) => Err(error.kind()),
        })
    }

    /// This very text.
    pub fn new(text: &str) -> Text {
        Text(Ok(text.into()))
    }

    /// This kind of error.
    pub fn error(kind: io::ErrorKind) -> Text {
        Text(Err(kind))
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Ok(text) => text.fmt(f),
            Err(kind) => write!(f, "Err({kind:?})"),
        }
    }
}

/// A future that reads, with its output as [`Text`].
pub struct InWords<F>(pub F);

impl<F: SimpleFuture<Output = io::Result<Vec<u8>>>> SimpleFuture for InWords<F> {
    type Output = Text;

    fn poll(&mut self, wake: fn()) -> Poll<Text> {
        match self.0.poll(wake) {
            Poll::Ready(read) => Poll::Ready(Text::of(&read)),
            Poll::Pending => Poll::Pending,
        }
    }
}
