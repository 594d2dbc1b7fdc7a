//! A window on what another thread of this process does.

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
}
