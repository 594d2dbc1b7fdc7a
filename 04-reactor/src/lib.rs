#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod current;
mod interval;
mod lock;
mod manual_selector;
mod manual_state;
mod mio_selector;
mod pause;
mod pool_runtime;
mod reactor;
mod registered;
mod runtime;
mod scan;
pub mod selector;
mod signals;
mod sleep;
mod sorted_timers;
mod split;
pub mod sync;
mod tcp_stream;
mod timeout;
mod udp;
#[cfg(unix)]
mod unix;
mod waiters;

// One idea a module. With the feature `my-NAME`, `exercises/NAME.rs` takes the place of
// `src/NAME.rs`.
#[cfg_attr(
    feature = "my-async-socket-read",
    path = "../exercises/async_socket_read.rs"
)]
mod async_socket_read;
#[cfg_attr(feature = "my-connect-accept", path = "../exercises/connect_accept.rs")]
mod connect_accept;
#[cfg(all(test, not(feature = "my-connect-accept")))]
mod connect_accept_tests;
#[cfg_attr(feature = "my-event-loop", path = "../exercises/event_loop.rs")]
mod event_loop;
#[cfg_attr(feature = "my-event-map", path = "../exercises/event_map.rs")]
mod event_map;
#[cfg_attr(feature = "my-io-blocker", path = "../exercises/io_blocker.rs")]
mod io_blocker;
#[cfg_attr(feature = "my-tcp-read-write", path = "../exercises/tcp_read_write.rs")]
mod tcp_read_write;
#[cfg_attr(feature = "my-timers", path = "../exercises/timers.rs")]
mod timers;
#[cfg_attr(
    feature = "my-wake-from-outside",
    path = "../exercises/wake_from_outside.rs"
)]
mod wake_from_outside;

pub use async_socket_read::SocketRead;
pub use connect_accept::{Accept, Connect, Incoming, TcpListener, connect};
pub use current::EnteredReactor;
pub use event_loop::run_until;
pub use event_map::{EventMap, Tick};
pub use interval::{Interval, interval, interval_at};
pub use io_blocker::IoBlocker;
pub use manual_selector::ManualSelector;
pub use pool_runtime::PoolRuntime;
pub use reactor::Reactor;
pub use registered::Registered;
pub use runtime::Runtime;
pub use scan::Scan;
pub use signals::{Direction, Event, Signals};
pub use sleep::{Sleep, sleep, sleep_until};
pub use sorted_timers::{SortedKey, SortedTimers};
pub use split::{ReadHalf, WriteHalf};
pub use tcp_stream::TcpStream;
pub use timeout::{Elapsed, Timeout, timeout};
pub use timers::{TimerKey, Timers};
pub use udp::UdpSocket;
#[cfg(unix)]
pub use unix::{UnixListener, UnixStream};
pub use wake_from_outside::Interrupter;
