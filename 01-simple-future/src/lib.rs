#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod and_then_fut;
mod busy_loop;
mod either;
mod inbox;
mod no_slot_left;
mod race;
mod simple_future;
mod simple_join;
mod slots;
mod socket;
mod wakes;
mod watcher;

// With the feature `my-NAME`, the learner's `exercises/NAME.rs` takes the place of `src/NAME.rs`.
#[cfg_attr(feature = "my-and-then", path = "../exercises/and_then.rs")]
mod and_then;
#[cfg_attr(feature = "my-fuse", path = "../exercises/fuse.rs")]
mod fuse;
#[cfg_attr(feature = "my-join", path = "../exercises/join.rs")]
mod join;
#[cfg_attr(feature = "my-run-loop", path = "../exercises/run_loop.rs")]
mod run_loop;
#[cfg_attr(feature = "my-select", path = "../exercises/select.rs")]
mod select;
#[cfg_attr(feature = "my-socket-read", path = "../exercises/socket_read.rs")]
mod socket_read;

pub use and_then::AndThen;
pub use and_then_fut::AndThenFut;
pub use busy_loop::busy_loop;
pub use either::Either;
pub use fuse::Fuse;
pub use join::Join;
pub use no_slot_left::NoSlotLeft;
pub use race::Race;
pub use run_loop::run_loop;
pub use select::Select;
pub use simple_future::{Poll, SimpleFuture};
pub use simple_join::SimpleJoin;
pub use slots::{SLOTS, Slots};
pub use socket::{ReadableSocket, Socket};
pub use socket_read::SocketRead;
pub use wakes::Wakes;
