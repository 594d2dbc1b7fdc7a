// expect: fail joins-too-late
//! Subscribes in the member’s task: what is posted before its first poll passes by.

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

#[derive(Clone, Default)]
pub struct Groups {
    table: Arc<Mutex<HashMap<String, broadcast::Sender<Arc<str>>>>>,
}

impl Groups {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn join<W>(&self, group: &str, outbound: &Outbound<W>) -> Membership
    where
        W: AsyncWrite + Send + Unpin + 'static,
    {
        let (groups, group, outbound) = (self.clone(), group.to_owned(), outbound.clone());
        Membership {
            task: executor::spawn(async move {
                let posts = lock(&groups.table)
                    .entry(group.clone())
                    .or_insert_with(|| broadcast::channel(BACKLOG))
                    .subscribe();
                let member = Member {
                    groups,
                    group,
                    posts: Some(posts),
                };
                member.forward(outbound).await
            }),
        }
    }

    pub fn post(&self, group: &str, message: &str) -> io::Result<usize> {
        let post: Arc<str> = line(&FromServer::Message {
            group: group.to_owned(),
            message: message.to_owned(),
        })
        .into();
        let sender = lock(&self.table).get(group).cloned();
        let sent = sender.and_then(|sender| sender.send(post).ok());
        sent.ok_or_else(|| {
            io::Error::new(io::ErrorKind::NotFound, format!("nobody is in {group:?}"))
        })
    }

    pub fn len(&self) -> usize {
        lock(&self.table).len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn tidy(&self, group: &str) {
        let mut table = lock(&self.table);
        if table
            .get(group)
            .is_some_and(|sender| sender.receivers() == 0)
        {
            table.remove(group);
        }
    }
}

struct Member {
    groups: Groups,
    group: String,
    posts: Option<broadcast::Receiver<Arc<str>>>,
}

impl Member {
    async fn forward<W: AsyncWrite + Unpin>(mut self, outbound: Outbound<W>) -> io::Result<()> {
        while let Some(posts) = &mut self.posts {
            match posts.recv().await {
                Ok(post) => outbound.say_line(&post).await?,
                Err(RecvError::Lagged(missed)) => {
                    let error = format!("you have missed {missed} messages");
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

pub struct Membership {
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
