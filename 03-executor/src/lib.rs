//! Stage 03, the executor.
#![deny(unsafe_code)]

pub mod context;
mod current_thread;
pub mod enter;
mod join_error;
mod joinable;
mod lock;
pub mod sync;

// One idea a module. With the feature `my-NAME`, `exercises/NAME.rs` takes the place of
// `src/NAME.rs`.
#[cfg_attr(feature = "my-block-on", path = "../exercises/block_on.rs")]
mod block_on;
#[cfg_attr(feature = "my-join-handle", path = "../exercises/join_handle.rs")]
mod join_handle;
#[cfg_attr(feature = "my-run", path = "../exercises/run.rs")]
mod run;
#[cfg_attr(feature = "my-task", path = "../exercises/task.rs")]
#[allow(unsafe_code, reason = "future, output and state share one allocation")]
pub mod task;

pub use block_on::{Parker, block_on};
pub use context::spawn;
pub use current_thread::CurrentThread;
pub use join_error::JoinError;
pub use join_handle::{JoinHandle, JoinState};
pub use joinable::Joinable;
pub use run::{Executor, Spawner, new_executor_and_spawner};
