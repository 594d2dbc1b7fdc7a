//! A count server with a thread for each client.
//!
//! A client that says nothing stops nobody but his own thread. Each of them costs a stack, and the system has
//! only so many.

use std::io::{self, Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;

use crate::countserver_sequential::answer;

/// Gives each client a number, until nobody else will come, and waits for those who are connected then.
pub fn serve<S>(incoming: impl IntoIterator<Item = io::Result<S>>)
where
    S: Read + Write + Send + 'static,
{
    let count = Arc::new(AtomicU64::new(0));
    let mut threads = Vec::new();
    for stream in incoming {
        let Ok(stream) = stream else { continue };
        let count = Arc::clone(&count);
        let serve_one = move || {
            // What goes wrong with one client is over with him.
            let _ = answer(stream, || count.fetch_add(1, Relaxed) + 1);
        };
        // If the system has no thread left, it is this client who goes away with nothing.
        threads.extend(thread::Builder::new().spawn(serve_one));
        threads.retain(|thread| !thread.is_finished());
    }
    for thread in threads {
        // `answer` does not panic; and if it did, the others are served all the same.
        let _ = thread.join();
    }
}
