#![doc = include_str!("../README.md")]
#![deny(unsafe_code)]

pub mod context;
mod current_thread;
pub mod enter;
mod join_error;
mod joinable;
mod lock;
#[cfg_attr(
    feature = "my-run",
    allow(dead_code, reason = "what only the layer's `run` asks of it")
)]
mod slab;
pub mod sync;

pub mod book_executor;
pub mod mini_tokio;
mod per_thread;

// Parts of `run`.
#[cfg(not(feature = "my-run"))]
mod home;
#[cfg(not(feature = "my-run"))]
mod inbox;
#[cfg(not(feature = "my-run"))]
mod polling;

// Parts of `thread_pool`.
#[cfg(not(feature = "my-thread-pool"))]
mod alive;
#[cfg(not(feature = "my-thread-pool"))]
mod idle;
#[cfg(not(feature = "my-thread-pool"))]
mod run_queues;
#[cfg(not(feature = "my-thread-pool"))]
mod worker;

// One idea a module. With the feature `my-NAME`, `exercises/NAME.rs` takes the place of
// `src/NAME.rs`.
#[cfg_attr(feature = "my-block-on", path = "../exercises/block_on.rs")]
mod block_on;
#[cfg_attr(feature = "my-join-handle", path = "../exercises/join_handle.rs")]
mod join_handle;
#[cfg_attr(feature = "my-local-executor", path = "../exercises/local_executor.rs")]
mod local_executor;
#[cfg_attr(feature = "my-run", path = "../exercises/run.rs")]
mod run;
#[cfg_attr(feature = "my-spawn-blocking", path = "../exercises/spawn_blocking.rs")]
mod spawn_blocking;
#[cfg_attr(feature = "my-task", path = "../exercises/task.rs")]
#[cfg_attr(
    feature = "my-run",
    allow(dead_code, reason = "what only the layer's `run` asks of it")
)]
#[allow(unsafe_code, reason = "future, output and state share one allocation")]
pub mod task;
#[cfg_attr(feature = "my-thread-pool", path = "../exercises/thread_pool.rs")]
mod thread_pool;
#[cfg_attr(feature = "my-yield-now", path = "../exercises/yield_now.rs")]
mod yield_now;

pub use block_on::{Parker, block_on};
pub use context::spawn;
pub use current_thread::CurrentThread;
pub use join_error::JoinError;
pub use join_handle::{JoinHandle, JoinState};
pub use joinable::Joinable;
pub use local_executor::{LocalExecutor, LocalJoinHandle, spawn_local};
pub use per_thread::PerThread;
pub use run::{Executor, Spawner, new_executor_and_spawner};
pub use spawn_blocking::{BlockingPool, SpawnBlocking, spawn_blocking};
pub use thread_pool::{PoolHandle, ThreadPool};
pub use yield_now::{YieldNow, yield_now};
