//! The end of a server: nobody is let in, and nobody is thrown out who is being served.
//!
//! A server that just stops loses the answers that it is about to give. One that waits until all
//! connections are closed waits for ever, because clients keep them open without a word. So there are
//! two kinds of connections. One that is *idle* hears that it is over and ends at once. One that is
//! *busy* with a request ends after its answer. And there is a time limit to that.

use std::io;
use std::task::Waker;
use std::time::Duration;

use executor::JoinHandle;
use futures::Stream;
use reactor::timeout;

use crate::budget::Budget;
use crate::lock::lock;
use crate::shutdown_wait::{State, Until, Wait};
use crate::sync::{Arc, Mutex};
use crate::{next, race};

/// The end of a server, as all its parts see it. Clones are the same end.
///
/// ```
/// use std::time::Duration;
/// use async_await::Shutdown;
/// use reactor::{Runtime, sleep};
///
/// let shutdown = Shutdown::new();
/// let connection = shutdown.enter();
/// Runtime::new().unwrap().block_on(async {
///     shutdown.begin();
///     shutdown.begun().await;
///     let request = executor::spawn(async move {
///         sleep(Duration::from_millis(1)).await; // it is being answered
///         drop(connection);
///     });
///     assert_eq!(shutdown.drained(Duration::from_secs(10)).await, 0);
///     request.await.unwrap();
/// });
/// ```
#[derive(Clone, Debug, Default)]
pub struct Shutdown {
    shared: Arc<Mutex<State>>,
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
        let mut state = lock(&self.shared);
        state.begun = true;
        let waiting = state.waiting.drain();
        drop(state);
        waiting.for_each(Waker::wake);
    }

    /// Whether it is over.
    #[must_use]
    pub fn is_begun(&self) -> bool {
        lock(&self.shared).begun
    }

    /// Waits until it is over.
    pub async fn begun(&self) {
        Wait::new(&self.shared, Until::Begun).await;
    }

    /// The output of `future`; `None` if it is over before that. The future is polled first: what is ready
    /// is not thrown away. So an idle connection waits for its next request.
    ///
    /// ```
    /// use async_await::Shutdown;
    ///
    /// let shutdown = Shutdown::new();
    /// shutdown.begin();
    /// executor::block_on(async {
    ///     assert_eq!(shutdown.or(async { "a request" }).await, Some("a request"));
    ///     assert_eq!(shutdown.or(std::future::pending::<()>()).await, None);
    /// });
    /// ```
    pub async fn or<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        let over = async {
            self.begun().await;
            None
        };
        race(async { Some(future.await) }, over).await
    }

    /// Counts a connection until what it gives is dropped, in whatever way its task ends.
    pub fn enter(&self) -> Inside {
        lock(&self.shared).inside += 1;
        Inside {
            shutdown: self.clone(),
        }
    }

    /// How many connections are open.
    #[must_use]
    pub fn inside(&self) -> usize {
        lock(&self.shared).inside
    }

    /// Waits until no connection is open, at most as long as `grace`, and says how many are left.
    ///
    /// # Panics
    ///
    /// Panics outside a runtime with timers.
    pub async fn drained(&self, grace: Duration) -> usize {
        let empty = Wait::new(&self.shared, Until::Empty);
        match timeout(grace, empty).await {
            Ok(()) => 0,
            Err(_) => self.inside(),
        }
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        let mut state = lock(&self.shutdown.shared);
        state.inside -= 1;
        let draining = (state.inside == 0).then(|| state.draining.drain());
        drop(state);
        draining.into_iter().flatten().for_each(Waker::wake);
    }
}

/// So long is nobody let in when somebody could not be.
const PAUSE: Duration = Duration::from_millis(50);

/// Serves each connection of `incoming` in a task of its own, until the shutdown begins. After that nobody
/// else is let in, and those who are inside have as long as `grace`. Gives the number of connections that
/// were cut off then.
///
/// A connection counts as inside from the moment at which it was accepted. That it ends when it is idle is its own
/// affair: [`Shutdown::or`] tells it when. What cannot be accepted is passed over, and after it nobody is let in for a
/// moment.
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
    let mut budget = Budget::default();
    loop {
        // Those inside have their turns, however many stand at the door.
        budget.spend_one().await;
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
                // Where no descriptors are left, each one fails, and at once, until somebody goes.
                let _ = timeout(PAUSE, shutdown.begun()).await;
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
