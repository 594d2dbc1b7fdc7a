//! A chat: groups, and everybody hears what is posted to theirs.

pub use crate::chat_broadcast::{BACKLOG, Groups, Membership, Outbound};
pub use crate::chat_message::{FromClient, FromServer, LONGEST_LINE, line, message};
pub use crate::chat_server::{serve, talk};
