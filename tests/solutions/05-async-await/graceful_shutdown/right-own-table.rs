// expect: pass
//! A table of wakers of its own, and everybody is woken whenever anything changes.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::io;
use std::mem;
use std::task::{Poll, Waker};
use std::time::Duration;

use executor::JoinHandle;
use futures::Stream;
use reactor::timeout;

use crate::lock::lock;
use crate::sync::{Arc, Mutex};
use crate::{next, race};

/// The end of a server, as all its parts see it. Clones are the same end.
#[derive(Clone, Debug, Default)]
pub struct Shutdown {
    shared: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    begun: bool,
    inside: usize,
    next: u64,
    /// Whoever waits for anything.
    wakers: BTreeMap<u64, Waker>,
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
        self.change(|state| state.begun = true);
    }

    /// Whether it is over.
    #[must_use]
    pub fn is_begun(&self) -> bool {
        lock(&self.shared).begun
    }

    /// Waits until it is over.
    pub async fn begun(&self) {
        self.until(|state| state.begun).await;
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
        match timeout(grace, self.until(|state| state.inside == 0)).await {
            Ok(()) => 0,
            Err(_) => self.inside(),
        }
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        self.shutdown.change(|state| state.inside -= 1);
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

impl Shutdown {
    /// Changes something, and wakes all who wait for anything.
    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = lock(&self.shared);
        change(&mut state);
        let wakers = mem::take(&mut state.wakers);
        drop(state);
        wakers.into_values().for_each(Waker::wake);
    }

    /// Waits until the state is as `is` says.
    async fn until(&self, is: impl Fn(&State) -> bool) {
        let number = {
            let mut state = lock(&self.shared);
            state.next += 1;
            state.next
        };
        let _place = Place {
            shutdown: self,
            number,
        };
        poll_fn(|cx| {
            let waker = cx.waker().clone();
            let mut state = lock(&self.shared);
            if is(&state) {
                return Poll::Ready(());
            }
            let earlier = state.wakers.insert(number, waker);
            drop(state);
            drop(earlier);
            Poll::Pending
        })
        .await;
    }
}

/// Takes the waker out at the end.
struct Place<'a> {
    shutdown: &'a Shutdown,
    number: u64,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let waker = lock(&self.shutdown.shared).wakers.remove(&self.number);
        drop(waker);
    }
}
