// expect: pass
//! A channel that is closed, and a semaphore whose permits are all back when nobody is inside.

use std::io;
use std::time::Duration;

use executor::JoinHandle;
use futures::Stream;
use reactor::timeout;

use crate::broadcast::{self, Sender};
use crate::lock::lock;
use crate::sync::{Arc, Mutex};
use crate::{Semaphore, next, race};

/// The end of a server, as all its parts see it. Clones are the same end.
#[derive(Clone, Debug)]
pub struct Shutdown {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    /// Gone when it is over: then all its receivers hear that nothing will come any more.
    sender: Mutex<Option<Sender<()>>>,
    /// A permit for each connection.
    places: Semaphore,
}

/// More connections than a server has.
const MOST: usize = 1 << 30;

impl Default for Shutdown {
    fn default() -> Self {
        let shared = Shared {
            sender: Mutex::new(Some(broadcast::channel(1))),
            places: Semaphore::new(MOST),
        };
        Self {
            shared: Arc::new(shared),
        }
    }
}

/// A connection is open as long as this lives.
#[derive(Debug)]
pub struct Inside {
    shutdown: Shutdown,
}

impl Shutdown {
    /// Not yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// From now on it is over. Twice is as good as once.
    pub fn begin(&self) {
        let sender = lock(&self.shared.sender).take();
        drop(sender);
    }

    /// Whether it is over.
    #[must_use]
    pub fn is_begun(&self) -> bool {
        lock(&self.shared.sender).is_none()
    }

    /// Waits until it is over.
    pub async fn begun(&self) {
        let receiver = lock(&self.shared.sender).as_ref().map(Sender::subscribe);
        if let Some(mut receiver) = receiver {
            let _ = receiver.recv().await;
        }
    }

    /// The output of `future`; `None` if it is over before that. The future is polled first: what is ready
    /// is not thrown away. So an idle connection waits for its next request.
    pub async fn or<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        let over = async {
            self.begun().await;
            None
        };
        race(async { Some(future.await) }, over).await
    }

    /// Counts a connection until what it gives is dropped, in whatever way its task ends.
    pub fn enter(&self) -> Inside {
        let permit = self.shared.places.try_acquire(1);
        permit.expect("there is room").forget();
        Inside {
            shutdown: self.clone(),
        }
    }

    /// How many connections are open.
    #[must_use]
    pub fn inside(&self) -> usize {
        MOST - self.shared.places.available()
    }

    /// Waits until no connection is open, at most as long as `grace`, and says how many are left.
    ///
    /// # Panics
    ///
    /// Panics outside a runtime with timers.
    pub async fn drained(&self, grace: Duration) -> usize {
        match timeout(grace, self.shared.places.acquire(MOST)).await {
            Ok(_all) => 0,
            Err(_) => self.inside(),
        }
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        self.shutdown.shared.places.release(1);
    }
}

/// Serves each connection of `incoming` in a task of its own, until the shutdown begins. After that nobody
/// else is let in, and those who are inside have as long as `grace`. Gives the number of connections that
/// were cut off then.
///
/// A connection counts as inside from the moment at which it was accepted. That it ends when it is idle is its own
/// affair: [`Shutdown::or`] tells it when. What cannot be accepted is passed over.
///
/// # Panics
///
/// Panics outside a runtime with timers.
pub async fn serve_connections<S, F>(
    mut incoming: impl Stream<Item = io::Result<S>> + Unpin,
    connection: impl Fn(S) -> F,
    shutdown: Shutdown,
    grace: Duration,
) -> usize
where
    F: Future<Output = ()> + Send + 'static,
{
    let mut tasks: Vec<JoinHandle<()>> = Vec::new();
    loop {
        // The end first: a crowd at the door must not hold it up.
        let over = async {
            shutdown.begun().await;
            None
        };
        match race(over, next(&mut incoming)).await {
            Some(Ok(stream)) => {
                // From now on, not from the task's first poll: who drains must not miss it.
                let inside = shutdown.enter();
                let connection = connection(stream);
                if tasks.len() == tasks.capacity() {
                    tasks.retain(|task| !task.is_finished());
                    tasks.reserve(tasks.len() + 1);
                }
                tasks.push(executor::spawn(async move {
                    let _inside = inside;
                    connection.await;
                }));
            }
            Some(Err(_)) => {
                let _ = timeout(Duration::from_millis(200), shutdown.begun()).await;
            }
            None => break,
        }
    }
    // Whoever calls now is told so at once.
    drop(incoming);
    let left = shutdown.drained(grace).await;
    for task in tasks {
        task.abort();
    }
    left
}
