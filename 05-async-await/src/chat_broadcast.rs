//! Who hears what in a chat: groups, their members, and those who do not listen.
//!
//! A post goes to many connections, and one of them may take nothing: its client is asleep, or on a bad
//! line. To write to each in turn would make everybody wait for him. To keep everything for him in a queue
//! would take memory without end. So each member of a group has a task of its own that writes to its
//! connection, and reads from a [broadcast] of bounded length. Who is too slow loses the oldest
//! messages, and is told how many.

use std::collections::HashMap;
use std::fmt;
use std::io;

use executor::JoinHandle;
use futures::SinkExt;
use futures::io::AsyncWrite;

use crate::broadcast::{self, RecvError};
use crate::chat_message::{FromServer, LONGEST_LINE, line};
use crate::lock::lock;
use crate::sync::{self, Arc};
use crate::{FramedWrite, LinesCodec, Mutex};

/// How many messages a group keeps for those who have not heard them yet.
pub const BACKLOG: usize = 1_000;

/// All groups of a server. Clones are the same groups.
#[derive(Clone, Default)]
pub struct Groups {
    /// By name. A group is here as long as somebody is in it.
    table: Arc<sync::Mutex<HashMap<String, broadcast::Sender<Arc<str>>>>>,
}

impl Groups {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends what is posted to `group` from now on to `outbound`, until the membership is dropped.
    pub fn join<W>(&self, group: &str, outbound: &Outbound<W>) -> Membership
    where
        W: AsyncWrite + Send + Unpin + 'static,
    {
        let mut table = lock(&self.table);
        let sender = table.entry(group.to_owned());
        let receiver = sender
            .or_insert_with(|| broadcast::channel(BACKLOG))
            .subscribe();
        drop(table);
        let member = Member {
            groups: self.clone(),
            group: group.to_owned(),
            posts: Some(receiver),
        };
        Membership {
            task: executor::spawn(member.forward(outbound.clone())),
        }
    }

    /// Posts to everybody in a group, and says how many they are. It never waits, and makes one line for
    /// all of them.
    ///
    /// # Errors
    ///
    /// `NotFound` if nobody is in such a group.
    pub fn post(&self, group: &str, message: &str) -> io::Result<usize> {
        let post = line(&FromServer::Message {
            group: group.to_owned(),
            message: message.to_owned(),
        });
        let sender = lock(&self.table).get(group).cloned();
        let sent = sender.and_then(|sender| sender.send(post.into()).ok());
        sent.ok_or_else(|| {
            let message = format!("nobody is in a group with the name {group:?}");
            io::Error::new(io::ErrorKind::NotFound, message)
        })
    }

    /// How many groups there are.
    #[must_use]
    pub fn len(&self) -> usize {
        lock(&self.table).len()
    }

    /// Whether there is no group.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets a group that nobody is in.
    fn tidy(&self, group: &str) {
        let mut table = lock(&self.table);
        let is_empty = table
            .get(group)
            .is_some_and(|sender| sender.receivers() == 0);
        let gone = is_empty.then(|| table.remove(group));
        drop(table);
        drop(gone);
    }
}

/// One who hears a group; it lives in a task.
struct Member {
    groups: Groups,
    group: String,
    /// What is posted. `None` only when it is dropped.
    posts: Option<broadcast::Receiver<Arc<str>>>,
}

impl Member {
    /// Writes what the group hears to one connection.
    async fn forward<W: AsyncWrite + Unpin>(mut self, outbound: Outbound<W>) -> io::Result<()> {
        while let Some(posts) = &mut self.posts {
            match posts.recv().await {
                Ok(post) => outbound.say_line(&post).await?,
                Err(RecvError::Lagged(missed)) => {
                    let error = format!("you have missed {missed} messages of {:?}", self.group);
                    outbound.say(&FromServer::Error(error)).await?;
                }
                Err(RecvError::Closed) => break,
            }
        }
        Ok(())
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        drop(self.posts.take());
        self.groups.tidy(&self.group);
    }
}

/// A client is in a group as long as this lives.
#[derive(Debug)]
pub struct Membership {
    /// Writes what the group hears.
    task: JoinHandle<io::Result<()>>,
}

impl Drop for Membership {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The way to a client, shared by all who have something to say to him.
pub struct Outbound<W> {
    /// One message at a time.
    lines: Arc<Mutex<FramedWrite<W, LinesCodec>>>,
}

impl<W: AsyncWrite + Unpin> Outbound<W> {
    /// The way to a client through `writer`.
    pub fn new(writer: W) -> Self {
        let lines = FramedWrite::new(writer, LinesCodec::new(LONGEST_LINE));
        Self {
            lines: Arc::new(Mutex::new(lines)),
        }
    }

    /// Says something, and waits until it is on its way.
    ///
    /// # Errors
    ///
    /// If the connection is gone.
    pub async fn say(&self, message: &FromServer) -> io::Result<()> {
        self.say_line(&line(message)).await
    }

    async fn say_line(&self, line: &str) -> io::Result<()> {
        self.lines.lock().await.send(line).await
    }
}

impl<W> Clone for Outbound<W> {
    fn clone(&self) -> Self {
        Self {
            lines: Arc::clone(&self.lines),
        }
    }
}

impl fmt::Debug for Groups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Groups").field("len", &self.len()).finish()
    }
}

impl<W> fmt::Debug for Outbound<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbound").finish_non_exhaustive()
    }
}
