// expect: fail blocking-call
//! `post` writes to each in turn, and waits for it.

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

type Say = Box<dyn Fn(String) + Send + Sync>;
/// All groups of a server. Clones are the same groups.
#[derive(Clone, Default)]
pub struct Groups {
    groups: Arc<Mutex<HashMap<String, Vec<(usize, Say)>>>>,
    next: Arc<Mutex<usize>>,
}
impl Groups {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
    /// J
    pub fn join<W>(&self, group: &str, outbound: &Outbound<W>) -> Membership
    where
        W: AsyncWrite + Send + Unpin + 'static,
    {
        let id = {
            let mut n = lock(&self.next);
            *n += 1;
            *n
        };
        let outbound = outbound.clone();
        let say: Say = Box::new(move |text| {
            let _ = executor::block_on(outbound.say_line(&text));
        });
        lock(&self.groups)
            .entry(group.to_owned())
            .or_default()
            .push((id, say));
        Membership {
            id,
            group: group.to_owned(),
            groups: self.clone(),
        }
    }
    /// P
    ///
    /// # Errors
    ///
    /// N
    pub fn post(&self, group: &str, message: &str) -> io::Result<usize> {
        let text = line(&FromServer::Message {
            group: group.into(),
            message: message.into(),
        });
        let groups = lock(&self.groups);
        let members = groups
            .get(group)
            .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "no such group"))?;
        for (_, say) in members {
            say(text.clone());
        }
        Ok(members.len())
    }
    /// L
    #[must_use]
    pub fn len(&self) -> usize {
        lock(&self.groups).len()
    }
    /// E
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
/// M
pub struct Membership {
    id: usize,
    group: String,
    groups: Groups,
}
impl Drop for Membership {
    fn drop(&mut self) {
        let mut groups = lock(&self.groups.groups);
        if let Some(m) = groups.get_mut(&self.group) {
            m.retain(|(i, _)| *i != self.id);
            if m.is_empty() {
                groups.remove(&self.group);
            }
        }
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
