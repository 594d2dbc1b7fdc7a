//! A window on what another thread of this process does.

use std::{
    sync::mpsc::{Receiver, RecvTimeoutError},
    time::Duration,
};

use crate::share::Share;

/// Shows whether a thread sleeps: on Linux through its entry under `/proc`, elsewhere not at all.
#[derive(Debug)]
pub struct ThreadState {
    /// The thread's status file, where the system has one.
    status: Option<std::path::PathBuf>,
}

/// One look at a thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// Whether it waits for something.
    pub asleep: bool,
    /// How often it has gone to sleep so far: equal numbers mean that it did not run in between.
    pub sleeps: u64,
}

impl ThreadState {
    /// The window on the thread that calls this, to be given to another one.
    pub fn of_this_thread() -> Self {
        let thread = std::fs::read_link("/proc/thread-self").ok();
        let status = thread.map(|thread| std::path::Path::new("/proc").join(thread).join("status"));
        ThreadState { status }
    }

    /// Whether this system shows what a thread does.
    pub fn is_visible(&self) -> bool {
        self.status.is_some()
    }

    /// `None` if the thread cannot be seen (any more).
    pub fn look(&self) -> Option<Sighting> {
        let text = std::fs::read_to_string(self.status.as_ref()?).ok()?;
        let field = |name: &str| {
            text.lines()
                .find_map(|line| line.strip_prefix(name))
                .map(str::trim)
        };
        Some(Sighting {
            asleep: field("State:")?.starts_with(['S', 'D']),
            sleeps: field("voluntary_ctxt_switches:")?.parse().ok()?,
        })
    }

    /// Looks at the thread until it sleeps, or until its work is done: then `end` hears something, or its sender is gone.
    /// Says whether it sleeps.
    ///
    /// How long that takes does not matter: a thread that could run and did not get the processor is not taken
    /// for asleep.
    pub fn sleeps_before(&self, end: &Receiver<()>, care: Care) -> bool {
        let (mut asleep, mut last, mut share) = (0, None, Share::default());
        while end.recv_timeout(LOOK_AGAIN) == Err(RecvTimeoutError::Timeout) {
            let seen = self.look();
            asleep = match &seen {
                Some(now) if now.asleep && seen == last => asleep + 1,
                Some(_) => 0,
                // It has just ended.
                None if self.is_visible() => return false,
                None if share.take() >= care.share() => return true,
                None => 0,
            };
            if asleep >= care.sightings() {
                return true;
            }
            last = seen;
        }
        false
    }
}

/// Between two looks.
const LOOK_AGAIN: Duration = Duration::from_millis(2);

/// How long to look at a thread that stands still before it is taken for asleep.
#[derive(Clone, Copy, Debug, Default)]
pub enum Care {
    /// What follows is right also if it was about to go on.
    #[default]
    Enough,
    /// Somebody will be told that it sleeps, and ought not to.
    Certain,
}

impl Care {
    /// How often in a row the thread has to be seen asleep, without having run in between.
    fn sightings(self) -> usize {
        match self {
            Care::Enough => 4,
            Care::Certain => 50,
        }
    }

    /// Where the system does not show what a thread does: how much of the processor's time it could have had
    /// meanwhile, and is taken for asleep then.
    fn share(self) -> Duration {
        match self {
            Care::Enough => Duration::from_millis(20),
            Care::Certain => Duration::from_millis(200),
        }
    }
}
