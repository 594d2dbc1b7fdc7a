//! What a read gave, as it is shown in a trace.

#![allow(dead_code, unreachable_pub)]

use std::{
    fmt,
    io::{self, ErrorKind},
};

/// Bytes, or an error by its kind.
#[derive(Clone, PartialEq, Eq)]
pub enum Words {
    Bytes(Vec<u8>),
    Error(ErrorKind),
}

/// As many bytes are shown; of more, only how many there are.
const MOST_SHOWN: usize = 64;

impl Words {
    pub fn of(result: io::Result<Vec<u8>>) -> Self {
        match result {
            Ok(bytes) => Words::Bytes(bytes),
            Err(error) => Words::Error(error.kind()),
        }
    }

    pub fn bytes(text: &str) -> Self {
        Words::Bytes(text.into())
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Words::Error(kind) => write!(f, "error {kind:?}"),
            Words::Bytes(bytes) if bytes.len() > MOST_SHOWN => {
                write!(f, "{} bytes", bytes.len())
            }
            Words::Bytes(bytes) => write!(f, "{:?}", String::from_utf8_lossy(bytes)),
        }
    }
}
