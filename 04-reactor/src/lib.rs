//! Stage 04, the reactor.
#![forbid(unsafe_code)]

mod interval;
mod lock;
mod manual_selector;
mod mio_selector;
mod reactor;
mod registered;
mod runtime;
pub mod selector;
mod signals;
mod sleep;
mod timeout;

// One idea a module. With the feature `my-NAME`, `exercises/NAME.rs` takes the place of
// `src/NAME.rs`.
#[cfg_attr(
    feature = "my-async-socket-read",
    path = "../exercises/async_socket_read.rs"
)]
mod async_socket_read;
#[cfg_attr(feature = "my-event-loop", path = "../exercises/event_loop.rs")]
mod event_loop;
#[cfg_attr(feature = "my-event-map", path = "../exercises/event_map.rs")]
mod event_map;
#[cfg_attr(feature = "my-io-blocker", path = "../exercises/io_blocker.rs")]
mod io_blocker;
#[cfg_attr(feature = "my-timers", path = "../exercises/timers.rs")]
mod timers;
#[cfg_attr(
    feature = "my-wake-from-outside",
    path = "../exercises/wake_from_outside.rs"
)]
mod wake_from_outside;

pub use async_socket_read::SocketRead;
pub use event_loop::run_until;
pub use event_map::{EventMap, Tick};
pub use interval::{Interval, interval, interval_at};
pub use io_blocker::IoBlocker;
pub use manual_selector::ManualSelector;
pub use reactor::{EnteredReactor, Reactor};
pub use registered::Registered;
pub use runtime::Runtime;
pub use signals::{Direction, Event, Signals};
pub use sleep::{Sleep, sleep, sleep_until};
pub use timeout::{Elapsed, Timeout, timeout};
pub use timers::{TimerKey, Timers};
pub use wake_from_outside::Interrupter;
