//! Tasks and what runs them, from the outside: every way in which a task can end, and every order in
//! which those who hold it can go.
//!
//! Nothing here waits for time, and it all runs under Miri, which looks at each access to memory and
//! for leaks: `cargo +nightly miri test -p executor --test core`. There the rounds are fewer.

// A learner's part need not do all that the layer's does.
#![cfg(not(any(
    feature = "my-block-on",
    feature = "my-join-handle",
    feature = "my-local-executor",
    feature = "my-run",
    feature = "my-task",
    feature = "my-yield-now"
)))]

#[path = "core/executors.rs"]
mod executors;
#[path = "core/orders.rs"]
mod orders;
#[path = "core/panics.rs"]
mod panics;
#[path = "core/shutdown.rs"]
mod shutdown;
#[path = "core/tasks.rs"]
mod tasks;
#[path = "core/tools.rs"]
mod tools;
