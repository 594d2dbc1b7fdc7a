#![doc = include_str!("../README.md")]
#![deny(unsafe_code)]

mod lock;
mod sum_by_compiler;
pub mod sync;
mod timed_out;

// One idea a module. With the feature `my-NAME`, `exercises/NAME.rs` takes the place of
// `src/NAME.rs`.
#[cfg_attr(feature = "my-drop-guarantee", path = "../exercises/drop_guarantee.rs")]
#[allow(unsafe_code, reason = "a learner may project by hand")]
mod drop_guarantee;
#[cfg_attr(
    feature = "my-intrusive-notify",
    path = "../exercises/intrusive_notify.rs"
)]
#[allow(unsafe_code, reason = "a list of pointers is this module's subject")]
mod intrusive_notify;
#[cfg_attr(feature = "my-pin-projected", path = "../exercises/pin_projected.rs")]
#[forbid(unsafe_code, reason = "the macro writes it")]
pub mod pin_projected;
#[cfg_attr(feature = "my-projection", path = "../exercises/projection.rs")]
#[allow(unsafe_code, reason = "projection by hand is this module's subject")]
pub mod projection;
#[cfg_attr(feature = "my-self-reference", path = "../exercises/self_reference.rs")]
#[allow(unsafe_code, reason = "a pointer into itself is this module's subject")]
mod self_reference;
#[cfg_attr(feature = "my-stack-and-heap", path = "../exercises/stack_and_heap.rs")]
#[forbid(unsafe_code, reason = "no pin here needs it")]
mod stack_and_heap;
#[cfg_attr(feature = "my-state-machine", path = "../exercises/state_machine.rs")]
#[allow(unsafe_code, reason = "a learner may project by hand")]
mod state_machine;
#[cfg_attr(feature = "my-typed-states", path = "../exercises/typed_states.rs")]
pub mod typed_states;

pub use drop_guarantee::{Finally, finally};
pub use intrusive_notify::{Notified, Notify};
pub use self_reference::SelfReference;
pub use stack_and_heap::{Boxed, poll_all, poll_and_keep, poll_here, poll_movable};
pub use state_machine::{SumByHand, sum_by_hand};
pub use sum_by_compiler::{Effect, sum_by_compiler};
pub use timed_out::TimedOut;
