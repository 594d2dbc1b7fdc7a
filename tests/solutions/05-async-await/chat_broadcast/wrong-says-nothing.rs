// expect: fail silent-loss
//! Drops the oldest, and tells nobody.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::io;

use executor::JoinHandle;
use futures::io::AsyncWrite;
use waker_timer::Notify;

use crate::chat_message::{BACKLOG, FromServer, line};
use crate::chat_outbound::Outbound;
use crate::lock::lock;
use crate::sync::{Arc, Mutex};

#[derive(Clone, Default)]
pub struct Groups {
    table: Arc<Mutex<HashMap<String, Vec<Arc<Queue>>>>>,
}

/// What a member has not heard yet.
struct Queue {
    posts: Mutex<Posts>,
    bell: Notify,
}

#[derive(Default)]
struct Posts {
    posts: VecDeque<Arc<str>>,
    missed: usize,
}

enum Next {
    Missed(usize),
    Post(Arc<str>),
    Nothing,
}

impl Posts {
    fn push(&mut self, post: Arc<str>) {
        if self.posts.len() == BACKLOG {
            self.posts.pop_front();
        }
        self.posts.push_back(post);
    }

    fn next(&mut self) -> Next {
        if self.missed > 0 {
            return Next::Missed(std::mem::take(&mut self.missed));
        }
        self.posts.pop_front().map_or(Next::Nothing, Next::Post)
    }
}

impl Groups {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn join<W>(&self, group: &str, outbound: &Outbound<W>) -> Membership
    where
        W: AsyncWrite + Send + Unpin + 'static,
    {
        let queue = Arc::new(Queue {
            posts: Mutex::default(),
            bell: Notify::new(),
        });
        let mut table = lock(&self.table);
        let members = table.entry(group.to_owned()).or_default();
        members.push(Arc::clone(&queue));
        drop(table);
        let member = Member {
            groups: self.clone(),
            group: group.to_owned(),
            queue,
        };
        Membership {
            task: executor::spawn(member.forward(outbound.clone())),
        }
    }

    pub fn post(&self, group: &str, message: &str) -> io::Result<usize> {
        let post: Arc<str> = line(&FromServer::Message {
            group: group.to_owned(),
            message: message.to_owned(),
        })
        .into();
        let members = lock(&self.table).get(group).cloned().unwrap_or_default();
        if members.is_empty() {
            return Err(io::Error::new(
                io::ErrorKind::NotFound,
                format!("nobody is in {group:?}"),
            ));
        }
        for member in &members {
            lock(&member.posts).push(Arc::clone(&post));
            member.bell.notify_one();
        }
        Ok(members.len())
    }

    pub fn len(&self) -> usize {
        lock(&self.table).len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

struct Member {
    groups: Groups,
    group: String,
    queue: Arc<Queue>,
}

impl Member {
    async fn forward<W: AsyncWrite + Unpin>(self, outbound: Outbound<W>) -> io::Result<()> {
        loop {
            let next = lock(&self.queue.posts).next();
            match next {
                Next::Missed(missed) => {
                    let error = format!("you have missed {missed} messages");
                    outbound.say(&FromServer::Error(error)).await?;
                }
                Next::Post(post) => outbound.say_line(&post).await?,
                Next::Nothing => self.queue.bell.notified().await,
            }
        }
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        let mut table = lock(&self.groups.table);
        if let Some(members) = table.get_mut(&self.group) {
            members.retain(|member| !Arc::ptr_eq(member, &self.queue));
            if members.is_empty() {
                table.remove(&self.group);
            }
        }
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
