// expect: fail silent-loss
//! Looks whether a group is empty, and takes the lock again to throw it away: by then somebody may be in it.

use std::collections::HashMap;
use std::fmt;
use std::io;

use executor::JoinHandle;
use futures::io::AsyncWrite;

use crate::broadcast::{self, RecvError};
use crate::chat_message::{BACKLOG, FromServer, line};
use crate::chat_outbound::Outbound;
use crate::lock::lock;
use crate::sync::{Arc, Mutex};

/// All groups of a server. Clones are the same groups.
#[derive(Clone, Default)]
pub struct Groups {
    /// By name. A group is here as long as somebody is in it.
    table: Arc<Mutex<HashMap<String, broadcast::Sender<Arc<str>>>>>,
}

impl Groups {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends what is posted to `group` from now on to `outbound`, until the membership is dropped.
    ///
    /// # Panics
    ///
    /// Panics where no executor runs: the member gets a task.
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
        let is_empty = lock(&self.table)
            .get(group)
            .is_some_and(|sender| sender.receivers() == 0);
        if is_empty {
            let gone = lock(&self.table).remove(group);
            drop(gone);
        }
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
pub struct Membership {
    /// Writes what the group hears.
    task: JoinHandle<io::Result<()>>,
}

impl Drop for Membership {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl fmt::Debug for Groups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Groups").field("len", &self.len()).finish()
    }
}

impl fmt::Debug for Membership {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Membership").finish_non_exhaustive()
    }
}
