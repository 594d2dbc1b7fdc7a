//! What a manual selector knows: what it was told to report, and what it was asked.

use std::collections::VecDeque;
use std::time::Duration;

use crate::Event;

#[derive(Default)]
pub(crate) struct State {
    /// What the next `select` will report.
    pub(crate) pending: Vec<Event>,
    /// Whether an interrupt came that no `select` has answered yet.
    pub(crate) interrupted: bool,
    /// For each of the next calls of `select` that will fail with `Interrupted`, how long it takes.
    pub(crate) signals: VecDeque<Duration>,
    /// The timeouts of all calls of `select` so far.
    pub(crate) timeouts: Vec<Option<Duration>>,
    /// How many times `interrupt` was called.
    pub(crate) interrupts: usize,
    /// What was registered or reregistered: ids and interests, in the order in which they came.
    pub(crate) registrations: Vec<Event>,
    /// How many sources are registered now.
    pub(crate) registered: usize,
    /// What happens inside `register`, when the system knows the source.
    pub(crate) in_register: Hook<Event>,
    /// What happens when a `select` is about to sleep.
    pub(crate) before_sleep: Hook<Option<Duration>>,
}

/// Something that a test wants to be done at a certain point. It is away while it runs: it is not
/// called from inside itself.
pub(crate) type Hook<A> = Option<Box<dyn FnMut(A) + Send>>;

impl State {
    /// Whether a `select` has a reason to come back.
    pub(crate) fn has_something(&self) -> bool {
        self.interrupted || !self.pending.is_empty()
    }
}
