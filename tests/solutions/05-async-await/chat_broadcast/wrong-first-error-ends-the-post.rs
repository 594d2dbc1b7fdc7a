// expect: fail head-of-line
//! One after the other, and the first error ends it for the rest.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::io;
use std::pin::Pin;

use futures::io::AsyncWrite;

use crate::chat_message::{FromServer, line};
use crate::chat_outbound::Outbound;
use crate::lock::lock;
use crate::sync::{Arc, Mutex};

type Says =
    Arc<dyn Fn(Arc<str>) -> Pin<Box<dyn Future<Output = io::Result<()>> + Send>> + Send + Sync>;

#[derive(Clone, Default)]
pub struct Groups {
    table: Arc<Mutex<Table>>,
}

#[derive(Default)]
struct Table {
    groups: HashMap<String, BTreeMap<usize, Says>>,
    joined: usize,
}

impl Groups {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn join<W>(&self, group: &str, outbound: &Outbound<W>) -> Membership
    where
        W: AsyncWrite + Send + Unpin + 'static,
    {
        let outbound = outbound.clone();
        let says: Says = Arc::new(move |post| {
            let outbound = outbound.clone();
            Box::pin(async move { outbound.say_line(&post).await })
        });
        let mut table = lock(&self.table);
        table.joined += 1;
        let number = table.joined;
        let members = table.groups.entry(group.to_owned()).or_default();
        members.insert(number, says);
        drop(table);
        Membership {
            groups: self.clone(),
            group: group.to_owned(),
            number,
        }
    }

    pub fn post(&self, group: &str, message: &str) -> io::Result<usize> {
        let post: Arc<str> = line(&FromServer::Message {
            group: group.to_owned(),
            message: message.to_owned(),
        })
        .into();
        let table = lock(&self.table);
        let Some(members) = table.groups.get(group) else {
            return Err(io::Error::new(
                io::ErrorKind::NotFound,
                format!("nobody is in {group:?}"),
            ));
        };
        let count = members.len();
        let members: Vec<Says> = members.values().cloned().collect();
        drop(executor::spawn(async move {
            for says in members {
                says(Arc::clone(&post)).await?;
            }
            Ok::<(), io::Error>(())
        }));
        Ok(count)
    }

    pub fn len(&self) -> usize {
        lock(&self.table).groups.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn leave(&self, group: &str, number: usize) {
        let mut table = lock(&self.table);
        if let Some(members) = table.groups.get_mut(group) {
            members.remove(&number);
            if members.is_empty() {
                table.groups.remove(group);
            }
        }
    }
}

pub struct Membership {
    groups: Groups,
    group: String,
    number: usize,
}

impl Drop for Membership {
    fn drop(&mut self) {
        self.groups.leave(&self.group, self.number);
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
