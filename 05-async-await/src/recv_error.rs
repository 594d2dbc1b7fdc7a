//! Why a `broadcast.rs` has no value to give.

use std::error;
use std::fmt;

/// Why there was no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecvError {
    /// So many values came and went unheard. The next one is the oldest that is left.
    Lagged(u64),
    /// All senders are gone, and everything was heard.
    Closed,
}

impl fmt::Display for RecvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lagged(missed) => write!(f, "{missed} values came and went unheard"),
            Self::Closed => f.write_str("all senders are gone"),
        }
    }
}

impl error::Error for RecvError {}
