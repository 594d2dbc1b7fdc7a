//! What a chat server and its clients say to each other: JSON, one message a line.

use std::io;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The longest line of a client, in bytes: whoever says more has said nothing.
pub const LONGEST_LINE: usize = 64 * 1024;

/// The longest line of the server, in bytes. It says again what a client has said, and more: a post grows by three
/// bytes, and a name in an error to seven times its length, each odd character of it escaped twice.
pub const LONGEST_SERVER_LINE: usize = 8 * LONGEST_LINE;

/// How many messages a group keeps for those who have not heard them yet.
pub const BACKLOG: usize = 1_000;

/// What clients say.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub enum FromClient {
    /// Send me what is posted to this group.
    Join {
        /// The group; it is made if there is none of that name.
        group: String,
    },
    /// Send this to everybody in this group.
    Post {
        /// The group; somebody must have joined it.
        group: String,
        /// The words.
        message: String,
    },
}

/// What the server says.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub enum FromServer {
    /// Somebody has posted this.
    Message {
        /// To this group.
        group: String,
        /// These words.
        message: String,
    },
    /// What you wanted could not be done; or you have missed something.
    Error(String),
}

/// A message as a line, without its end.
///
/// ```
/// use async_await::chat::{FromClient, line};
///
/// let join = FromClient::Join { group: "rust".into() };
/// assert_eq!(line(&join), r#"{"Join":{"group":"rust"}}"#);
/// ```
///
/// # Panics
///
/// Never for the messages of this module.
pub fn line(message: &impl Serialize) -> String {
    serde_json::to_string(message).expect("strings in an enum are JSON")
}

/// The message in a line.
///
/// # Errors
///
/// `InvalidData` if it is none.
pub fn message<T: DeserializeOwned>(line: &str) -> io::Result<T> {
    serde_json::from_str(line).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}
