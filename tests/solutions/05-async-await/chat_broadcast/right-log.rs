// expect: pass
//! One log for a group, and each member knows how far he has heard.

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
    table: Arc<Mutex<HashMap<String, Log>>>,
}

/// What was said in a group lately: one log for all, and each member knows how far he is.
#[derive(Default)]
struct Log {
    latest: VecDeque<Arc<str>>,
    said: usize,
    bells: HashMap<usize, Arc<Notify>>,
    joined: usize,
}

enum Next {
    Missed(usize),
    Post(Arc<str>),
    Nothing,
}

impl Log {
    fn push(&mut self, post: Arc<str>) {
        if self.latest.len() == BACKLOG {
            self.latest.pop_front();
        }
        self.latest.push_back(post);
        self.said += 1;
    }

    fn next(&self, heard: &mut usize) -> Next {
        let oldest = self.said - self.latest.len();
        if *heard < oldest {
            let missed = oldest - *heard;
            *heard = oldest;
            return Next::Missed(missed);
        }
        let Some(post) = self.latest.get(*heard - oldest) else {
            return Next::Nothing;
        };
        *heard += 1;
        Next::Post(Arc::clone(post))
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
        let bell = Arc::new(Notify::new());
        let mut table = lock(&self.table);
        let log = table.entry(group.to_owned()).or_default();
        log.joined += 1;
        log.bells.insert(log.joined, Arc::clone(&bell));
        let (number, heard) = (log.joined, log.said);
        drop(table);
        let member = Member {
            groups: self.clone(),
            group: group.to_owned(),
            number,
            heard,
            bell,
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
        let mut table = lock(&self.table);
        let Some(log) = table.get_mut(group) else {
            return Err(io::Error::new(
                io::ErrorKind::NotFound,
                format!("nobody is in {group:?}"),
            ));
        };
        log.push(post);
        let bells: Vec<_> = log.bells.values().cloned().collect();
        drop(table);
        for bell in &bells {
            bell.notify_one();
        }
        Ok(bells.len())
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
    number: usize,
    heard: usize,
    bell: Arc<Notify>,
}

impl Member {
    async fn forward<W: AsyncWrite + Unpin>(mut self, outbound: Outbound<W>) -> io::Result<()> {
        loop {
            let next = match lock(&self.groups.table).get(&self.group) {
                Some(log) => log.next(&mut self.heard),
                None => return Ok(()),
            };
            match next {
                Next::Missed(missed) => {
                    let error = format!("you have missed {missed} messages");
                    outbound.say(&FromServer::Error(error)).await?;
                }
                Next::Post(post) => outbound.say_line(&post).await?,
                Next::Nothing => self.bell.notified().await,
            }
        }
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        let mut table = lock(&self.groups.table);
        if let Some(log) = table.get_mut(&self.group) {
            log.bells.remove(&self.number);
            if log.bells.is_empty() {
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
