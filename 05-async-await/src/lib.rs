//! Stage 05, async/.await: the primitives are there, the chapter and the exercises are not written yet.
#![forbid(unsafe_code)]

pub mod broadcast;
pub mod chat;
mod chat_broadcast;
mod chat_message;
mod chat_server;
mod codec;
mod framed_read;
mod graceful_shutdown;
mod http_body;
mod http_client;
mod http_codec;
mod http_server;
mod join;
mod join_all;
mod lock;
pub mod mpsc;
mod mutex;
pub mod oneshot;
mod select;
mod semaphore;
mod send_error;
mod sink;
mod stream;
pub mod sync;
mod unbounded;
mod wait_queue;
mod woken;

pub use codec::{Decoder, Encoder, LengthCodec, LinesCodec};
pub use framed_read::FramedRead;
pub use graceful_shutdown::{Begun, Inside, Shutdown};
pub use http_client::{HttpClient, get};
pub use http_codec::{Answer, ClientCodec, Incoming, ServerCodec};
pub use http_server::{connection, serve};
pub use join::join;
pub use join_all::{JoinAll, join_all};
pub use mutex::{Lock, Mutex, MutexGuard};
pub use select::{Either, Select, race, select};
pub use semaphore::{Acquire, Permits, Semaphore};
pub use send_error::{SendError, TrySendError};
pub use sink::FramedWrite;
pub use stream::{Buffered, Filter, Map, buffered, filter, map, next};
pub use unbounded::{UnboundedSender, unbounded};
