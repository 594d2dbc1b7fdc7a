#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod broadcast;
mod broadcast_log;
mod budget;
mod buffered;
pub mod chat;
mod chat_message;
mod chat_outbound;
mod chat_server;
mod chat_visit;
mod cheapo_request;
mod codec;
mod connections;
pub mod countclients;
pub mod counting;
pub mod countserver_actor;
pub mod countserver_callbacks;
pub mod countserver_sequential;
pub mod countserver_threaded;
mod framed_read;
mod http_body;
mod http_chunks;
mod http_codec;
mod http_head;
mod http_message;
mod http_server;
mod join;
mod join_all;
mod lock;
mod many_requests;
mod mpsc_receive;
mod mutex_debug;
mod proxy;
mod recv_error;
mod select;
mod semaphore;
mod send_error;
pub mod sync;
mod unbounded;
mod wait_queue;
mod woken;

// Parts of `mpsc`.
#[cfg(not(feature = "my-mpsc"))]
mod mpsc_state;

// Parts of `graceful_shutdown`.
#[cfg(not(feature = "my-graceful-shutdown"))]
mod shutdown_wait;

// One idea a module. With the feature `my-NAME`, `exercises/NAME.rs` takes the place of
// `src/NAME.rs`.
#[cfg_attr(feature = "my-chat-broadcast", path = "../exercises/chat_broadcast.rs")]
mod chat_broadcast;
#[cfg_attr(feature = "my-concurrent", path = "../exercises/concurrent.rs")]
mod concurrent;
#[cfg_attr(feature = "my-countserver", path = "../exercises/countserver.rs")]
pub mod countserver;
#[cfg_attr(feature = "my-download", path = "../exercises/download.rs")]
mod download;
#[cfg_attr(
    feature = "my-graceful-shutdown",
    path = "../exercises/graceful_shutdown.rs"
)]
mod graceful_shutdown;
#[cfg_attr(feature = "my-http-client", path = "../exercises/http_client.rs")]
mod http_client;
#[cfg_attr(feature = "my-mpsc", path = "../exercises/mpsc.rs")]
pub mod mpsc;
#[cfg_attr(feature = "my-mutex", path = "../exercises/mutex.rs")]
mod mutex;
#[cfg_attr(feature = "my-oneshot", path = "../exercises/oneshot.rs")]
pub mod oneshot;
#[cfg_attr(feature = "my-sink", path = "../exercises/sink.rs")]
mod sink;
#[cfg_attr(feature = "my-stream", path = "../exercises/stream.rs")]
mod stream;
#[cfg_attr(feature = "my-timeout-select", path = "../exercises/timeout_select.rs")]
mod timeout_select;

pub use buffered::{Buffered, buffered};
pub use cheapo_request::cheapo_request;
pub use codec::{Decoder, Encoder, LengthCodec, LinesCodec};
pub use concurrent::{learn_and_sing, song_and_dance};
pub use connections::Connections;
pub use download::get_two_sites;
pub use framed_read::FramedRead;
pub use graceful_shutdown::{Inside, Shutdown, serve_connections};
pub use http_client::HttpClient;
pub use http_codec::{Answer, Incoming, ServerCodec};
pub use http_message::get;
pub use http_server::{connection, serve};
pub use join::join;
pub use join_all::{JoinAll, join_all};
pub use many_requests::{cheapo_owning_request, many_requests};
pub use mpsc_receive::Recv;
pub use mutex::{Lock, Mutex, MutexGuard};
pub use proxy::proxy;
pub use select::{Either, Select, race, select};
pub use semaphore::{Acquire, Permits, Semaphore};
pub use send_error::{SendError, TrySendError};
pub use sink::FramedWrite;
pub use stream::{Filter, Map, filter, map, next};
pub use timeout_select::{TimeUp, work_and_listen};
pub use unbounded::{UnboundedSender, unbounded};
