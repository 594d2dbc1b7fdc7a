//! # Chat: one client that does not read
//!
//! A post goes to everybody in a group. To write it to each of them in turn takes as long as the slowest takes, and one
//! who has gone to sleep takes for ever. To put it into a queue for each of them, and write from there, keeps nobody
//! waiting, and keeps everything for the one who sleeps: memory without end. Write the groups of a chat so that
//! neither happens.
//!
//! What is checked:
//!
//! 1. What is posted to a group is said to everybody in it, as [`FromServer::Message`], in the order of the posts, and
//!    to nobody else. `post` says to how many. If nobody is in such a group, it is a `NotFound` error.
//! 2. A member hears what is posted from the moment at which `join` returns, also if the last of the others leaves at the
//!    same moment, on another thread.
//! 3. `post` never waits. One who takes nothing holds up nobody, and may leave in the middle of it.
//! 4. At most the latest [`BACKLOG`] messages are kept for one who takes nothing. If he takes something again, he misses
//!    none, as long as there were no more. Of more than that he loses the oldest, and is told in their place how many: as
//!    [`FromServer::Error`], with the number as the first one in its text. Each time it is the number since the last time.
//! 5. Whose connection is broken is in the group no more, and takes nobody along.
//! 6. To drop the membership is to leave: what is posted later is not heard, and the way to the client is dropped.
//! 7. A group goes with its last member, and leaves nothing behind.
//!
//! Settled: messages that a client has not taken when he leaves may be lost. A join of one client to one group twice need
//! not be noticed. When the connection of the last member breaks, the group may stay until his membership is dropped.
//!
//! Given: an [`Outbound`] is the way to one client. Its clones are the same way, and lines that two tasks say do not
//! mix. `say` and `say_line` wait until the line is on its way. [`broadcast`] is a channel in which each receiver hears
//! everything, at his own pace, as far as it is kept: read its documentation. `executor::spawn` makes a task; it is
//! detached when its handle is dropped, and ends with the handle's `abort`. [`line`] makes the text of a message;
//! `lock` locks a mutex. Take the mutex from `crate::sync`: the check puts its own there, to come exactly between two locks.
//!
//! Read first: README.md, "One client that does not read". Do `countserver` and `mpsc` before this. About 45 minutes.
//!
//! Check: `cargo xtask check-stage 5 --exercise chat_broadcast`. Stuck: `cargo xtask hint chat_broadcast`.

// Unfinished code has unused names. Delete this line when you are done.
#![allow(dead_code, unused_imports, unused_variables)]

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
    // By name: what of a group do `join`, `post` and the members' tasks have in common?
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
        todo!("find the group, or make it; spawn a task that writes to `outbound`")
    }

    /// Posts to everybody in a group, and says how many they are. It never waits.
    ///
    /// # Errors
    ///
    /// `NotFound` if nobody is in such a group.
    pub fn post(&self, group: &str, message: &str) -> io::Result<usize> {
        todo!("leave it where the members' tasks find it")
    }

    /// How many groups there are.
    #[must_use]
    pub fn len(&self) -> usize {
        todo!()
    }

    /// Whether there is no group.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A client is in a group as long as this lives.
pub struct Membership {
    // What has to end when it is dropped?
}

impl Drop for Membership {
    fn drop(&mut self) {
        todo!("leave")
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
