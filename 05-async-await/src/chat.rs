//! A chat: groups, and everybody hears what is posted to theirs.

pub use crate::chat_broadcast::{Groups, Membership};
pub use crate::chat_message::{
    BACKLOG, FromClient, FromServer, LONGEST_LINE, LONGEST_SERVER_LINE, line, message,
};
pub use crate::chat_outbound::Outbound;
pub use crate::chat_server::{serve, talk};
pub use crate::chat_visit::visit;
