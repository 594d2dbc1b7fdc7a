//! What a request came to, as it is shown in a trace.

#![allow(dead_code, unreachable_pub)]

use std::{
    fmt,
    io::{self, ErrorKind},
};

use http::Response;

/// The status and body of an answer, or an error by its kind.
#[derive(Clone, PartialEq, Eq)]
pub enum Reply {
    Answer(u16, Vec<u8>),
    Error(ErrorKind),
}

impl Reply {
    pub fn of(result: io::Result<Response<Vec<u8>>>) -> Self {
        match result {
            Ok(response) => Reply::Answer(response.status().as_u16(), response.into_body()),
            Err(error) => Reply::Error(error.kind()),
        }
    }

    pub fn ok(body: &str) -> Self {
        Reply::Answer(200, body.into())
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reply::Answer(status, body) => {
                write!(f, "{status} {:?}", String::from_utf8_lossy(body))
            }
            Reply::Error(kind) => write!(f, "error {kind:?}"),
        }
    }
}
