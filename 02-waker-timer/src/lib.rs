#![doc = include_str!("../README.md")]
#![deny(unsafe_code)]

pub mod clock;
mod lock;
mod manual_clock;
mod real_clock;
pub mod sync;

mod book_timer;
mod delay_on_notify;
mod delay_self_waking;
mod delay_thread_per_poll;
mod locked_waker;

// One idea a module. With the feature `my-NAME`, `exercises/NAME.rs` takes the place of
// `src/NAME.rs`.
#[cfg_attr(feature = "my-atomic-waker", path = "../exercises/atomic_waker.rs")]
#[allow(unsafe_code, reason = "two threads share a cell without a lock")]
mod atomic_waker;
#[cfg_attr(feature = "my-compat", path = "../exercises/compat.rs")]
mod compat;
#[cfg_attr(feature = "my-delay", path = "../exercises/delay.rs")]
mod delay;
#[cfg_attr(feature = "my-notify", path = "../exercises/notify.rs")]
mod notify;
#[cfg_attr(feature = "my-raw-waker", path = "../exercises/raw_waker.rs")]
#[allow(unsafe_code, reason = "a vtable made by hand is this module's subject")]
mod raw_waker;
#[cfg_attr(feature = "my-timer", path = "../exercises/timer.rs")]
mod timer;

pub use atomic_waker::AtomicWaker;
pub use book_timer::BookTimer;
pub use compat::Compat;
pub use delay::Delay;
pub use delay_on_notify::delay_on_notify;
pub use delay_self_waking::SelfWakingDelay;
pub use delay_thread_per_poll::ThreadPerPollDelay;
pub use locked_waker::LockedWaker;
pub use manual_clock::ManualClock;
pub use notify::{Notified, Notify};
pub use raw_waker::{ArcWake, waker};
pub use timer::TimerFuture;
