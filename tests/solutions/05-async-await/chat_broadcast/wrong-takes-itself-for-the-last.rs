// expect: fail stops-serving
//! Who leaves removes the group if at most one receiver is left: its own, it thinks.

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
    groups: Arc<Mutex<HashMap<String, broadcast::Sender<String>>>>,
}

impl Groups {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn tidy(&self, name: &str) {
        let mut groups = lock(&self.groups);
        if groups.get(name).is_some_and(|s| s.receivers() <= 1) {
            groups.remove(name);
        }
    }

    /// Joins.
    pub fn join<W>(&self, group: &str, outbound: &Outbound<W>) -> Membership
    where
        W: AsyncWrite + Send + Unpin + 'static,
    {
        let sender = lock(&self.groups)
            .entry(group.to_owned())
            .or_insert_with(|| broadcast::channel(BACKLOG))
            .clone();
        let mut receiver = sender.subscribe();
        let outbound = outbound.clone();
        let task = executor::spawn(async move {
            loop {
                match receiver.recv().await {
                    Ok(text) => {
                        if outbound.say_line(&text).await.is_err() {
                            break;
                        }
                    }
                    Err(RecvError::Lagged(n)) => {
                        if outbound
                            .say(&FromServer::Error(format!("{n} messages missed")))
                            .await
                            .is_err()
                        {
                            break;
                        }
                    }
                    Err(RecvError::Closed) => break,
                }
            }
        });
        Membership {
            task,
            group: group.to_owned(),
            groups: self.clone(),
        }
    }

    /// Posts.
    ///
    /// # Errors
    ///
    /// `NotFound`.
    pub fn post(&self, group: &str, message: &str) -> io::Result<usize> {
        let sender = lock(&self.groups).get(group).cloned();
        let text = line(&FromServer::Message {
            group: group.into(),
            message: message.into(),
        });
        sender
            .and_then(|s| s.send(text).ok())
            .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "no such group"))
    }

    /// How many groups there are.
    #[must_use]
    pub fn len(&self) -> usize {
        lock(&self.groups).len()
    }

    /// Whether there is no group.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A client is in a group as long as this lives.
pub struct Membership {
    task: JoinHandle<()>,
    group: String,
    groups: Groups,
}

impl Drop for Membership {
    fn drop(&mut self) {
        self.task.abort();
        self.groups.tidy(&self.group);
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
