// expect: fail no-limit
//! A channel without a limit for each member (S5-23; Eugeny/russh #412).

use std::collections::HashMap;
use std::fmt;
use std::io;

use executor::JoinHandle;
use futures::io::AsyncWrite;

use crate::chat_message::{FromServer, line};
use crate::chat_outbound::Outbound;
use crate::lock::lock;
use crate::sync::{Arc, Mutex};
use crate::{UnboundedSender, unbounded};

#[derive(Clone, Default)]
pub struct Groups {
    table: Arc<Mutex<HashMap<String, Vec<UnboundedSender<Arc<str>>>>>>,
}

impl Groups {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn join<W>(&self, group: &str, outbound: &Outbound<W>) -> Membership
    where
        W: AsyncWrite + Send + Unpin + 'static,
    {
        let (sender, mut posts) = unbounded::<Arc<str>>();
        lock(&self.table)
            .entry(group.to_owned())
            .or_default()
            .push(sender);
        let outbound = outbound.clone();
        Membership {
            task: executor::spawn(async move {
                while let Some(post) = posts.recv().await {
                    outbound.say_line(&post).await?;
                }
                Ok(())
            }),
        }
    }

    pub fn post(&self, group: &str, message: &str) -> io::Result<usize> {
        let post: Arc<str> = line(&FromServer::Message {
            group: group.to_owned(),
            message: message.to_owned(),
        })
        .into();
        let mut table = lock(&self.table);
        if let Some(members) = table.get_mut(group) {
            members.retain(|member| member.send(Arc::clone(&post)).is_ok());
            if !members.is_empty() {
                return Ok(members.len());
            }
            table.remove(group);
        }
        Err(io::Error::new(
            io::ErrorKind::NotFound,
            format!("nobody is in {group:?}"),
        ))
    }

    pub fn len(&self) -> usize {
        lock(&self.table).len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
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
