//! The trace recorder of *Async by Hand*: what the graders of all stages stand on.
//!
//! A grader drives a learner's future by hand, one poll at a time, with wakers and children that write
//! down what is done to them. The recorder stands outside: the code under test has no hooks in it.
//!
//! - [`Recorder`] collects the run of one test and ends it, with a diagnosis, when a rule is broken.
//! - [`RecordedWaker`] notes clones, wakes and drops, and can run a hook at each: a hostile waker.
//! - [`Child`] is a scripted future: it is finished by the grader, never by time.
//! - [`Task`] polls a future of `std` with a recorded waker.
//! - [`Race`] lets an event happen on a second thread exactly between two steps of the first.
//! - [`ThreadState`] shows whether another thread sleeps.
//! - [`memory`] counts allocations, and ends a process that takes too much.
//!
//! The data of a run ([`event`], [`report`], [`diagnosis`], [`trace`]) is shared with `cargo xtask`,
//! which builds this package without the feature `grader`.

pub mod diagnosis;
pub mod event;
mod repeats;
pub mod report;
pub mod trace;

#[cfg(feature = "grader")]
mod child;
#[cfg(feature = "grader")]
mod exercise;
#[cfg(feature = "grader")]
mod journal;
#[cfg(feature = "grader")]
pub mod memory;
#[cfg(feature = "grader")]
pub mod prediction;
#[cfg(feature = "grader")]
mod race;
#[cfg(feature = "grader")]
mod recorder;
#[cfg(feature = "grader")]
mod share;
#[cfg(feature = "grader")]
mod snapshot;
#[cfg(feature = "grader")]
mod task;
#[cfg(feature = "grader")]
mod thread_log;
#[cfg(feature = "grader")]
mod thread_state;
#[cfg(feature = "grader")]
mod waker;

#[cfg(feature = "grader")]
pub use {
    child::{Child, ChildFuture, WakeOnce},
    exercise::{Compared, Exercise, grade, test_name},
    race::Race,
    recorder::Recorder,
    share::Share,
    task::Task,
    thread_log::ThreadLog,
    thread_state::{Care, Sighting, ThreadState},
    waker::{HostileWaker, RecordedWaker},
};
